/// `POST /api/v1/sources/{name}/conditions`: a condition is acknowledged or confirmed (OpenAPI document).
/// Thread: the shard's; the source answers from its own. Lifetime: functions.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "serve/http_types.h"

namespace tagwire::serve {

class Shard;

/// `request` outlives the answer. What was sent is written down, also for a client that hangs up.
[[nodiscard]] boost::asio::awaitable<HttpResponse> conditionOrderRoute(Shard& shard,
                                                                       const HttpRequest& request);

}  // namespace tagwire::serve
