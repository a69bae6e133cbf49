#include "serve/http_session.h"

#include "serve/http_session_over.h"

namespace tagwire::serve {
namespace {

/// Answers every request with the way to https.
class HttpAdvice final : public HttpSession<PlainStream> {
public:
    using HttpSession::HttpSession;

protected:
    [[nodiscard]] std::optional<HttpResponse> gate() const override {
        if (auto refused = HttpSession::gate()) return refused;
        auto response =
            errorResponse(ErrorCode::BadRequest, "this port speaks TLS: use https:// and wss:// to reach it");
        const bool page = request().method == Method::Get || request().method == Method::Head;
        if (page && !websocket::is_upgrade(input())) {
            response.status = 308;
            response.headers.emplace_back(
                "Location", fmt::format("https://{}{}", request().host, std::string_view(input().target())));
        }
        return response;
    }
};

}  // namespace

std::unique_ptr<ClientLink> makeHttpSession(Shard& shard, PlainStream stream, ClientOrigin origin) {
    return std::make_unique<HttpSession<PlainStream>>(shard, std::move(stream), std::move(origin));
}

std::unique_ptr<ClientLink> makeHttpAdvice(Shard& shard, PlainStream stream, ClientOrigin origin,
                                           std::string_view read) {
    return std::make_unique<HttpAdvice>(shard, std::move(stream), std::move(origin), read);
}

}  // namespace tagwire::serve
