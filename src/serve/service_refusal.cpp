#include "serve/service_refusal.h"

#include "model/generated/status_codes.h"

namespace tagwire::serve {

using wire::ErrorCode;

HttpResponse refusal(const ServiceFailure& failure) {
    switch (failure.status.withoutInfoBits().code()) {
        case kBadNodeIdUnknown.code():
        case kBadNotFound.code(): return errorResponse(ErrorCode::NotFound, failure.message);
        case kBadNodeIdInvalid.code():
        case kBadInvalidArgument.code(): return errorResponse(ErrorCode::BadRequest, failure.message);
        case kBadEncodingLimitsExceeded.code(): return errorResponse(ErrorCode::TooLarge, failure.message);
        case kBadTooManyOperations.code(): return errorResponse(ErrorCode::Overloaded, failure.message);
        case kBadInternalError.code(): return errorResponse(ErrorCode::Internal, failure.message);
        default: return errorResponse(ErrorCode::Unreachable, failure.message);
    }
}

}  // namespace tagwire::serve
