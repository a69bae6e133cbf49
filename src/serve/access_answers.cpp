#include "serve/access_answers.h"

#include <optional>
#include <string_view>

#include "access/gate.h"
#include "base/json_text.h"
#include "wire/json_list.h"

namespace tagwire::serve {
namespace {

using access::Decision;
using access::Gate;

/// The last that JSON has room for, and OPC UA a year: whatever ends later does not.
constexpr Timestamp kNever = fromUnixMillis(253'402'300'799'999);

void appendTexts(std::string& out, const std::vector<std::string>& texts) {
    wire::appendJsonList(out, texts,
                         [](std::string& to, const std::string& text) { appendJsonString(to, text); });
}

void appendPatterns(std::string& out, const std::vector<TagPattern>& patterns) {
    wire::appendJsonList(out, patterns, [](std::string& to, const TagPattern& pattern) {
        appendJsonString(to, pattern.text());
    });
}

void writeTime(ObjectWriter& object, std::string_view name, std::optional<Timestamp> time) {
    if (time && *time < kNever) {
        object.member(name, *time);
    } else {
        object.key(name) += "null";
    }
}

std::string_view nameOf(access::PrincipalKind kind) noexcept {
    switch (kind) {
        case access::PrincipalKind::User: return "user";
        case access::PrincipalKind::Token: return "token";
        case access::PrincipalKind::Anonymous: break;
    }
    return "anonymous";
}

/// `read_tag` → `ReadTag`.
std::string camel(std::string_view name) {
    std::string text;
    bool begins = true;
    for (const char c : name) {
        if (c != '_') text += begins && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
        begins = c == '_';
    }
    return text;
}

std::vector<std::string> allowedActions(const access::Principal& principal) {
    std::vector<std::string> names;
    for (const auto& rule : access::actionRules()) {
        if (Gate::mayBegin(principal, rule.action) == Decision::Allowed) names.push_back(camel(rule.name));
    }
    return names;
}

/// By its whole address: what is to come back to one host has to begin there.
void appendProvider(std::string& out, const access::ProviderSummary& provider) {
    ObjectWriter object(out);
    object.member("title", provider.title);
    object.member("address", provider.page + "/api/v1/login/oidc");
}

void appendSessionRecord(std::string& out, const access::SessionRecord& session, std::string_view current) {
    ObjectWriter object(out);
    object.member("id", session.id);
    object.member("user", session.user);
    object.member("address", session.address);
    object.member("agent", session.agent);
    object.member("begun", session.begun);
    object.member("seen", session.seen);
    object.member("expires", session.expires);
    object.member("current", session.id == current);
}

void appendToken(std::string& out, const access::TokenRecord& token) {
    ObjectWriter object(out);
    object.member("id", token.id);
    object.member("name", token.name);
    object.member("user", token.user);
    object.member("role", access::nameOf(token.role));
    appendTexts(object.key("read"), token.read);
    appendTexts(object.key("write"), token.write);
    object.member("created", token.created);
    writeTime(object, "expires", token.expires);
    writeTime(object, "used", token.used);
}

}  // namespace

void appendSession(std::string& out, const Caller& caller, bool users,
                   const access::LoginProvider* provider) {
    const auto& principal = *caller.principal;
    ObjectWriter object(out);
    object.member("kind", nameOf(principal.kind));
    object.member("user", principal.user);
    if (principal.role) {
        object.member("role", access::nameOf(*principal.role));
    } else {
        object.key("role") += "null";
    }
    // Of a token its own patterns, which are the narrowest.
    const access::TagScope none;
    const auto& scope = principal.scopes.empty() ? none : principal.scopes.back();
    appendPatterns(object.key("read"), scope.readPatterns());
    appendPatterns(object.key("write"), scope.writePatterns());
    if (caller.by == ShownBy::Cookie) {
        object.member("csrf", caller.grant->csrf());
    } else {
        object.key("csrf") += "null";
    }
    writeTime(object, "expires", caller.grant ? std::optional(caller.grant->expires()) : std::nullopt);
    object.member("users", users);
    object.member("setUp", !users);
    appendTexts(object.key("may"), allowedActions(principal));
    if (principal.external) object.member("external", true);
    if (provider != nullptr) appendProvider(object.key("provider"), provider->summary());
}

void appendSessions(std::string& out, const std::vector<access::SessionRecord>& sessions,
                    std::string_view current) {
    ObjectWriter object(out);
    wire::appendJsonList(object.key("sessions"), sessions,
                         [current](std::string& to, const access::SessionRecord& session) {
                             appendSessionRecord(to, session, current);
                         });
}

void appendTokens(std::string& out, const std::vector<access::TokenRecord>& tokens) {
    ObjectWriter object(out);
    wire::appendJsonList(object.key("tokens"), tokens, appendToken);
}

void appendMadeToken(std::string& out, const access::MadeToken& token) {
    ObjectWriter object(out);
    appendToken(object.key("token"), token.record);
    object.member("secret", token.secret);
}

void appendUser(std::string& out, const access::UserRecord& user) {
    ObjectWriter object(out);
    object.member("name", user.name);
    object.member("role", access::nameOf(user.role));
    appendTexts(object.key("read"), user.read);
    appendTexts(object.key("write"), user.write);
    object.member("disabled", user.disabled);
    object.member("created", user.created);
    writeTime(object, "lastLogin", user.lastLogin);
    object.member("external", user.external);
}

void appendUsers(std::string& out, const std::vector<access::UserRecord>& users) {
    ObjectWriter object(out);
    wire::appendJsonList(object.key("users"), users, appendUser);
}

}  // namespace tagwire::serve
