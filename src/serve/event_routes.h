/// The JSON resources /api/v1/sources/{name}/events and …/conditions (OpenAPI document).
/// Thread: the shard's. Lifetime: functions.
#pragma once

#include "serve/http_types.h"

namespace tagwire::serve {

class Shard;

[[nodiscard]] HttpResponse eventsRoute(Shard& shard, const HttpRequest& request);
[[nodiscard]] HttpResponse conditionsRoute(Shard& shard, const HttpRequest& request);

}  // namespace tagwire::serve
