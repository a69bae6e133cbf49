/// `/api/v1/history`: the past of tags as JSON or CSV (OpenAPI document). The history answers from its own
/// thread, so that the route waits without holding up the shard. Thread: the shard's. Lifetime: functions.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "serve/http_types.h"

namespace tagwire::serve {

class Shard;

/// `request` and `client`, its connection, outlive the answer;
/// what the history does for a client that has hung up is cancelled.
[[nodiscard]] boost::asio::awaitable<HttpResponse> historyRoute(Shard& shard, const HttpRequest& request,
                                                                boost::asio::ip::tcp::socket& client);

}  // namespace tagwire::serve
