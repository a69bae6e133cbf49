/// An OPC DA server behind an agent: the agent comes to us, is told what to watch, and brings the values.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <variant>

#include "base/doorbell.h"
#include "base/latest.h"
#include "base/mailbox.h"
#include "model/agent_port.h"
#include "model/source_diagnostics.h"
#include "model/source_services.h"
#include "model/tag_writer.h"
#include "source/opcda/agent_diagnostics.h"
#include "source/opcda/item_table.h"
#include "source/opcda/options.h"
#include "source/opcda/questions.h"
#include "source/source.h"

namespace tagwire::source::opcda {

/// Thread: owns one, which makes all calls into the sink; the functions of AgentPort are for any. Lifetime:
/// the sink outlives it; connections end before it goes.
class OpcDaSource final : public Source, public AgentPort, private SourceServices, private TagWriter {
public:
    /// What an agent may send without being heard, before its connection counts as lost: its pings come at a
    /// third of that.
    static constexpr std::chrono::milliseconds kSilence{15'000};
    /// What waits for the thread, in bytes of frames. An agent that respects its window stays far below.
    static constexpr std::size_t kMaxWaiting = std::size_t{16} * 1024 * 1024;

    OpcDaSource(OpcDaOptions options, SourceId id, UpdateSink& sink);
    ~OpcDaSource() override { stop(); }
    OpcDaSource(const OpcDaSource&) = delete;
    OpcDaSource& operator=(const OpcDaSource&) = delete;

    [[nodiscard]] std::string_view name() const noexcept override { return options_.name; }
    /// Of the token that opens this source.
    [[nodiscard]] const std::string& tokenSha256() const noexcept { return options_.tokenSha256; }
    void start() override;
    void stop() noexcept override;
    [[nodiscard]] SourceServices* services() noexcept override { return this; }
    [[nodiscard]] TagWriter* writer() noexcept override { return this; }
    [[nodiscard]] std::shared_ptr<const SourceDiagnostics> diagnostics() const override {
        return diagnostics_.get();
    }

    void opened(std::shared_ptr<AgentLink> link) override;
    [[nodiscard]] bool received(const AgentLink& link, std::string frame) override;
    void closed(const AgentLink& link) override;

private:
    struct Opened {
        std::shared_ptr<AgentLink> link;
    };
    struct Received {
        const AgentLink* link = nullptr;  ///< compared only
        std::string frame;
    };
    struct Closed {
        const AgentLink* link = nullptr;  ///< compared only
    };
    /// Something to be asked of the agent; says what became of it itself, also where it is never run.
    struct Asked {
        std::function<void()> ask;
    };
    using Command = std::variant<Opened, Received, Closed, Asked>;

    void browse(BrowseQuestion question, ServiceAnswer<BrowsePage> answer) override;
    void attributes(std::string node, ServiceAnswer<NodeAttributes> answer) override;
    void search(SearchQuestion question, ServiceAnswer<SearchAnswer> answer) override;
    void write(std::vector<TagWrite> writes, SteadyTime deadline,
               ServiceAnswer<std::vector<TagWritten>> answer) override;
    /// Runs `ask` on the source's thread with an answer that is given in any case.
    template <class T>
    void post(ServiceAnswer<T> answer, std::function<void(const ServiceAnswer<T>&)> ask);

    void run();
    void handle(Opened& command);
    void handle(Received& command);
    void handle(const Closed& command);
    void handle(AgentHello& frame);
    void handle(const AgentItems& frame);
    void handle(AgentServerState& frame);
    void handle(AgentData& frame);
    void handle(const AgentHealth& frame);
    void handle(const AgentPing&) {}
    void handle(AgentEntries& frame) { questions_.take(frame); }
    void handle(AgentLooked& frame) { questions_.take(frame); }
    void handle(AgentWritten& frame) { questions_.take(frame); }
    void handle(const AgentRefused& frame) { questions_.take(frame); }
    void handle(Asked& command) { command.ask(); }
    void tellDiagnostics();
    /// Server and agent, as people name them.
    [[nodiscard]] std::string endpoint() const;
    /// Says once how much came of the time without a connection.
    void countPast(const AgentData& frame);
    /// Ends the connection, and says why to both sides.
    void refuse(const std::string& why);
    void agentLost(const std::string& message);
    void changeState(SourcePhase phase, StatusCode why, std::string message);

    const OpcDaOptions options_;
    const SourceId id_;
    UpdateSink& sink_;
    ItemTable items_;
    std::shared_ptr<AgentLink> link_;  ///< the connection that counts
    bool greeted_ = false;
    std::uint64_t lastSequence_ = 0;
    std::uint64_t past_ = 0;  ///< values of the time without this connection, until others came
    SteadyTime lastHeard_{};
    std::string agent_;   ///< product and machine of the agent
    std::string vendor_;  ///< of the DA server
    Questions questions_;
    AgentDiagnostics book_;
    Latest<SourceDiagnostics> diagnostics_;
    std::atomic<bool> stopping_{false};
    Doorbell bell_;
    Mailbox<Command> mailbox_;
    std::thread thread_;
};

}  // namespace tagwire::source::opcda
