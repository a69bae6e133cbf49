/// The numbers of store, inboxes and process for /metrics.
/// Thread: addSource and addFeed before the server starts, read by any shard's. Lifetime: outlives the
/// server; what it reads outlives it.
#pragma once

#include <string>
#include <vector>

#include "history/history.h"
#include "model/feed_subscriber.h"
#include "model/source_events.h"
#include "serve/metrics_reader.h"
#include "source/source.h"
#include "store/store_thread.h"

namespace tagwire::app {

class ProgramMetrics final : public serve::MetricsReader {
public:
    explicit ProgramMetrics(const store::StoreThread& store) : store_(store) {}

    void addSource(std::string name, const store::SourceInbox& inbox, const SourceEvents& events) {
        sources_.push_back({std::move(name), &inbox, &events});
    }
    /// `source` is there as long as anybody reads.
    void addDiagnostics(std::string name, const source::Source& source) {
        details_.push_back({std::move(name), &source});
    }
    void addFeed(const FeedSubscriber& feed) { feeds_.push_back(&feed); }
    void addHistory(const history::History& history) { history_ = &history; }

    [[nodiscard]] std::vector<serve::MetricSample> read() const override;

private:
    struct SourceNumbers {
        std::string name;
        const store::SourceInbox* inbox;
        const SourceEvents* events;
    };

    struct SourceDetails {
        std::string name;
        const source::Source* source;
    };

    const store::StoreThread& store_;
    std::vector<SourceNumbers> sources_;
    std::vector<SourceDetails> details_;
    std::vector<const FeedSubscriber*> feeds_;
    const history::History* history_ = nullptr;
};

}  // namespace tagwire::app
