/// Signs of life, and the API's own description.
/// Thread: the shard's. Lifetime: functions.
#pragma once

#include "serve/http_types.h"

namespace tagwire::serve {

class Shard;

[[nodiscard]] HttpResponse healthRoute(Shard& shard, const HttpRequest& request);
[[nodiscard]] HttpResponse readinessRoute(Shard& shard, const HttpRequest& request);
[[nodiscard]] HttpResponse openApiRoute(Shard& shard, const HttpRequest& request);
[[nodiscard]] HttpResponse asyncApiRoute(Shard& shard, const HttpRequest& request);

}  // namespace tagwire::serve
