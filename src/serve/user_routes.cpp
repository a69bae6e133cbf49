#include "serve/user_routes.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "serve/access_answers.h"
#include "serve/access_refusal.h"
#include "serve/access_roles.h"
#include "serve/json_body.h"

namespace tagwire::serve {

using access::UserRecord;
using Answering = boost::asio::awaitable<HttpResponse>;

Answering usersRoute(Shard& shard, const HttpRequest& /*request*/) {
    return askedOfAccess<std::vector<UserRecord>>(
        shard,
        [&services = accessServicesOf(shard)](ServiceAnswer<std::vector<UserRecord>> answer) {
            services.users(std::move(answer));
        },
        appendUsers);
}

Answering addUserRoute(Shard& shard, const HttpRequest& request) {
    auto body = bodyOf<wire::NewUser>(request);
    if (!body) return answerAtOnce(badRequest(body.error()));
    UserRecord user{.name = std::move(body->name),
                    .role = roleOf(body->role),
                    .read = std::move(body->read),
                    .write = std::move(body->write),
                    .disabled = false,
                    .created = wallClockNow(),
                    .lastLogin = std::nullopt};
    return askedOfAccess<UserRecord>(
        shard,
        [&services = accessServicesOf(shard), &request, user = std::move(user),
         password = std::move(body->password)](ServiceAnswer<UserRecord> answer) {
            services.addUser(user, password, request.caller.asking(), std::move(answer));
        },
        appendUser, 201);
}

Answering changeUserRoute(Shard& shard, const HttpRequest& request) {
    auto body = bodyOf<wire::UserChange>(request);
    if (!body) return answerAtOnce(badRequest(body.error()));
    access::UserChange change{
        .name = request.arguments.front(),
        .password = std::move(body->password),
        .role = body->role ? std::optional(roleOf(*body->role)) : std::nullopt,
        .read = std::move(body->read),
        .write = std::move(body->write),
        .disabled = body->disabled,
    };
    return askedOfAccess<UserRecord>(
        shard,
        [&services = accessServicesOf(shard), &request,
         change = std::move(change)](ServiceAnswer<UserRecord> answer) {
            services.changeUser(change, request.caller.asking(), std::move(answer));
        },
        appendUser);
}

Answering removeUserRoute(Shard& shard, const HttpRequest& request) {
    return doneByAccess(shard, [&services = accessServicesOf(shard), &request](ServiceAnswer<bool> answer) {
        services.removeUser(request.arguments.front(), request.caller.asking(), std::move(answer));
    });
}

Answering sessionsRoute(Shard& shard, const HttpRequest& request) {
    using Sessions = std::vector<access::SessionRecord>;
    return askedOfAccess<Sessions>(
        shard,
        [&services = accessServicesOf(shard)](ServiceAnswer<Sessions> answer) {
            services.sessions(std::nullopt, std::move(answer));
        },
        [&caller = request.caller](std::string& out, const Sessions& sessions) {
            appendSessions(out, sessions, sessionOf(caller));
        });
}

Answering endSessionRoute(Shard& shard, const HttpRequest& request) {
    return doneByAccess(shard, [&services = accessServicesOf(shard), &request](ServiceAnswer<bool> answer) {
        services.endSession(request.arguments.front(), std::nullopt, request.caller.asking(),
                            std::move(answer));
    });
}

Answering tokensRoute(Shard& shard, const HttpRequest& /*request*/) {
    using Tokens = std::vector<access::TokenRecord>;
    return askedOfAccess<Tokens>(
        shard,
        [&services = accessServicesOf(shard)](ServiceAnswer<Tokens> answer) {
            services.tokens(std::nullopt, std::move(answer));
        },
        appendTokens);
}

Answering revokeTokenRoute(Shard& shard, const HttpRequest& request) {
    return doneByAccess(shard, [&services = accessServicesOf(shard), &request](ServiceAnswer<bool> answer) {
        services.revokeToken(request.arguments.front(), std::nullopt, request.caller.asking(),
                             std::move(answer));
    });
}

}  // namespace tagwire::serve
