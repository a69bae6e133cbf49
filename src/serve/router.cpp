#include "serve/router.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "serve/agent_session.h"
#include "serve/asset_routes.h"
#include "serve/event_routes.h"
#include "serve/metrics_route.h"
#include "serve/rest_routes.h"
#include "serve/shard.h"
#include "wire/api_documents.h"
#include "wire/rest_answers.h"

namespace tagwire::serve {
namespace {

constexpr std::string_view kTagPrefix = "/api/v1/tags/";
constexpr std::string_view kSourcePrefix = "/api/v1/sources/";

HttpResponse fixedJson(std::string_view document) {
    HttpResponse response;
    response.fixedBody = document;
    return response;
}

HttpResponse plainText(unsigned status, std::string text) {
    HttpResponse response;
    response.status = status;
    response.contentType = "text/plain; charset=utf-8";
    response.body = std::move(text);
    return response;
}

/// This thread answers: it is alive.
HttpResponse healthz(Shard&, const HttpRequest&) { return plainText(200, "ok\n"); }

/// Ready to show values: the store's state has arrived. Sources that are away are no reason to send clients
/// away.
HttpResponse readyz(Shard& shard, const HttpRequest&) {
    if (shard.stopping()) return plainText(503, "stopping\n");
    if (!shard.cache().ready()) return plainText(503, "starting: the store has not reported yet\n");
    const auto& sources = shard.cache().sources();
    const auto begun = std::ranges::count_if(
        sources, [](const auto& source) { return source.second.phase != SourcePhase::Idle; });
    if (std::cmp_less(begun, shard.server().sources)) {
        return plainText(503, "starting: not every source has declared its tags\n");
    }
    return plainText(200, "ready\n");
}

HttpResponse upgradeOnly(Shard&, const HttpRequest& request) {
    auto response =
        errorResponse(wire::ErrorCode::BadRequest,
                      fmt::format("{} is a WebSocket: connect to it with {}://, not with {}://", request.path,
                                  request.secure ? "wss" : "ws", request.secure ? "https" : "http"));
    response.status = 426;
    response.headers.emplace_back("Upgrade", "websocket");
    return response;
}

struct Route {
    std::string_view path;
    HttpResponse (*answer)(Shard&, const HttpRequest&);
};

constexpr std::array kRoutes{
    Route{"/api/v1/info", infoRoute},
    Route{"/api/v1/tags", tagsRoute},
    Route{"/api/v1/values", valuesRoute},
    Route{"/api/v1/sources", sourcesRoute},
    Route{"/api/v1/openapi.json", [](Shard&, const HttpRequest&) { return fixedJson(wire::openApiJson()); }},
    Route{"/api/v1/asyncapi.json",
          [](Shard&, const HttpRequest&) { return fixedJson(wire::asyncApiJson()); }},
    Route{"/metrics", metricsRoute},
    Route{"/healthz", healthz},
    Route{"/readyz", readyz},
    Route{wire::kWebSocketPath, upgradeOnly},
    Route{"/tagCurValue", upgradeOnly},
    Route{kAgentPath, upgradeOnly},
};

}  // namespace

HttpResponse route(Shard& shard, const HttpRequest& request) {
    if (request.method == Method::Options) {
        HttpResponse response = plainText(204, {});
        response.headers.emplace_back("Allow", "GET, HEAD, OPTIONS");
        return response;
    }
    if (request.method != Method::Get && request.method != Method::Head) {
        return methodNotAllowed("GET, HEAD, OPTIONS");
    }
    for (const auto& route : kRoutes) {
        if (route.path == request.path) return route.answer(shard, request);
    }
    if (request.path.starts_with(kTagPrefix)) {
        return tagRoute(shard, request, std::string_view(request.path).substr(kTagPrefix.size()));
    }
    if (auto events = eventRoute(shard, request)) return std::move(*events);
    if (request.path.starts_with(kSourcePrefix)) {
        return sourceRoute(shard, request, std::string_view(request.path).substr(kSourcePrefix.size()));
    }
    if (!request.path.starts_with("/api/")) {
        if (auto asset = assetRoute(shard.server().assets, request)) return std::move(*asset);
    }
    return errorResponse(
        wire::ErrorCode::NotFound,
        fmt::format("there is nothing at {}; the API is described in /api/v1/openapi.json", request.path));
}

HttpResponse errorResponse(wire::ErrorCode code, std::string_view message) {
    HttpResponse response;
    response.status = wire::httpStatus(code);
    wire::appendErrorBody(response.body, code, message);
    return response;
}

HttpResponse badRequest(const Error& error) {
    return errorResponse(wire::ErrorCode::BadRequest, error.message);
}

HttpResponse methodNotAllowed(std::string_view allowed) {
    auto response =
        errorResponse(wire::ErrorCode::Unsupported, fmt::format("only {} are served here", allowed));
    response.status = 405;
    response.headers.emplace_back("Allow", std::string(allowed));
    return response;
}

}  // namespace tagwire::serve
