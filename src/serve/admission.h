/// The one gate of all doors: which route a request is for, who asks, and whether he may.
/// Thread: the shard's. Lifetime: functions.
#pragma once

#include <string_view>

#include "access/gate.h"
#include "base/result.h"
#include "serve/client_link.h"
#include "serve/http_types.h"
#include "serve/route_rules.h"
#include "serve/server_context.h"

namespace tagwire::serve {

/// Who sends a request with this head.
[[nodiscard]] Caller callerOf(const ServerContext& server, const HttpRequest& request,
                              const ClientOrigin& origin);

/// Fills in what is known of the request once it is admitted. The error is the answer: there is no such
/// route (404, 405), or whoever asks may not (401, 403).
[[nodiscard]] Result<const RouteRule*, HttpResponse> admit(const ServerContext& server, HttpRequest& request,
                                                           const ClientOrigin& origin);

/// Why somebody may not, in words.
[[nodiscard]] std::string whyNot(const Caller& caller, access::Action action, access::Decision decision);

/// Writes down what a route has changed, where its rule says so.
void recordChange(const ServerContext& server, const RouteRule& rule, const HttpRequest& request,
                  const HttpResponse& response);

}  // namespace tagwire::serve
