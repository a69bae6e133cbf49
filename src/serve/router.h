/// Which route answers a request that is neither a WebSocket nor an event stream.
/// Thread: the shard's. Lifetime: functions.
#pragma once

#include <string_view>

#include "base/result.h"
#include "serve/http_types.h"
#include "wire/generated/protocol.h"

namespace tagwire::serve {

class Shard;

/// Always an answer: unknown paths get 404, wrong methods 405 with Allow.
[[nodiscard]] HttpResponse route(Shard& shard, const HttpRequest& request);

/// `{"code":…,"msg":…}` with the status that goes with the code.
[[nodiscard]] HttpResponse errorResponse(wire::ErrorCode code, std::string_view message);

/// 400: a parameter, a header or the body is not what was expected.
[[nodiscard]] HttpResponse badRequest(const Error& error);

/// 405 with the methods that are allowed, as in the header Allow.
[[nodiscard]] HttpResponse methodNotAllowed(std::string_view allowed);

}  // namespace tagwire::serve
