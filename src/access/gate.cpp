#include "access/gate.h"

#include <algorithm>

namespace tagwire::access {
namespace {

bool allowsTag(const Principal& principal, TagUse use, std::string_view tag) {
    return !principal.scopes.empty() && std::ranges::all_of(principal.scopes, [&](const TagScope& scope) {
        return use == TagUse::Write ? scope.writes(tag) : scope.reads(tag);
    });
}

bool isWhoIsNeeded(const Principal& principal, Needs needs) {
    switch (needs) {
        case Needs::Nothing:
        case Needs::Role: return true;
        case Needs::Login: return principal.kind != PrincipalKind::Anonymous;
        case Needs::Person: return principal.kind == PrincipalKind::User;
    }
    return false;
}

Decision refusal(const Principal& principal) {
    return principal.kind == PrincipalKind::Anonymous ? Decision::LoginNeeded : Decision::Forbidden;
}

}  // namespace

Decision Gate::mayBegin(const Principal& principal, Action action) {
    const auto* rule = ruleOf(action);
    if (rule == nullptr) return Decision::Forbidden;
    if (rule->needs == Needs::Nothing) return Decision::Allowed;
    const bool allowed =
        isWhoIsNeeded(principal, rule->needs) && principal.role && *principal.role >= rule->role;
    return allowed ? Decision::Allowed : refusal(principal);
}

Decision Gate::decide(const Principal& principal, Action action, std::optional<std::string_view> tag) {
    const auto begin = mayBegin(principal, action);
    if (begin != Decision::Allowed) return begin;
    const auto use = ruleOf(action)->tags;
    if (use == TagUse::None || (tag && allowsTag(principal, use, *tag))) return Decision::Allowed;
    return refusal(principal);
}

}  // namespace tagwire::access
