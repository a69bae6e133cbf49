#include "serve/server_routes.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "serve/shard.h"
#include "wire/api_documents.h"

namespace tagwire::serve {
namespace {

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

}  // namespace

/// This thread answers: it is alive.
HttpResponse healthRoute(Shard& /*shard*/, const HttpRequest& /*request*/) { return plainText(200, "ok\n"); }

/// Ready to show values: the store's state has arrived. Sources that are away are no reason to send clients
/// away.
HttpResponse readinessRoute(Shard& shard, const HttpRequest& /*request*/) {
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

HttpResponse openApiRoute(Shard& /*shard*/, const HttpRequest& /*request*/) {
    return fixedJson(wire::openApiJson());
}

HttpResponse asyncApiRoute(Shard& /*shard*/, const HttpRequest& /*request*/) {
    return fixedJson(wire::asyncApiJson());
}

}  // namespace tagwire::serve
