#include "serve/admission.h"

#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "serve/credentials.h"
#include "serve/error_response.h"

namespace tagwire::serve {

using access::Action;
using access::Decision;
using access::Gate;
using wire::ErrorCode;

namespace {

constexpr std::size_t kMaxTargetBytes = 200;

/// What lies between a page and the session that its browser shows: a page of another origin can send much,
/// but it does not know the session's value, and cannot say that it is another's.
std::optional<HttpResponse> crossSiteRefusal(const ServerContext& server, const RouteRule& rule,
                                             const HttpRequest& request) {
    const auto& caller = request.caller;
    const bool own = server.origins.isOwn(request.origin, request.host, request.secure);
    if (rule.begins == Begins::Session) {
        if (request.origin.empty() || own) return std::nullopt;
        return errorResponse(
            ErrorCode::Forbidden,
            fmt::format("pages from '{}' cannot log in here; only the server's own can", request.origin));
    }
    if (caller.by != ShownBy::Cookie) return std::nullopt;
    if (!own) {
        return errorResponse(ErrorCode::Forbidden,
                             "what changes something by a session's cookie needs the header Origin of a page "
                             "of this server; programs send a token with Authorization: Bearer");
    }
    if (!sameSecret(request.csrf, caller.grant->csrf())) {
        return errorResponse(ErrorCode::Forbidden,
                             "what changes something by a session's cookie needs the header X-Tagwire-Csrf "
                             "with the value of 'csrf' in /api/v1/session");
    }
    return std::nullopt;
}

std::optional<HttpResponse> notAllowed(const ServerContext& server, const RouteRule& rule,
                                       const HttpRequest& request) {
    const auto& caller = request.caller;
    const auto decision = Gate::mayBegin(*caller.principal, rule.action);
    if (decision == Decision::Allowed) return std::nullopt;
    const auto why = whyNot(caller, rule.action, decision);
    if (decision == Decision::LoginNeeded) return unauthorized(why);
    server.denials.record(caller, rule.action, std::string_view(request.path).substr(0, kMaxTargetBytes),
                          wallClockNow());
    return errorResponse(ErrorCode::Forbidden, why);
}

HttpResponse optionsAnswer(const RouteMatch& match) {
    HttpResponse response;
    response.status = 204;
    response.headers.emplace_back("Allow",
                                  (match.methods.empty() ? std::string("GET, HEAD, POST, PUT, PATCH, DELETE")
                                                         : allowedMethods(match.methods)) +
                                      ", OPTIONS");
    return response;
}

AuditOutcome outcomeOf(unsigned status) noexcept {
    if (status < 400) return AuditOutcome::Done;
    return status < 500 ? AuditOutcome::Refused : AuditOutcome::Failed;
}

}  // namespace

Caller callerOf(const ServerContext& server, const HttpRequest& request, const ClientOrigin& origin) {
    const bool own =
        request.origin.empty() || server.origins.isOwn(request.origin, request.host, request.secure);
    auto caller = server.callers.find(
        {.cookie = own ? cookieValue(request.cookie, sessionCookieName(request.secure)) : std::nullopt,
         .token = bearerToken(request.authorization),
         .local = origin.peer.is_loopback() && !request.forwarded},
        wallClockNow());
    // Proxies are among the addresses that stand for many clients; others could say what they like.
    const auto forwarded = origin.address == nullptr ? nearestForwarded(request.forwardedFor) : std::nullopt;
    caller.address = forwarded ? std::string(*forwarded) : origin.peer.to_string();
    return caller;
}

Result<const RouteRule*, HttpResponse> admit(const ServerContext& server, HttpRequest& request,
                                             const ClientOrigin& origin) {
    auto match = matchRoute(routeRules(), request.method, request.path);
    if (match.methods.empty() && request.path != "*") return tl::unexpected(nothingAt(request.path));
    if (request.method == Method::Options) return tl::unexpected(optionsAnswer(match));
    if (match.rule == nullptr) return tl::unexpected(methodNotAllowed(allowedMethods(match.methods)));
    const auto& rule = *match.rule;
    request.arguments = std::move(match.arguments);
    // An agent shows a token of its source, which is nobody's here.
    if (const auto* door = std::get_if<Door>(&rule.handler); door != nullptr && *door == Door::Agent)
        return &rule;
    request.caller = callerOf(server, request, origin);
    // Others may log in by frames; who shows a wrong token has to hear of it.
    if (request.caller.by == ShownBy::WrongToken && std::holds_alternative<Door>(rule.handler))
        return tl::unexpected(unauthorized(whyNot(request.caller, rule.action, Decision::LoginNeeded)));
    if (auto refused = notAllowed(server, rule, request)) return tl::unexpected(*std::move(refused));
    if (changes(request.method)) {
        if (auto refused = crossSiteRefusal(server, rule, request))
            return tl::unexpected(*std::move(refused));
    }
    request.sight = TagSight::of(request.caller.principal);
    return &rule;
}

std::string whyNot(const Caller& caller, Action action, Decision decision) {
    if (caller.by == ShownBy::WrongToken) return "this token is unknown, has expired, or was revoked";
    if (decision == Decision::LoginNeeded) {
        return "log in first: open the server's page in a browser, or send a token with the header "
               "Authorization: Bearer";
    }
    const auto* rule = access::ruleOf(action);
    const auto& role = caller.principal->role;
    if (rule != nullptr && rule->needs == access::Needs::Person &&
        caller.principal->kind == access::PrincipalKind::Token)
        return "this is done by a user who has logged in, not with a token";
    return fmt::format("this takes the role {}; you have {}",
                       rule == nullptr ? "of nobody" : access::nameOf(rule->role),
                       role ? access::nameOf(*role) : "none");
}

void recordChange(const ServerContext& server, const RouteRule& rule, const HttpRequest& request,
                  const HttpResponse& response) {
    if (server.audit == nullptr || rule.recordedAs.empty()) return;
    auto asking = request.caller.asking();
    const auto outcome = outcomeOf(response.status);
    auto target =
        response.subject.empty() ? fmt::format("{}", fmt::join(request.arguments, "/")) : response.subject;
    server.audit->record(
        {.time = wallClockNow(),
         .user = std::move(asking.user),
         .token = std::move(asking.token),
         .address = std::move(asking.address),
         .action = std::string(rule.recordedAs),
         .target = std::move(target),
         .before = {},
         .after = {},
         .outcome = outcome,
         .detail = outcome == AuditOutcome::Done ? std::string() : std::string(response.content())});
}

}  // namespace tagwire::serve
