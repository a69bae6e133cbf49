/// `/api/v1/documents/…`: dashboards and screens with their versions (OpenAPI document). The store answers
/// from its own thread, so that the routes wait without holding up the shard. Thread: the shard's. Lifetime:
/// functions.
#pragma once

#include <cstddef>
#include <string_view>

#include <boost/asio/awaitable.hpp>

#include "serve/http_types.h"

namespace tagwire::serve {

class Shard;

/// Texts of documents that a shard's clients are sending (those that are larger than other bodies) or being
/// sent.
inline constexpr std::size_t kMaxDocumentTexts = 16;

// `request` outlives the answers.
[[nodiscard]] boost::asio::awaitable<HttpResponse> documentListRoute(Shard& shard,
                                                                     const HttpRequest& request);
[[nodiscard]] boost::asio::awaitable<HttpResponse> documentRoute(Shard& shard, const HttpRequest& request);
[[nodiscard]] boost::asio::awaitable<HttpResponse> documentVersionsRoute(Shard& shard,
                                                                         const HttpRequest& request);
[[nodiscard]] boost::asio::awaitable<HttpResponse> documentSaveRoute(Shard& shard,
                                                                     const HttpRequest& request);
[[nodiscard]] boost::asio::awaitable<HttpResponse> documentRemoveRoute(Shard& shard,
                                                                       const HttpRequest& request);

/// Whether a request with this head brings a document, which may be larger than other bodies.
[[nodiscard]] bool bringsDocument(Method method, std::string_view target) noexcept;

/// Turns are few, and this one had none: try again.
[[nodiscard]] HttpResponse noDocumentTurn();

}  // namespace tagwire::serve
