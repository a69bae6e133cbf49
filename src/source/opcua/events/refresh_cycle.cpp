#include "source/opcua/events/refresh_cycle.h"

#include <open62541/types.h>

namespace tagwire::source::opcua {
namespace {

/// The server does not know the method, or not for us.
bool isUnsupported(StatusCode status) noexcept {
    switch (status.withoutInfoBits().code()) {
        case UA_STATUSCODE_BADMETHODINVALID:
        case UA_STATUSCODE_BADNODEIDUNKNOWN:
        case UA_STATUSCODE_BADNODEIDINVALID:
        case UA_STATUSCODE_BADNOTIMPLEMENTED:
        case UA_STATUSCODE_BADNOTSUPPORTED:
        case UA_STATUSCODE_BADSERVICEUNSUPPORTED:
        case UA_STATUSCODE_BADNOTEXECUTABLE:
        case UA_STATUSCODE_BADUSERACCESSDENIED:
        // Of servers that have the method's node, but nothing behind it.
        case UA_STATUSCODE_BADINTERNALERROR: return true;
        default: return false;
    }
}

}  // namespace

void RefreshCycle::called(SteadyTime now, std::size_t items) {
    wanted_ = false;
    running_ = true;
    items_ = items;
    deadline_ = now + kDeadline;
    started_.clear();
    ended_.clear();
}

RefreshCycle::Outcome RefreshCycle::answered(StatusCode result, SteadyTime now) {
    // The events may be there before the answer.
    if (!running_ || !result.isBad()) return Outcome::Nothing;
    const bool busy = result.withoutInfoBits().code() == UA_STATUSCODE_BADREFRESHINPROGRESS;
    finish(now + (busy ? kPause : kRetry));
    if (isUnsupported(result)) {
        unsupported_ = true;
        return Outcome::Unsupported;
    }
    wanted_ = true;
    return Outcome::Failed;
}

RefreshCycle::Outcome RefreshCycle::started(std::uint32_t item) {
    if (!running_) return Outcome::Nothing;
    const bool first = started_.empty();
    started_.insert(item);
    return first ? Outcome::Began : Outcome::Nothing;
}

RefreshCycle::Outcome RefreshCycle::ended(std::uint32_t item, SteadyTime now) {
    if (!running_ || !started_.contains(item)) return Outcome::Nothing;
    ended_.insert(item);
    if (ended_.size() < items_) return Outcome::Nothing;
    finish(now + kPause);
    return Outcome::Complete;
}

RefreshCycle::Outcome RefreshCycle::tick(SteadyTime now) {
    if (!running_ || now < deadline_) return Outcome::Nothing;
    finish(now + kRetry);
    wanted_ = true;
    return Outcome::Failed;
}

void RefreshCycle::finish(SteadyTime next) noexcept {
    running_ = false;
    notBefore_ = next;
}

}  // namespace tagwire::source::opcua
