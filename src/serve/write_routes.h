/// `POST /api/v1/values`: values to be written (OpenAPI document).
/// Thread: the shard's; the desk answers from its own. Lifetime: functions.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "serve/http_types.h"

namespace tagwire::serve {

class Shard;

/// `request` outlives the answer. A client that hangs up has its order all the same.
[[nodiscard]] boost::asio::awaitable<HttpResponse> writeRoute(Shard& shard, const HttpRequest& request);

}  // namespace tagwire::serve
