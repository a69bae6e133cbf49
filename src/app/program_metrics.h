/// The numbers of store, inboxes and process for /metrics.
/// Thread: addFeed, addHistory, addSink, addAccess, addAudit and addWrites before the server starts, the rest
/// by any. Lifetime: outlives the server; what it reads outlives it.
#pragma once

#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "access/access_service.h"
#include "audit/audit_log.h"
#include "control/write_counts.h"
#include "history/history.h"
#include "model/feed_subscriber.h"
#include "model/source_events.h"
#include "serve/metrics_reader.h"
#include "sink/postgresql/postgresql_sink.h"
#include "source/source.h"
#include "store/store_thread.h"

namespace tagwire::app {

class ProgramMetrics final : public serve::MetricsReader {
public:
    explicit ProgramMetrics(const store::StoreThread& store) : store_(store) {}

    void addSource(std::string name, const store::SourceInbox& inbox, const SourceEvents& events);
    /// `source` is there as long as anybody reads; another one may follow under the same name.
    void setDiagnostics(std::string_view name, const source::Source* source);
    void addFeed(const FeedSubscriber& feed) { feeds_.push_back(&feed); }
    void addHistory(const history::History& history) { history_ = &history; }
    void addAccess(const access::AccessService& access) { access_ = &access; }
    void addAudit(const audit::AuditLog& audit) { audit_ = &audit; }
    void addWrites(const control::WriteCounts& writes) { writes_ = &writes; }
    void addSink(const sink::postgresql::PostgresqlSink& sink) { sink_ = &sink; }

    [[nodiscard]] std::vector<serve::MetricSample> read() const override;

private:
    struct SourceNumbers {
        std::string name;
        const store::SourceInbox* inbox;
        const SourceEvents* events;
        const source::Source* source = nullptr;
    };

    void appendSources(std::vector<serve::MetricSample>& samples) const;

    const store::StoreThread& store_;
    mutable std::mutex mutex_;  ///< of sources_
    std::vector<SourceNumbers> sources_;
    std::vector<const FeedSubscriber*> feeds_;
    const history::History* history_ = nullptr;
    const sink::postgresql::PostgresqlSink* sink_ = nullptr;
    const access::AccessService* access_ = nullptr;
    const audit::AuditLog* audit_ = nullptr;
    const control::WriteCounts* writes_ = nullptr;
};

}  // namespace tagwire::app
