/// The connection to one server, from the first attempt to the orderly end. It knows the desired items and
/// makes them come true again after every failure, each time with a new generation:
///
///     Idle → LookingUp → Connecting → ReadingServer → Subscribing → Live → Stale ┐
///              ↑            └──────────────┴───────────────┴──────────┴──────────┴→ Closing → Backoff →
///              LookingUp …
///                                                                                      └→ Stopped
///
/// Thread: the source's, which calls run() all the time. Lifetime: the options and the sink outlive it.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/thread_checker.h"
#include "base/time.h"
#include "model/source_state.h"
#include "source/opcua/client/host_lookup.h"
#include "source/opcua/events/event_book.h"
#include "source/opcua/options.h"
#include "source/opcua/session/advice.h"
#include "source/opcua/session/backoff.h"
#include "source/opcua/session/generation.h"
#include "source/opcua/subscription/item_table.h"
#include "source/opcua/text/endpoint_url.h"
#include "source/source.h"

namespace tagwire::source::opcua {

class EndpointSession {
public:
    /// How long the server may take to answer that it has closed the session.
    static constexpr std::chrono::milliseconds kCloseDeadline{1'000};

    /// Declares the tags.
    EndpointSession(const OpcUaOptions& options, SourceId source, UpdateSink& sink);
    ~EndpointSession();
    EndpointSession(const EndpointSession&) = delete;
    EndpointSession& operator=(const EndpointSession&) = delete;

    /// One turn: handles what has arrived and what is due; waits at most `wait` for something to arrive.
    void run(std::chrono::milliseconds wait);

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
    void connect();
    /// Goes on to the next step, or fails, according to what the generation has come to.
    void advance(SteadyTime now);
    void watchLive(SteadyTime now);
    [[nodiscard]] Stage stage() noexcept;
    /// Takes note of why this generation ends.
    void blame(Failure failure);
    void close();
    void afterClosing();
    void backOff();
    void report();
    [[nodiscard]] SourceState state() const;

    ThreadChecker thread_;
    const OpcUaOptions& options_;
    const SourceId source_;
    UpdateSink& sink_;
    /// Unset when the configured endpoint is none, which the options' check() refuses.
    const std::optional<EndpointUrl> url_;
    ItemTable items_;
    EventBook book_;
    HostLookup lookup_;
    HostLookup::Addresses addresses_;
    Backoff backoff_;

    Step step_ = Step::Idle;
    std::optional<SteadyTime> deadline_;
    /// Of the last attempt, until the next one is live.
    Failure failure_;
    bool stopping_ = false;
    /// Learned from the server's refusals; holds for later generations.
    std::size_t itemsPerCall_;
    /// When failed items are tried again.
    SteadyTime nextRetry_;
    std::optional<SourceState> reported_;
    std::unique_ptr<Generation> generation_;
};

}  // namespace tagwire::source::opcua
