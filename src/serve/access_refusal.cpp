#include "serve/access_refusal.h"

#include "model/generated/status_codes.h"

namespace tagwire::serve {

using wire::ErrorCode;

namespace {

/// How long who is locked out, or comes when too many do, had better wait. What lasts longer is said in
/// words.
constexpr auto kLockedRetryAfter = "30";

}  // namespace

HttpResponse accessRefusal(const ServiceFailure& failure, Wrong wrong) {
    switch (failure.status.withoutInfoBits().code()) {
        case kBadUserAccessDenied.code():
            return wrong == Wrong::IsUnauthorized ? unauthorized(failure.message)
                                                  : errorResponse(ErrorCode::Forbidden, failure.message);
        case kBadTooManyOperations.code(): {
            auto response = errorResponse(ErrorCode::TooManyRequests, failure.message);
            response.headers.emplace_back("Retry-After", kLockedRetryAfter);
            return response;
        }
        case kBadEntryExists.code():
        case kBadInvalidState.code(): return errorResponse(ErrorCode::Conflict, failure.message);
        case kBadShutdown.code(): return errorResponse(ErrorCode::Overloaded, failure.message);
        default: return refusal(failure);
    }
}

}  // namespace tagwire::serve
