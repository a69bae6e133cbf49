/// The connection to one server, from the first attempt to the orderly end. It knows the desired items and
/// makes them come true again after every failure, each time with a new generation:
///
///     Idle → LookingUp → Connecting → ReadingServer → Subscribing → Live → Stale
///
/// From Connecting on, every failure leads to Closing → Backoff → LookingUp, and a stop to Closing → Stopped.
///
/// What a broken connection leaves at the server is taken over by the next one (Estate). Closing in order
/// leaves nothing.
///
/// Thread: the source's, which calls run() all the time. Lifetime: the options and the sink outlive it.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/latest.h"
#include "base/thread_checker.h"
#include "base/time.h"
#include "model/source_diagnostics.h"
#include "model/source_state.h"
#include "source/opcua/client/host_lookup.h"
#include "source/opcua/options.h"
#include "source/opcua/security/pki_folder.h"
#include "source/opcua/session/advice.h"
#include "source/opcua/session/backoff.h"
#include "source/opcua/session/connection_part.h"
#include "source/opcua/session/endpoint_list.h"
#include "source/opcua/session/generation.h"
#include "source/opcua/subscription/item_table.h"
#include "source/opcua/text/endpoint_url.h"
#include "source/source.h"

namespace tagwire::source::opcua {

class EndpointSession {
public:
    /// How long the server may take to answer that it has closed the session.
    static constexpr std::chrono::milliseconds kCloseDeadline{1'000};

    /// How often the diagnostics are told, at most.
    static constexpr std::chrono::milliseconds kDiagnosticsInterval{1'000};

    /// Declares the tags. `counters` and `diagnostics` outlive it.
    EndpointSession(const OpcUaOptions& options, SourceId source, UpdateSink& sink, SourceCounters& counters,
                    Latest<SourceDiagnostics>& diagnostics);
    ~EndpointSession();
    EndpointSession(const EndpointSession&) = delete;
    EndpointSession& operator=(const EndpointSession&) = delete;

    /// One turn: handles what has arrived and what is due; waits at most `wait` for something to arrive.
    void run(std::chrono::milliseconds wait);

    /// Before the first run(): works on every connection from then on.
    void addPart(ConnectionPart& part) { parts_.push_back(&part); }
    /// Before the first run(): finds the nodes of items with a BrowseAddress.
    void setResolver(NodeResolver& resolver) noexcept { resolver_ = &resolver; }
    /// What is wanted; may change at any time.
    [[nodiscard]] ItemTable& items() noexcept { return items_; }
    /// Null unless the session is open and its services can be called.
    [[nodiscard]] Generation* connection() noexcept;

    /// Closes the connection and makes no other.
    void beginStop();
    [[nodiscard]] bool stopped() const noexcept { return step_ == Step::Stopped; }

private:
    enum class Step : std::uint8_t {
        Idle,
        LookingUp,
        Connecting,
        ReadingServer,
        Subscribing,
        Live,
        Stale,
        Closing,
        Backoff,
        Stopped,
    };

    void enter(Step step, std::optional<std::chrono::milliseconds> deadline = std::nullopt);
    [[nodiscard]] bool due(SteadyTime now) const noexcept { return deadline_ && now >= *deadline_; }
    void beginAttempt();
    void lookUp(SteadyTime now);
    /// To the first of what the host was looked up to and may be connected to.
    void connectTo(HostLookup::Addresses addresses);
    void connect();
    /// Of the host nothing can be connected to.
    void unreachable(std::string message);
    /// Goes on to the next step, or fails, according to what the generation has come to.
    void advance(SteadyTime now);
    void watchLive(SteadyTime now);
    /// Of the last connection, when it was one to the same server; may be null.
    [[nodiscard]] std::shared_ptr<const SessionKey> sessionToResume() const;
    [[nodiscard]] Stage stage() noexcept;
    /// Takes note of why this generation ends.
    void blame(Failure failure);
    void close();
    void afterClosing();
    void backOff();
    /// Goes to the next address, or waits where all were tried.
    void tryNext();
    void watchServer(SteadyTime now);
    /// The generation ends; what it leaves behind is kept where `keep` says so.
    void endGeneration(bool keep);
    void report();
    void tellDiagnostics(SteadyTime now);
    [[nodiscard]] std::vector<SubscriptionDiagnostics> subscriptionsNow(SteadyTime now) const;
    [[nodiscard]] std::string liveMessage() const;
    /// What the parts have to say.
    [[nodiscard]] std::vector<std::string> noticesNow() const;
    [[nodiscard]] SourceState state() const;

    ThreadChecker thread_;
    const OpcUaOptions& options_;
    const SourceId source_;
    UpdateSink& sink_;
    SourceCounters& counters_;
    Latest<SourceDiagnostics>& diagnostics_;
    EndpointList endpoints_;
    /// Of the current endpoint; unset when it is none, which the options' check() refuses.
    std::optional<EndpointUrl> url_;
    ItemTable items_;
    std::vector<ConnectionPart*> parts_;
    NodeResolver* resolver_ = nullptr;
    HostLookup lookup_;
    HostLookup::Addresses addresses_;
    Backoff backoff_;

    Step step_ = Step::Idle;
    std::optional<SteadyTime> deadline_;
    /// Of the client, while connecting.
    int progress_ = 0;
    /// Set while waiting after a failure that certificates may mend: trust given is used at once.
    std::optional<PkiWatch> pki_;
    /// Of the last attempt, until the next one is live.
    Failure failure_;
    bool stopping_ = false;
    /// Learned from the server's refusals; holds for later generations.
    std::size_t itemsPerCall_;
    /// When failed items are tried again.
    SteadyTime nextRetry_;
    std::optional<SourceState> reported_;
    /// Of MonitoredItems, when it was reported last.
    std::uint64_t reportedVersion_ = 0;
    std::string reportedWarning_;
    std::vector<std::string> reportedNotices_;
    SteadyTime nextDiagnostics_;
    SteadyTime liveSince_;
    /// When anything last came from a connection that is gone.
    std::optional<Timestamp> lastHeard_;
    /// Left by the last connection, at this endpoint.
    std::optional<Estate> estate_;
    std::size_t estateEndpoint_ = 0;
    bool opened_ = false;
    /// The next attempt follows at once.
    bool moving_ = false;
    std::unique_ptr<Generation> generation_;
};

}  // namespace tagwire::source::opcua
