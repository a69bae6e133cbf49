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

std::optional<EndpointUrl> urlOf(const OpcUaOptions& options) {
    auto url = EndpointUrl::parse(options.endpoint);
    return url ? std::optional(std::move(*url)) : std::nullopt;
}

/// Time to look after oneself for a step whose requests have their own timeouts.
milliseconds beyond(milliseconds requestTimeout) noexcept { return 2 * requestTimeout + milliseconds(2'000); }

constexpr StatusCode kNoCommunication{UA_STATUSCODE_BADNOCOMMUNICATION};

}  // namespace

EndpointSession::EndpointSession(const OpcUaOptions& options, SourceId source, UpdateSink& sink)
    : options_(options),
      source_(source),
      sink_(sink),
      url_(urlOf(options)),
      items_(options, source, sink),
      book_(options.events, sink),
      backoff_(options.reconnectMin, options.reconnectMax, std::random_device{}()),
      itemsPerCall_(MonitoredItems::kMaxPerCall) {
    failure_.status = StatusCode{UA_STATUSCODE_BADNOTCONNECTED};
    report();
}

EndpointSession::~EndpointSession() = default;

void EndpointSession::run(milliseconds wait) {
    thread_.check();
    const SteadyTime now = SteadyClock::now();
    switch (step_) {
        case Step::Idle: beginAttempt(); return;
        case Step::LookingUp:
        case Step::Backoff:
            std::this_thread::sleep_for(
                std::clamp(*deadline_ - now, SteadyClock::duration::zero(), SteadyClock::duration(wait)));
            if (step_ == Step::LookingUp) {
                lookUp(SteadyClock::now());
            } else if (due(SteadyClock::now())) {
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
        case Step::Stale: close(); return;
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
        close();
    }
}

void EndpointSession::enter(Step step, std::optional<milliseconds> deadline) {
    step_ = step;
    deadline_.reset();
    if (deadline) deadline_ = SteadyClock::now() + *deadline;
    report();
}

void EndpointSession::beginAttempt() {
    if (!url_) {
        failure_ =
            explain(Stage::Reaching, StatusCode{UA_STATUSCODE_BADTCPENDPOINTURLINVALID}, options_.endpoint);
        backOff();
    } else if (url_->isNumeric()) {
        addresses_ = {url_->host};
        connect();
    } else {
        lookup_.begin(url_->host);
        enter(Step::LookingUp, options_.requestTimeout);
    }
}

void EndpointSession::lookUp(SteadyTime now) {
    auto found = lookup_.take();
    if (found && *found) {
        addresses_ = std::move(**found);
        connect();
    } else if (found || due(now)) {
        failure_.status = kNoCommunication;
        failure_.cause = Backoff::Cause::Unreachable;
        failure_.message =
            found ? found->error().message
                  : fmt::format("host `{}` is still being looked up: does the DNS work?", url_->host);
        backOff();
    }
}

void EndpointSession::connect() {
    EndpointUrl address = *url_;
    address.host = addresses_.front();
    addresses_.erase(addresses_.begin());
    const ClientSettings settings{.url = address.text(),
                                  .sessionName = "Tagwire " + options_.name,
                                  .requestTimeout = options_.requestTimeout,
                                  .sessionTimeout = options_.sessionTimeout};
    generation_ = std::make_unique<Generation>(settings, options_, items_, book_);
    enter(Step::Connecting, options_.requestTimeout);
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
        blame(explain(stage(), fault, options_.endpoint));
        close();
        return;
    }
    generation.tick(now);

    if (step_ == Step::Connecting && generation.client().active()) {
        generation.info().request();
        enter(Step::ReadingServer, beyond(options_.requestTimeout));
    } else if (step_ == Step::ReadingServer && generation.info().complete()) {
        if (const auto limit = generation.info().limits().monitoredItems; limit > 0) {
            itemsPerCall_ = std::min<std::size_t>(itemsPerCall_, limit);
        }
        generation.subscribe(itemsPerCall_);
        enter(Step::Subscribing);
    }
    if (step_ == Step::Subscribing || step_ == Step::Live) watchLive(now);
}

void EndpointSession::watchLive(SteadyTime now) {
    Generation& generation = *generation_;
    if (generation.items() == nullptr) return;
    if (generation.publishing()->stale(now)) {
        const double seconds = static_cast<double>(generation.publishing()->silence(now).count()) / 1000;
        blame({kNoCommunication,
               fmt::format("{} has been silent for {:.1f} s, longer than it promised: does it hang, "
                           "or did the network fail?",
                           options_.endpoint, seconds)});
        enter(Step::Stale);
        return;
    }
    if (!generation.items()->settled()) return;
    if (step_ == Step::Subscribing) {
        backoff_.reset();
        failure_ = {StatusCode{UA_STATUSCODE_BADNOTCONNECTED}, {}};
        nextRetry_ = now + options_.retryFailed;
        enter(Step::Live);
        log::info("opcua", "{}: live with {} tags{}{}", options_.name, items_.size(),
                  reported_->message.empty() ? "" : ": ", reported_->message);
    } else if (now >= nextRetry_) {
        nextRetry_ = now + options_.retryFailed;
        generation.items()->retryFailed();
    } else if (generation.items()->failed() != reported_->badTags) {
        report();
    }
}

void EndpointSession::blame(Failure failure) {
    if (failure.message != failure_.message) log::warning("opcua", "{}: {}", options_.name, failure.message);
    if (generation_->items() != nullptr)
        itemsPerCall_ = std::min(itemsPerCall_, generation_->items()->perCall());
    // The other addresses of a host are worth a try only while none has answered.
    if (stage() != Stage::Reaching) addresses_.clear();
    failure_ = std::move(failure);
}

void EndpointSession::close() {
    generation_->client().beginClose();
    enter(Step::Closing, kCloseDeadline);
}

void EndpointSession::afterClosing() {
    generation_.reset();
    if (stopping_) {
        enter(Step::Stopped);
    } else if (!addresses_.empty()) {
        connect();
    } else {
        backOff();
    }
}

void EndpointSession::backOff() { enter(Step::Backoff, backoff_.next(failure_.cause)); }

void EndpointSession::report() {
    SourceState now = state();
    if (reported_ && reported_->phase == now.phase) now.since = reported_->since;
    if (reported_ == now) return;
    reported_ = now;
    sink_.changeState(std::move(now));
}

SourceState EndpointSession::state() const {
    SourceState state{.source = source_,
                      .name = options_.name,
                      .kind = "opcua",
                      .since = wallClockNow(),
                      .why = failure_.status,
                      .message = failure_.message,
                      .endpoint = options_.endpoint,
                      .tags = static_cast<std::uint32_t>(items_.size())};
    switch (step_) {
        case Step::Idle: state.phase = SourcePhase::Idle; break;
        case Step::LookingUp:
        case Step::Connecting:
        case Step::ReadingServer: state.phase = SourcePhase::Connecting; break;
        case Step::Subscribing: state.phase = SourcePhase::Subscribing; break;
        case Step::Live: state.phase = SourcePhase::Live; break;
        case Step::Stale: state.phase = SourcePhase::Stale; break;
        case Step::Closing: state.phase = SourcePhase::Closing; break;
        case Step::Backoff: state.phase = SourcePhase::Backoff; break;
        case Step::Stopped: state.phase = SourcePhase::Stopped; break;
    }
    if (step_ != Step::Live) return state;

    state.why = StatusCode{};
    state.message.clear();
    const MonitoredItems& items = *generation_->items();
    if (items.failed() > 0) {
        const std::size_t first = items.firstFailed();
        state.badTags = static_cast<std::uint32_t>(items.failed());
        state.message =
            fmt::format("{} of {} tags cannot be read; the first is `{}`: {}", items.failed(), items_.size(),
                        items_[first].info->path.text(), statusText(items.status(first)));
    }
    return state;
}

}  // namespace tagwire::source::opcua
