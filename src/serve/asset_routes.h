/// The pages, embedded in the program.
/// Thread: the shard's. Lifetime: function; bodies live as long as the program.
#pragma once

#include <optional>
#include <span>

#include "serve/embedded_assets.h"
#include "serve/http_types.h"

namespace tagwire::serve {

class Shard;

[[nodiscard]] HttpResponse pageRoute(Shard& shard, const HttpRequest& request);

/// Nothing if there is no such file. Answers 304 to a matching ETag and picks the encoding the client takes.
[[nodiscard]] std::optional<HttpResponse> assetRoute(std::span<const EmbeddedAsset> assets,
                                                     const HttpRequest& request);

}  // namespace tagwire::serve
