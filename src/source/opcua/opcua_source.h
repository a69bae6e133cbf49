/// A source that reads the tags of one OPC UA server.
/// Thread: start and stop by the composition root; post() and diagnostics() by any; everything else happens
/// on the source's own I/O thread, the only one that touches the library's client. Lifetime: the sink
/// outlives it.
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <string_view>
#include <thread>

#include "base/latest.h"
#include "base/mailbox.h"
#include "model/source_diagnostics.h"
#include "model/tag_id.h"
#include "source/opcua/options.h"
#include "source/opcua/session/browse_part.h"
#include "source/opcua/session/condition_acts.h"
#include "source/opcua/subscription/source_counters.h"
#include "source/source.h"

namespace tagwire::source::opcua {

class EndpointSession;
class Generation;

class OpcUaSource final : public Source,
                          private SourceServices,
                          private TagWriter,
                          private ConditionServices {
public:
    /// Runs on the I/O thread, with the open connection, or null where there is none: then nothing can be
    /// asked of the server now, and the command says so to whom it came from. It only begins asynchronous
    /// calls (services/batched_call.h); what these call back runs on the I/O thread, and never after the
    /// connection began to close. Each command is run exactly once, with null at the latest when the source
    /// stops.
    using Command = std::function<void(Generation* connection)>;
    /// Commands that wait. They are taken within 20 ms.
    static constexpr std::size_t kMaxCommands = 1'024;

    OpcUaSource(OpcUaOptions options, SourceId id, UpdateSink& sink);
    ~OpcUaSource() override;
    OpcUaSource(const OpcUaSource&) = delete;
    OpcUaSource& operator=(const OpcUaSource&) = delete;

    [[nodiscard]] std::string_view name() const noexcept override { return options_.name; }
    void start() override;
    void stop() noexcept override;
    [[nodiscard]] std::shared_ptr<const SourceDiagnostics> diagnostics() const override {
        return diagnostics_.get();
    }

    [[nodiscard]] SourceServices* services() noexcept override { return this; }
    [[nodiscard]] TagWriter* writer() noexcept override { return this; }
    /// Where events are off nothing is known of conditions.
    [[nodiscard]] ConditionServices* conditions() noexcept override {
        return options_.events.enabled ? this : nullptr;
    }

    /// False if too many wait already: the command is not run then, and whoever asked is told to try again
    /// later.
    [[nodiscard]] bool post(Command command);

private:
    void browse(BrowseQuestion question, ServiceAnswer<BrowsePage> answer) override;
    void attributes(std::string node, ServiceAnswer<NodeAttributes> answer) override;
    void search(SearchQuestion question, ServiceAnswer<SearchAnswer> answer) override;
    void write(std::vector<TagWrite> writes, SteadyTime deadline,
               ServiceAnswer<std::vector<TagWritten>> answer) override;
    void act(ConditionOrder order, SteadyTime deadline, ServiceAnswer<ConditionAnswer> answer) override;
    template <class T>
    void ask(const ServiceAnswer<T>& answer, std::function<void(ServiceAnswer<T>)> begin);

    void work(const std::stop_token& stop);
    void obey(Generation* connection);

    const OpcUaOptions options_;
    const SourceId id_;
    UpdateSink& sink_;
    SourceCounters counters_;
    Latest<SourceDiagnostics> diagnostics_;
    /// Touched by the I/O thread only.
    BrowsePart browsing_;
    ConditionActs acts_;
    Mailbox<Command> commands_{kMaxCommands, [] {}};
    /// The I/O thread has ended, and begins no more.
    std::atomic<bool> stopped_{false};
    std::jthread thread_;
};

}  // namespace tagwire::source::opcua
