#include "serve/access_routes.h"

#include <memory>
#include <string>
#include <utility>

#include "serve/access_answers.h"
#include "serve/access_refusal.h"
#include "serve/asked.h"
#include "serve/credentials.h"
#include "serve/error_response.h"
#include "serve/json_body.h"

namespace tagwire::serve {

using access::AccessServices;
using access::LoggedIn;
using Answering = boost::asio::awaitable<HttpResponse>;

namespace {

// NOLINTBEGIN(cppcoreguidelines-avoid-reference-coroutine-parameters): shard, services and request outlive it

/// Begins a session, and ends the one that the browser had: a session never changes hands.
Answering begun(Shard& shard, AccessServices& services, const HttpRequest& request,
                std::function<void(ServiceAnswer<LoggedIn>)> begin) {
    auto asking = ask<LoggedIn>(shard.context(), kPatience, std::move(begin));
    auto result = co_await std::move(asking);
    if (auto refused = accessUnanswered(result, Wrong::IsUnauthorized)) co_return *std::move(refused);
    const auto& before = request.caller;
    if (before.by == ShownBy::Cookie)
        services.logout(before.grant->id(), before.asking(), [](const ServiceResult<bool>&) {});
    auto& logged = **result;
    const Caller caller{.principal = {logged.grant, &logged.grant->principal()},
                        .grant = logged.grant,
                        .by = ShownBy::Cookie,
                        .local = before.local,
                        .address = before.address};
    HttpResponse response;
    response.headers.emplace_back("Set-Cookie", sessionCookie(request.secure, logged.cookie));
    appendSession(response.body, caller, true, shard.server().provider);
    co_return response;
}

// NOLINTEND(cppcoreguidelines-avoid-reference-coroutine-parameters)

}  // namespace

HttpResponse sessionRoute(Shard& shard, const HttpRequest& request) {
    HttpResponse response;
    response.headers.emplace_back("Vary", "Cookie, Authorization, Origin");
    appendSession(response.body, request.caller, shard.server().callers.hasUsers(), shard.server().provider);
    return response;
}

Answering loginRoute(Shard& shard, const HttpRequest& request) {
    auto* services = shard.server().access;
    if (services == nullptr) return answerAtOnce(nothingAt(request.path));
    auto body = bodyOf<wire::Login>(request);
    if (!body) return answerAtOnce(badRequest(body.error()));
    access::Login login{.user = std::move(body->user),
                        .password = std::move(body->password),
                        .address = request.caller.address,
                        .agent = shownAgent(request)};
    return begun(shard, *services, request,
                 [services, login = std::move(login)](ServiceAnswer<LoggedIn> answer) {
                     services->login(login, std::move(answer));
                 });
}

Answering setUpRoute(Shard& shard, const HttpRequest& request) {
    auto* services = shard.server().access;
    if (services == nullptr) return answerAtOnce(nothingAt(request.path));
    auto body = bodyOf<wire::SetUp>(request);
    if (!body) return answerAtOnce(badRequest(body.error()));
    access::SetUp setUp{.secret = std::move(body->secret),
                        .user = std::move(body->user),
                        .password = std::move(body->password),
                        .address = request.caller.address,
                        .agent = shownAgent(request)};
    return begun(shard, *services, request,
                 [services, setUp = std::move(setUp)](ServiceAnswer<LoggedIn> answer) {
                     services->setUp(setUp, std::move(answer));
                 });
}

// NOLINTNEXTLINE(cppcoreguidelines-avoid-reference-coroutine-parameters): both outlive it
Answering logoutRoute(Shard& shard, const HttpRequest& request) {
    auto* services = shard.server().access;
    const auto& caller = request.caller;
    HttpResponse response{.status = 204};
    response.headers.emplace_back("Set-Cookie", endedSessionCookie(request.secure));
    if (services == nullptr || caller.by != ShownBy::Cookie) co_return response;
    auto asking = ask<bool>(shard.context(), kPatience, [services, &caller](ServiceAnswer<bool> answer) {
        services->logout(caller.grant->id(), caller.asking(), std::move(answer));
    });
    const auto result = co_await std::move(asking);
    if (auto refused = accessUnanswered(result, Wrong::IsForbidden)) co_return *std::move(refused);
    co_return response;
}

}  // namespace tagwire::serve
