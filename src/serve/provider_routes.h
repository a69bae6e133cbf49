/// `/api/v1/login/oidc`: to the provider where users log in, and back from there. Both answers send the
/// browser on; what goes wrong is in the address of the page that it comes to.
/// Thread: the shard's. Lifetime: functions. `request` outlives the answers.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "serve/http_types.h"

namespace tagwire::serve {

class Shard;

[[nodiscard]] boost::asio::awaitable<HttpResponse> toProviderRoute(Shard& shard, const HttpRequest& request);
[[nodiscard]] boost::asio::awaitable<HttpResponse> fromProviderRoute(Shard& shard,
                                                                     const HttpRequest& request);

}  // namespace tagwire::serve
