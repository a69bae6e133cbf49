/// Answers that say why there is no other.
/// Thread: the shard's. Lifetime: functions.
#pragma once

#include <string_view>

#include "base/result.h"
#include "serve/http_types.h"
#include "wire/generated/protocol.h"

namespace tagwire::serve {

/// `{"code":…,"msg":…}` with the status that goes with the code.
[[nodiscard]] HttpResponse errorResponse(wire::ErrorCode code, std::string_view message);

/// 400: a parameter, a header or the body is not what was expected.
[[nodiscard]] HttpResponse badRequest(const Error& error);

/// 404: there is nothing of that path.
[[nodiscard]] HttpResponse nothingAt(std::string_view path);

/// 405 with the methods that are allowed, as in the header Allow.
[[nodiscard]] HttpResponse methodNotAllowed(std::string_view allowed);

/// 401, with how to say who one is.
[[nodiscard]] HttpResponse unauthorized(std::string_view message);

/// An error of HTTP itself, for which the protocol has no code of its own.
[[nodiscard]] HttpResponse statusResponse(unsigned status, std::string_view message);

}  // namespace tagwire::serve
