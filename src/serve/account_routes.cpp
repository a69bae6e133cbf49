#include "serve/account_routes.h"

#include <string>
#include <utility>
#include <vector>

#include "serve/access_answers.h"
#include "serve/access_refusal.h"
#include "serve/access_roles.h"
#include "serve/json_body.h"

namespace tagwire::serve {

using Answering = boost::asio::awaitable<HttpResponse>;

Answering changePasswordRoute(Shard& shard, const HttpRequest& request) {
    auto body = bodyOf<wire::PasswordChange>(request);
    if (!body) return answerAtOnce(badRequest(body.error()));
    return doneByAccess(shard, [&services = accessServicesOf(shard), &caller = request.caller,
                                body = *std::move(body)](ServiceAnswer<bool> answer) {
        services.changeOwnPassword(caller.principal->user, body.old, body.password, sessionOf(caller),
                                   caller.asking(), std::move(answer));
    });
}

Answering ownSessionsRoute(Shard& shard, const HttpRequest& request) {
    using Sessions = std::vector<access::SessionRecord>;
    const auto& caller = request.caller;
    return askedOfAccess<Sessions>(
        shard,
        [&services = accessServicesOf(shard), &caller](ServiceAnswer<Sessions> answer) {
            services.sessions(caller.principal->user, std::move(answer));
        },
        [&caller](std::string& out, const Sessions& sessions) {
            appendSessions(out, sessions, sessionOf(caller));
        });
}

Answering endOwnSessionRoute(Shard& shard, const HttpRequest& request) {
    return doneByAccess(shard, [&services = accessServicesOf(shard), &request](ServiceAnswer<bool> answer) {
        services.endSession(request.arguments.front(), request.caller.principal->user,
                            request.caller.asking(), std::move(answer));
    });
}

Answering ownTokensRoute(Shard& shard, const HttpRequest& request) {
    using Tokens = std::vector<access::TokenRecord>;
    return askedOfAccess<Tokens>(
        shard,
        [&services = accessServicesOf(shard), &request](ServiceAnswer<Tokens> answer) {
            services.tokens(request.caller.principal->user, std::move(answer));
        },
        appendTokens);
}

Answering makeTokenRoute(Shard& shard, const HttpRequest& request) {
    auto body = bodyOf<wire::NewToken>(request);
    if (!body) return answerAtOnce(badRequest(body.error()));
    access::NewToken token{.name = std::move(body->name),
                           .user = request.caller.principal->user,
                           .role = roleOf(body->role),
                           .read = std::move(body->read),
                           .write = std::move(body->write),
                           .expires = body->expires};
    return askedOfAccess<access::MadeToken>(
        shard,
        [&services = accessServicesOf(shard), &request,
         token = std::move(token)](ServiceAnswer<access::MadeToken> answer) {
            services.makeToken(token, request.caller.asking(), std::move(answer));
        },
        appendMadeToken, 201);
}

Answering revokeOwnTokenRoute(Shard& shard, const HttpRequest& request) {
    return doneByAccess(shard, [&services = accessServicesOf(shard), &request](ServiceAnswer<bool> answer) {
        services.revokeToken(request.arguments.front(), request.caller.principal->user,
                             request.caller.asking(), std::move(answer));
    });
}

}  // namespace tagwire::serve
