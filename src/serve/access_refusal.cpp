#include "serve/access_refusal.h"

#include <chrono>
#include <string>

#include "model/generated/status_codes.h"

namespace tagwire::serve {

using wire::ErrorCode;

namespace {

/// For whoever comes when too many do.
constexpr std::chrono::seconds kCrowded{5};

}  // namespace

HttpResponse accessRefusal(const ServiceFailure& failure, Wrong wrong) {
    switch (failure.status.withoutInfoBits().code()) {
        case kBadUserAccessDenied.code():
            return wrong == Wrong::IsUnauthorized ? unauthorized(failure.message)
                                                  : errorResponse(ErrorCode::Forbidden, failure.message);
        case kBadTooManyOperations.code(): {
            auto response = errorResponse(ErrorCode::TooManyRequests, failure.message);
            const auto wait = failure.retryAfter > std::chrono::seconds{0} ? failure.retryAfter : kCrowded;
            response.headers.emplace_back("Retry-After", std::to_string(wait.count()));
            return response;
        }
        case kBadEntryExists.code():
        case kBadInvalidState.code(): return errorResponse(ErrorCode::Conflict, failure.message);
        case kBadShutdown.code(): return errorResponse(ErrorCode::Overloaded, failure.message);
        default: return refusal(failure);
    }
}

}  // namespace tagwire::serve
