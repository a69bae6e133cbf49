/// `/api/v1/account/…`: one's own password, sessions and tokens. For users who have logged in.
/// Thread: the shard's. Lifetime: functions. `request` outlives the answers.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "serve/http_types.h"

namespace tagwire::serve {

class Shard;

[[nodiscard]] boost::asio::awaitable<HttpResponse> changePasswordRoute(Shard& shard,
                                                                       const HttpRequest& request);
[[nodiscard]] boost::asio::awaitable<HttpResponse> ownSessionsRoute(Shard& shard, const HttpRequest& request);
[[nodiscard]] boost::asio::awaitable<HttpResponse> endOwnSessionRoute(Shard& shard,
                                                                      const HttpRequest& request);
[[nodiscard]] boost::asio::awaitable<HttpResponse> ownTokensRoute(Shard& shard, const HttpRequest& request);
[[nodiscard]] boost::asio::awaitable<HttpResponse> makeTokenRoute(Shard& shard, const HttpRequest& request);
[[nodiscard]] boost::asio::awaitable<HttpResponse> revokeOwnTokenRoute(Shard& shard,
                                                                       const HttpRequest& request);

}  // namespace tagwire::serve
