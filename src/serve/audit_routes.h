/// `/api/v1/audit` and `/api/v1/audit/verify`: what was done, and whether the log of it is as it was written.
/// Thread: the shard's. Lifetime: functions. `request` outlives the answers.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "serve/http_types.h"

namespace tagwire::serve {

class Shard;

[[nodiscard]] boost::asio::awaitable<HttpResponse> auditRoute(Shard& shard, const HttpRequest& request);
[[nodiscard]] boost::asio::awaitable<HttpResponse> auditVerifyRoute(Shard& shard, const HttpRequest& request);

}  // namespace tagwire::serve
