/// `/api/v1/session` and `/api/v1/setup`: who asks, logging in and out, the first administrator.
/// Thread: the shard's. Lifetime: functions. `request` outlives the answers.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "serve/http_types.h"

namespace tagwire::serve {

class Shard;

[[nodiscard]] HttpResponse sessionRoute(Shard& shard, const HttpRequest& request);
[[nodiscard]] boost::asio::awaitable<HttpResponse> loginRoute(Shard& shard, const HttpRequest& request);
[[nodiscard]] boost::asio::awaitable<HttpResponse> logoutRoute(Shard& shard, const HttpRequest& request);
[[nodiscard]] boost::asio::awaitable<HttpResponse> setUpRoute(Shard& shard, const HttpRequest& request);

}  // namespace tagwire::serve
