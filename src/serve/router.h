/// Which route answers a request that is neither a WebSocket nor an event stream.
/// Thread: the shard's. Lifetime: functions.
#pragma once

#include "serve/http_types.h"
#include "wire/generated/protocol.h"

namespace tagwire::serve {

class Shard;

/// Always an answer: unknown paths get 404, wrong methods 405 with Allow.
[[nodiscard]] HttpResponse route(Shard& shard, const HttpRequest& request);

/// `{"code":…,"msg":…}` with the status that goes with the code.
[[nodiscard]] HttpResponse errorResponse(wire::ErrorCode code, std::string_view message);

}  // namespace tagwire::serve
