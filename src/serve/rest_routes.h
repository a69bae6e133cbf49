/// The JSON resources under /api/v1 (OpenAPI document).
/// Thread: the shard's. Lifetime: functions.
#pragma once

#include <string_view>

#include "serve/http_types.h"

namespace tagwire::serve {

class Shard;

[[nodiscard]] HttpResponse infoRoute(Shard& shard, const HttpRequest& request);
[[nodiscard]] HttpResponse tagsRoute(Shard& shard, const HttpRequest& request);
[[nodiscard]] HttpResponse tagRoute(Shard& shard, const HttpRequest& request, std::string_view path);
[[nodiscard]] HttpResponse valuesRoute(Shard& shard, const HttpRequest& request);
/// `/api/v1/sources/{name}`; `name` is decoded.
[[nodiscard]] HttpResponse sourceRoute(Shard& shard, const HttpRequest& request, std::string_view name);
[[nodiscard]] HttpResponse sourcesRoute(Shard& shard, const HttpRequest& request);

}  // namespace tagwire::serve
