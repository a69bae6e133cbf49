/// `/metrics` in the Prometheus text format.
/// Thread: the shard's. Lifetime: function.
#pragma once

#include "serve/http_types.h"

namespace tagwire::serve {

class Shard;

[[nodiscard]] HttpResponse metricsRoute(Shard& shard, const HttpRequest& request);

}  // namespace tagwire::serve
