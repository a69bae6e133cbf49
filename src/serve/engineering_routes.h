/// What engineers ask: looking around at a source's server, certificates and their trust, sources that are
/// added while the server runs. Answers come from other threads, so that these routes wait without holding up
/// the shard. Thread: the shard's. Lifetime: functions.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "serve/http_types.h"

namespace tagwire::serve {

class Shard;

// `request` outlives the answers.

[[nodiscard]] boost::asio::awaitable<HttpResponse> browseRoute(Shard& shard, const HttpRequest& request);
[[nodiscard]] boost::asio::awaitable<HttpResponse> nodeRoute(Shard& shard, const HttpRequest& request);
[[nodiscard]] boost::asio::awaitable<HttpResponse> searchRoute(Shard& shard, const HttpRequest& request);

[[nodiscard]] boost::asio::awaitable<HttpResponse> certificatesRoute(Shard& shard,
                                                                     const HttpRequest& request);
[[nodiscard]] boost::asio::awaitable<HttpResponse> ownCertificateRoute(Shard& shard,
                                                                       const HttpRequest& request);
[[nodiscard]] boost::asio::awaitable<HttpResponse> trustRoute(Shard& shard, const HttpRequest& request);
[[nodiscard]] boost::asio::awaitable<HttpResponse> rejectRoute(Shard& shard, const HttpRequest& request);
[[nodiscard]] boost::asio::awaitable<HttpResponse> removeCertificateRoute(Shard& shard,
                                                                          const HttpRequest& request);
[[nodiscard]] boost::asio::awaitable<HttpResponse> endpointsRoute(Shard& shard, const HttpRequest& request);

[[nodiscard]] boost::asio::awaitable<HttpResponse> addSourceRoute(Shard& shard, const HttpRequest& request);
[[nodiscard]] boost::asio::awaitable<HttpResponse> addTagsRoute(Shard& shard, const HttpRequest& request);
[[nodiscard]] boost::asio::awaitable<HttpResponse> removeSourceRoute(Shard& shard,
                                                                     const HttpRequest& request);

}  // namespace tagwire::serve
