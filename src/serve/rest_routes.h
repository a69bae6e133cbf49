/// The JSON resources under /api/v1 (OpenAPI document).
/// Thread: the shard's. Lifetime: functions.
#pragma once

#include "serve/http_types.h"

namespace tagwire::serve {

class Shard;

[[nodiscard]] HttpResponse infoRoute(Shard& shard, const HttpRequest& request);
[[nodiscard]] HttpResponse tagsRoute(Shard& shard, const HttpRequest& request);
/// Tags that whoever asks does not see do not exist here: neither in lists nor in counts.
[[nodiscard]] HttpResponse tagRoute(Shard& shard, const HttpRequest& request);
[[nodiscard]] HttpResponse valuesRoute(Shard& shard, const HttpRequest& request);
[[nodiscard]] HttpResponse sourceRoute(Shard& shard, const HttpRequest& request);
[[nodiscard]] HttpResponse sourcesRoute(Shard& shard, const HttpRequest& request);

}  // namespace tagwire::serve
