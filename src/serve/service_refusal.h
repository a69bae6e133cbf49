/// What is answered where a service on another thread could not do what it was asked.
/// Thread: the shard's. Lifetime: functions.
#pragma once

#include <optional>
#include <string>

#include "model/service_answer.h"
#include "serve/error_response.h"
#include "serve/http_types.h"

namespace tagwire::serve {

[[nodiscard]] HttpResponse refusal(const ServiceFailure& failure);

/// The refusal where there is no result, as ask() tells it: there was no answer in time, or a failure.
template <class T>
[[nodiscard]] std::optional<HttpResponse> unanswered(const std::optional<ServiceResult<T>>& result) {
    if (!result) return errorResponse(wire::ErrorCode::Unreachable, "the server did not answer in time");
    if (!*result) return refusal(result->error());
    return std::nullopt;
}

}  // namespace tagwire::serve
