#include "serve/route_rules.h"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "serve/access_routes.h"
#include "serve/account_routes.h"
#include "serve/asset_routes.h"
#include "serve/audit_routes.h"
#include "serve/condition_routes.h"
#include "serve/document_routes.h"
#include "serve/engineering_routes.h"
#include "serve/event_routes.h"
#include "serve/frame_rules.h"
#include "serve/history_routes.h"
#include "serve/metrics_route.h"
#include "serve/provider_routes.h"
#include "serve/rest_routes.h"
#include "serve/server_routes.h"
#include "serve/user_routes.h"
#include "serve/write_routes.h"

namespace tagwire::serve {
namespace {

using access::Action;
using enum Method;

/// Whatever is no part of the API may be a page.
constexpr std::string_view kPages = "/{page}";
constexpr std::string_view kApi = "/api/";

constexpr std::array kRules{
    // --- for everybody
    RouteRule{Get, "/healthz", Action::UsePublic, &healthRoute},
    RouteRule{Get, "/readyz", Action::UsePublic, &readinessRoute},
    RouteRule{Get, "/api/v1/openapi.json", Action::UsePublic, &openApiRoute},
    RouteRule{Get, "/api/v1/asyncapi.json", Action::UsePublic, &asyncApiRoute},
    RouteRule{Get, "/api/v1/session", Action::UsePublic, &sessionRoute},
    RouteRule{Post, "/api/v1/session", Action::UsePublic, &loginRoute, {}, Begins::Session},
    RouteRule{Delete, "/api/v1/session", Action::UsePublic, &logoutRoute},
    // The services write down who comes back from there.
    RouteRule{Get, "/api/v1/login/oidc", Action::UsePublic, &toProviderRoute},
    RouteRule{Get, "/api/v1/login/oidc/callback", Action::UsePublic, &fromProviderRoute},
    RouteRule{Post, "/api/v1/setup", Action::UsePublic, &setUpRoute, {}, Begins::Session},
    RouteRule{Get, kPages, Action::UsePublic, &pageRoute},
    RouteRule{Get, "/", Action::UsePublic, &pageRoute},

    // --- values
    RouteRule{Get, "/api/v1/info", Action::ReadSources, &infoRoute},
    RouteRule{Get, "/api/v1/tags", Action::ReadTag, &tagsRoute},
    RouteRule{Get, "/api/v1/tags/{path}", Action::ReadTag, &tagRoute},
    RouteRule{Get, "/api/v1/values", Action::ReadTag, &valuesRoute},
    // The desk writes down what becomes of it.
    RouteRule{Post, "/api/v1/values", Action::WriteTag, &writeRoute},
    RouteRule{Get, "/api/v1/history", Action::ReadHistory, &historyRoute},
    RouteRule{Get, "/api/v1/stream", Action::ReadTag, Door::EventStream},
    RouteRule{Get, "/ws", Action::UsePublic, Door::Tagwire},
    RouteRule{Get, "/tagCurValue", Action::ReadTag, Door::TagValue},
    RouteRule{Get, "/api/v1/sources", Action::ReadSources, &sourcesRoute},
    RouteRule{Get, "/api/v1/sources/{name}", Action::ReadSources, &sourceRoute},
    RouteRule{Get, "/api/v1/sources/{name}/events", Action::ReadSources, &eventsRoute},
    RouteRule{Get, "/api/v1/sources/{name}/conditions", Action::ReadSources, &conditionsRoute},
    // The route writes down each attempt, with what came of it.
    RouteRule{Post, "/api/v1/sources/{name}/conditions", Action::AcknowledgeAlarm, &conditionOrderRoute},
    RouteRule{Get, "/metrics", Action::ReadMetrics, &metricsRoute},

    // --- documents
    RouteRule{Get, "/api/v1/documents/{kind}", Action::ReadDocuments, &documentListRoute},
    RouteRule{Get, "/api/v1/documents/{kind}/{name}", Action::ReadDocuments, &documentRoute},
    RouteRule{Get, "/api/v1/documents/{kind}/{name}/versions", Action::ReadDocuments, &documentVersionsRoute},
    RouteRule{Put, "/api/v1/documents/{kind}/{name}", Action::ChangeConfiguration, &documentSaveRoute,
              "document.save"},
    RouteRule{Delete, "/api/v1/documents/{kind}/{name}", Action::ChangeConfiguration, &documentRemoveRoute,
              "document.remove"},

    // --- how the plant is connected
    RouteRule{Get, "/api/v1/sources/{name}/browse", Action::BrowseAddressSpace, &browseRoute},
    RouteRule{Get, "/api/v1/sources/{name}/node", Action::BrowseAddressSpace, &nodeRoute},
    RouteRule{Get, "/api/v1/sources/{name}/search", Action::BrowseAddressSpace, &searchRoute},
    RouteRule{Get, "/api/v1/opcua/certificates", Action::ManageCertificates, &certificatesRoute},
    RouteRule{Get, "/api/v1/opcua/certificates/own.der", Action::ManageCertificates, &ownCertificateRoute},
    RouteRule{Post, "/api/v1/opcua/certificates/trust", Action::ManageCertificates, &trustRoute,
              "certificate.trust"},
    RouteRule{Post, "/api/v1/opcua/certificates/reject", Action::ManageCertificates, &rejectRoute,
              "certificate.reject"},
    RouteRule{Post, "/api/v1/opcua/certificates/remove", Action::ManageCertificates, &removeCertificateRoute,
              "certificate.remove"},
    RouteRule{Get, "/api/v1/opcua/endpoints", Action::BrowseAddressSpace, &endpointsRoute},
    RouteRule{Post, "/api/v1/opcua/sources", Action::ChangeConfiguration, &addSourceRoute, "source.add"},
    RouteRule{Post, "/api/v1/opcua/sources/{name}/tags", Action::ChangeConfiguration, &addTagsRoute,
              "source.add_tags"},
    RouteRule{Post, "/api/v1/opcua/sources/{name}/remove", Action::ChangeConfiguration, &removeSourceRoute,
              "source.remove"},
    RouteRule{Get, "/api/v1/agent", Action::UsePublic, Door::Agent},

    // --- one's own account, everybody's, and what was done; the services write down what changes there
    RouteRule{Put, "/api/v1/account/password", Action::ManageOwnAccount, &changePasswordRoute},
    RouteRule{Get, "/api/v1/account/sessions", Action::ManageOwnAccount, &ownSessionsRoute},
    RouteRule{Delete, "/api/v1/account/sessions/{id}", Action::ManageOwnAccount, &endOwnSessionRoute},
    RouteRule{Get, "/api/v1/account/tokens", Action::ManageOwnAccount, &ownTokensRoute},
    RouteRule{Post, "/api/v1/account/tokens", Action::ManageOwnAccount, &makeTokenRoute},
    RouteRule{Delete, "/api/v1/account/tokens/{id}", Action::ManageOwnAccount, &revokeOwnTokenRoute},
    RouteRule{Get, "/api/v1/users", Action::ManageUsers, &usersRoute},
    RouteRule{Post, "/api/v1/users", Action::ManageUsers, &addUserRoute},
    RouteRule{Patch, "/api/v1/users/{name}", Action::ManageUsers, &changeUserRoute},
    RouteRule{Delete, "/api/v1/users/{name}", Action::ManageUsers, &removeUserRoute},
    RouteRule{Get, "/api/v1/sessions", Action::ManageUsers, &sessionsRoute},
    RouteRule{Delete, "/api/v1/sessions/{id}", Action::ManageUsers, &endSessionRoute},
    RouteRule{Get, "/api/v1/tokens", Action::ManageUsers, &tokensRoute},
    RouteRule{Delete, "/api/v1/tokens/{id}", Action::ManageUsers, &revokeTokenRoute},
    RouteRule{Get, "/api/v1/audit", Action::ReadAudit, &auditRoute},
    RouteRule{Get, "/api/v1/audit/verify", Action::ReadAudit, &auditVerifyRoute},
};

std::size_t literalLetters(std::string_view pattern) {
    std::size_t letters = 0;
    bool within = false;
    for (const char c : pattern) {
        within = within || c == '{';
        if (!within) ++letters;
        within = within && c != '}';
    }
    return letters;
}

std::string_view nameOf(access::Needs needs) noexcept {
    switch (needs) {
        case access::Needs::Nothing: return "nobody";
        case access::Needs::Role: return "role";
        case access::Needs::Login: return "login";
        case access::Needs::Person: return "person";
    }
    return {};
}

void appendRule(std::string& out, std::string_view what, std::string_view name, Action action) {
    const auto* rule = access::ruleOf(action);
    const bool open = rule->needs == access::Needs::Nothing;
    fmt::format_to(std::back_inserter(out), "{}\t{}\t{}\t{}\t{}\n", what, name, rule->name,
                   open ? "-" : access::nameOf(rule->role), nameOf(rule->needs));
}

}  // namespace

std::span<const RouteRule> routeRules() noexcept { return kRules; }

std::optional<std::vector<std::string>> matchPath(std::string_view pattern, std::string_view path) {
    std::vector<std::string> arguments;
    for (;;) {
        const auto open = std::min(pattern.find('{'), pattern.size());
        if (!path.starts_with(pattern.substr(0, open))) return std::nullopt;
        path.remove_prefix(open);
        pattern.remove_prefix(open);
        if (pattern.empty()) return path.empty() ? std::optional(std::move(arguments)) : std::nullopt;
        pattern.remove_prefix(pattern.find('}') + 1);
        const bool last = pattern.find('{') == std::string_view::npos;
        if (last && !path.ends_with(pattern)) return std::nullopt;
        const auto size = last ? path.size() - pattern.size() : std::min(path.find('/'), path.size());
        if (size == 0) return std::nullopt;
        arguments.emplace_back(path.substr(0, size));
        path.remove_prefix(size);
    }
}

RouteMatch matchRoute(std::span<const RouteRule> rules, Method method, std::string_view path) {
    RouteMatch best;
    std::string_view pattern;
    const auto asked = method == Method::Head ? Method::Get : method;
    for (const auto& rule : rules) {
        const bool same = !best.methods.empty() && rule.path == pattern;
        if (!same) {
            if (!best.methods.empty() && literalLetters(rule.path) <= literalLetters(pattern)) continue;
            if (rule.path == kPages && path.starts_with(kApi)) continue;
            auto arguments = matchPath(rule.path, path);
            if (!arguments) continue;
            best = {.rule = nullptr, .arguments = *std::move(arguments), .methods = {}};
            pattern = rule.path;
        }
        best.methods.push_back(rule.method);
        if (rule.method == asked) best.rule = &rule;
    }
    return best;
}

std::string allowedMethods(const std::vector<Method>& methods) {
    std::vector<std::string_view> names;
    for (const auto method : methods) {
        names.push_back(nameOf(method));
        if (method == Method::Get) names.push_back(nameOf(Method::Head));
    }
    return fmt::format("{}", fmt::join(names, ", "));
}

std::string_view nameOf(Method method) noexcept {
    switch (method) {
        case Method::Get: return "GET";
        case Method::Head: return "HEAD";
        case Method::Options: return "OPTIONS";
        case Method::Post: return "POST";
        case Method::Put: return "PUT";
        case Method::Patch: return "PATCH";
        case Method::Delete: return "DELETE";
        case Method::Other: break;
    }
    return "OTHER";
}

std::string rulesText() {
    std::string out = "METHOD\tPATH\tACTION\tROLE\tNEEDS\n";
    for (const auto& rule : kRules) appendRule(out, nameOf(rule.method), rule.path, rule.action);
    for (const auto& rule : frameRules()) appendRule(out, "FRAME", rule.t, rule.action);
    return out;
}

}  // namespace tagwire::serve
