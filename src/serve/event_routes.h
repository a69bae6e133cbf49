/// The JSON resources /api/v1/sources/{name}/events and …/conditions (OpenAPI document).
/// Thread: the shard's. Lifetime: functions.
#pragma once

#include <optional>

#include "serve/http_types.h"

namespace tagwire::serve {

class Shard;

/// Nothing where the path is none of them.
[[nodiscard]] std::optional<HttpResponse> eventRoute(Shard& shard, const HttpRequest& request);

}  // namespace tagwire::serve
