#include "serve/asset_routes.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "serve/error_response.h"
#include "serve/shard.h"

namespace tagwire::serve {
namespace {

/// Nothing from elsewhere, nothing inline: what an injected tag name could bring does not run.
constexpr std::string_view kContentSecurityPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self' ws: wss:; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors "
    "'self'";

/// The link on the console leads here; the page finds out by itself what it is for.
constexpr std::string_view kSetUpPath = "/setup";

/// Whether a list such as `gzip, br;q=0.8` takes `coding`. A weight of zero refuses it (RFC 9110, 12.5.3).
bool accepts(std::string_view list, std::string_view coding) {
    while (!list.empty()) {
        const auto comma = std::min(list.find(','), list.size());
        std::string item(list.substr(0, comma));
        list.remove_prefix(std::min(comma + 1, list.size()));
        std::erase(item, ' ');
        if (!item.starts_with(coding)) continue;
        const auto weight = std::string_view(item).substr(coding.size());
        if (weight.empty()) return true;
        if (weight.starts_with(";q=")) return weight.find_first_of("123456789") != std::string_view::npos;
    }
    return false;
}

/// If-None-Match is a list of entity tags, perhaps weak ones, or `*` (RFC 9110, 13.1.2).
bool matchesETag(std::string_view list, std::string_view quoted) {
    return list == "*" || (!list.empty() && list.find(quoted) != std::string_view::npos);
}

}  // namespace

HttpResponse pageRoute(Shard& shard, const HttpRequest& request) {
    if (auto asset = assetRoute(shard.server().assets, request)) return *std::move(asset);
    return nothingAt(request.path);
}

std::optional<HttpResponse> assetRoute(std::span<const EmbeddedAsset> assets, const HttpRequest& request) {
    const bool start = request.path == "/" || request.path == kSetUpPath;
    const std::string_view path = start ? "/index.html" : std::string_view(request.path);
    const auto asset = std::ranges::find(assets, path, &EmbeddedAsset::path);
    if (asset == assets.end()) return std::nullopt;

    HttpResponse response;
    response.contentType = asset->contentType;
    response.headers.emplace_back("ETag", std::string(asset->etag));
    response.headers.emplace_back("Cache-Control",
                                  asset->immutable ? "public, max-age=31536000, immutable" : "no-cache");
    response.headers.emplace_back("Vary", "Accept-Encoding, Origin");
    if (asset->contentType.starts_with("text/html")) {
        response.headers.emplace_back("Content-Security-Policy", std::string(kContentSecurityPolicy));
        response.headers.emplace_back("Referrer-Policy", "no-referrer");
    }
    if (matchesETag(request.ifNoneMatch, asset->etag)) {
        response.status = 304;
        return response;
    }
    response.fixedBody = asset->identity;
    if (!asset->brotli.empty() && accepts(request.acceptEncoding, "br")) {
        response.fixedBody = asset->brotli;
        response.headers.emplace_back("Content-Encoding", "br");
    } else if (!asset->gzip.empty() && accepts(request.acceptEncoding, "gzip")) {
        response.fixedBody = asset->gzip;
        response.headers.emplace_back("Content-Encoding", "gzip");
    }
    return response;
}

}  // namespace tagwire::serve
