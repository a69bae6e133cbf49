/// What engineers ask: looking around at a source's server, certificates and their trust. Answers come from
/// other threads, so that these routes wait without holding up the shard. Until there are logins they are for
/// programs and browsers on this machine only. Thread: the shard's. Lifetime: functions.
#pragma once

#include <optional>

#include <boost/asio/awaitable.hpp>

#include "serve/http_types.h"

namespace tagwire::serve {

class Shard;

/// Nothing: the request is for another route. `request` outlives the answer.
[[nodiscard]] std::optional<boost::asio::awaitable<HttpResponse>> engineeringRoute(
    Shard& shard, const HttpRequest& request);

}  // namespace tagwire::serve
