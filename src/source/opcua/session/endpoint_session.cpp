#include "source/opcua/session/endpoint_session.h"

#include <algorithm>
#include <random>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "base/log.h"

namespace tagwire::source::opcua {
namespace {

using std::chrono::milliseconds;

std::optional<EndpointUrl> urlOf(const std::string& address) {
    auto url = EndpointUrl::parse(address);
    return url ? std::optional(std::move(*url)) : std::nullopt;
}

/// Time to look after oneself for a step whose requests have their own timeouts.
milliseconds beyond(milliseconds requestTimeout) noexcept { return 2 * requestTimeout + milliseconds(2'000); }

constexpr StatusCode kNoCommunication{UA_STATUSCODE_BADNOCOMMUNICATION};

/// A server that has just become live is not left for another at once.
constexpr milliseconds kShortestStay{2'000};

}  // namespace

EndpointSession::EndpointSession(const OpcUaOptions& options, SourceId source, UpdateSink& sink,
                                 SourceCounters& counters, Latest<SourceDiagnostics>& diagnostics)
    : options_(options),
      source_(source),
      sink_(sink),
      counters_(counters),
      diagnostics_(diagnostics),
      endpoints_(options.endpoint, options.endpoints),
      items_(sink, counters),
      backoff_(options.reconnectMin, options.reconnectMax, std::random_device{}()),
      itemsPerCall_(MonitoredItems::kMaxPerCall) {
    failure_.status = StatusCode{UA_STATUSCODE_BADNOTCONNECTED};
    items_.addItems(configuredItems(options, source, sink));
    report();
}

EndpointSession::~EndpointSession() = default;

void EndpointSession::run(milliseconds wait) {
    thread_.check();
    const SteadyTime now = SteadyClock::now();
    tellDiagnostics(now);
    switch (step_) {
        case Step::Idle: beginAttempt(); return;
        case Step::LookingUp:
        case Step::Backoff:
            std::this_thread::sleep_for(
                std::clamp(*deadline_ - now, SteadyClock::duration::zero(), SteadyClock::duration(wait)));
            if (step_ == Step::LookingUp) {
                lookUp(SteadyClock::now());
            } else if (due(SteadyClock::now()) || (pki_ && pki_->changed(SteadyClock::now()))) {
                beginAttempt();
            }
            return;
        case Step::Connecting:
        case Step::ReadingServer:
        case Step::Subscribing:
        case Step::Live:
            generation_->client().run(wait);
            advance(SteadyClock::now());
            return;
        case Step::Closing:
            generation_->client().run(wait);
            if (generation_->client().closed() || due(SteadyClock::now())) afterClosing();
            return;
        case Step::Stale: endGeneration(true); return;
        case Step::Stopped: return;
    }
}

void EndpointSession::beginStop() {
    thread_.check();
    if (std::exchange(stopping_, true)) return;
    failure_ = {StatusCode{UA_STATUSCODE_BADSHUTDOWN}, "stopped"};
    if (!generation_) {
        enter(Step::Stopped);
    } else if (step_ != Step::Closing) {
        endGeneration(false);
    }
}

Generation* EndpointSession::connection() noexcept {
    return opened_ && step_ != Step::Closing ? generation_.get() : nullptr;
}

void EndpointSession::enter(Step step, std::optional<milliseconds> deadline) {
    step_ = step;
    deadline_.reset();
    if (deadline) deadline_ = SteadyClock::now() + *deadline;
    report();
}

void EndpointSession::beginAttempt() {
    url_ = urlOf(endpoints_.current());
    pki_.reset();
    if (!url_) {
        failure_ = explain(Stage::Reaching, StatusCode{UA_STATUSCODE_BADTCPENDPOINTURLINVALID},
                           endpoints_.current());
        tryNext();
    } else if (url_->isNumeric()) {
        connectTo({url_->host});
    } else {
        lookup_.begin(url_->host);
        enter(Step::LookingUp, options_.requestTimeout);
    }
}

void EndpointSession::lookUp(SteadyTime now) {
    auto found = lookup_.take();
    if (found && *found) {
        connectTo(std::move(**found));
    } else if (found || due(now)) {
        unreachable(found
                        ? found->error().message
                        : fmt::format("host `{}` is still being looked up: does the DNS work?", url_->host));
    }
}

void EndpointSession::connectTo(HostLookup::Addresses addresses) {
    auto allowed = allowedAddresses(options_.askedBy, url_->host, std::move(addresses));
    if (!allowed) {
        unreachable(std::move(allowed.error().message));
        return;
    }
    addresses_ = std::move(*allowed);
    connect();
}

void EndpointSession::unreachable(std::string message) {
    failure_.status = kNoCommunication;
    failure_.cause = Backoff::Cause::Unreachable;
    failure_.message = std::move(message);
    tryNext();
}

void EndpointSession::connect() {
    EndpointUrl address = *url_;
    address.host = addresses_.front();
    addresses_.erase(addresses_.begin());
    const ClientSettings settings{.url = address.text(),
                                  .sessionName = "Tagwire " + options_.name,
                                  .requestTimeout = options_.requestTimeout,
                                  .sessionTimeout = options_.sessionTimeout,
                                  .resume = sessionToResume(),
                                  .endpoint = endpoints_.current(),
                                  .security = options_.security};
    counters_.attempts.add();
    opened_ = false;
    generation_ = std::make_unique<Generation>(settings, Generation::Surroundings{.options = options_,
                                                                                  .items = items_,
                                                                                  .counters = counters_,
                                                                                  .parts = parts_,
                                                                                  .resolver = resolver_});
    progress_ = 0;
    enter(Step::Connecting, options_.requestTimeout);
}

std::shared_ptr<const SessionKey> EndpointSession::sessionToResume() const {
    return estate_ && estateEndpoint_ == endpoints_.index() ? estate_->session : nullptr;
}

Stage EndpointSession::stage() noexcept {
    if (step_ == Step::Live) return Stage::Live;
    if (step_ != Step::Connecting) return Stage::Subscribing;
    return generation_->client().reached() ? Stage::OpeningSession : Stage::Reaching;
}

void EndpointSession::advance(SteadyTime now) {
    Generation& generation = *generation_;
    const auto failed = generation.client().failure();
    const StatusCode fault = failed     ? *failed
                             : due(now) ? StatusCode{UA_STATUSCODE_BADTIMEOUT}
                                        : generation.fault();
    if (fault.isBad()) {
        bool keep = true;
        if (sessionToResume() && stage() == Stage::OpeningSession) {
            // The server no longer has that session; its subscriptions may still be taken over by a new one.
            log::info("opcua", "{}: the session cannot go on ({})", options_.name, statusText(fault));
            estate_->session = nullptr;
            moving_ = true;
        } else {
            Failure failure = explain(stage(), fault, endpoints_.current());
            if (const std::string words = generation.client().failureWords(); !words.empty()) {
                failure.message = fmt::format("{}: {}", endpoints_.current(), words);
                pki_.emplace(PkiFolder(options_.security.pki));
                // Trust or our certificate changed while the connection stands: no other may go on with it.
                keep = !opened_;
            }
            blame(std::move(failure));
        }
        endGeneration(keep);
        return;
    }
    generation.tick(now);

    // Each step of connecting has the time of a request: TCP and Hello, endpoints, channel, session.
    if (step_ == Step::Connecting && generation.client().progress() != progress_) {
        progress_ = generation.client().progress();
        deadline_ = now + options_.requestTimeout;
    }
    if (step_ == Step::Connecting && generation.client().active()) {
        counters_.sessions.add();
        if (counters_.sessions.value() > 1) counters_.reconnects.add();
        generation.info().request();
        enter(Step::ReadingServer, beyond(options_.requestTimeout));
    } else if (step_ == Step::ReadingServer && generation.info().complete() &&
               generation.watch().complete()) {
        if (const auto limit = generation.info().limits().monitoredItems; limit > 0) {
            itemsPerCall_ = std::min<std::size_t>(itemsPerCall_, limit);
        }
        opened_ = true;
        if (estateEndpoint_ != endpoints_.index()) estate_.reset();
        generation.subscribe(itemsPerCall_, std::exchange(estate_, std::nullopt));
        enter(Step::Subscribing);
    }
    if (step_ == Step::Subscribing || step_ == Step::Live) watchLive(now);
}

void EndpointSession::watchLive(SteadyTime now) {
    Generation& generation = *generation_;
    if (generation.items() == nullptr) return;
    if (generation.checkSilence(now)) {
        const double seconds = static_cast<double>(generation.publishing().silence(now).count()) / 1000;
        blame({kNoCommunication,
               fmt::format("{} has been silent for {:.1f} s, longer than it promised: does it hang, "
                           "or did the network fail?",
                           endpoints_.current(), seconds)});
        enter(Step::Stale);
        return;
    }
    if (step_ == Step::Subscribing) {
        if (!generation.items()->settled()) return;
        backoff_.reset();
        endpoints_.works();
        failure_ = {StatusCode{UA_STATUSCODE_BADNOTCONNECTED}, {}};
        nextRetry_ = now + options_.retryFailed;
        liveSince_ = now;
        enter(Step::Live);
        log::info("opcua", "{}: live with {} tags{}{}", options_.name, items_.tagCount(),
                  reported_->message.empty() ? "" : ": ", reported_->message);
        for (ConnectionPart* part : parts_) part->onLive(generation, lastHeard_);
        return;
    }
    if (now >= nextRetry_ && generation.items()->settled()) {
        nextRetry_ = now + options_.retryFailed;
        generation.items()->retryFailed();
    }
    watchServer(now);
}

void EndpointSession::watchServer(SteadyTime now) {
    const ServerHealth& health = generation_->watch().health();
    if (health.serviceLevel) {
        endpoints_.told(*health.serviceLevel, now);
        if (now - liveSince_ >= kShortestStay && endpoints_.moveToBetter(now)) {
            blame({kNoCommunication, fmt::format("left a server with service level {} for {}",
                                                 *health.serviceLevel, endpoints_.current())});
            moving_ = true;
            endGeneration(false);
            return;
        }
    }
    const std::uint64_t version = generation_->items()->version();
    if (version == reportedVersion_ && reported_->tags == items_.tagCount() &&
        healthWarning(health) == reportedWarning_ && noticesNow() == reportedNotices_)
        return;
    report();
}

void EndpointSession::blame(Failure failure) {
    if (failure.message != failure_.message) log::warning("opcua", "{}: {}", options_.name, failure.message);
    if (generation_->items() != nullptr)
        itemsPerCall_ = std::min(itemsPerCall_, generation_->items()->perCall());
    // The other addresses of a host are worth a try only while none has answered.
    if (stage() != Stage::Reaching) addresses_.clear();
    failure_ = std::move(failure);
}

void EndpointSession::endGeneration(bool keep) {
    if (opened_)
        lastHeard_ = wallClockNow() -
                     std::chrono::duration_cast<Ticks>(generation_->publishing().silence(SteadyClock::now()));
    // An attempt that failed leaves nothing: what the last connection left is still there.
    const bool leaves = keep && opened_;
    if (!keep || opened_) {
        estate_ = keep ? generation_->leave() : std::nullopt;
        estateEndpoint_ = endpoints_.index();
    }
    if (leaves && estate_) {
        generation_->client().beginLeave();
    } else {
        generation_->client().beginClose();
    }
    if (std::exchange(opened_, false)) {
        for (ConnectionPart* part : parts_) part->onClosed();
    }
    enter(Step::Closing, kCloseDeadline);
}

void EndpointSession::afterClosing() {
    generation_.reset();
    if (stopping_) {
        enter(Step::Stopped);
    } else if (std::exchange(moving_, false)) {
        beginAttempt();
    } else if (!addresses_.empty()) {
        connect();
    } else {
        tryNext();
    }
}

void EndpointSession::tryNext() {
    if (endpoints_.failed(SteadyClock::now())) {
        beginAttempt();
    } else {
        backOff();
    }
}

void EndpointSession::backOff() { enter(Step::Backoff, backoff_.next(failure_.cause)); }

}  // namespace tagwire::source::opcua
