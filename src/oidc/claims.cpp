#include "oidc/claims.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/clip.h"

namespace tagwire::oidc {

using access::ExternalRefusal;
using access::ExternalUser;
using access::LoginProblem;
using access::OidcOptions;
using access::Role;

namespace {

/// What of the values that nobody listed is shown in the audit log.
constexpr std::size_t kMaxValuesBytes = 300;

std::string_view view(boost::json::string_view text) noexcept { return {text.data(), text.size()}; }

std::string textAt(const boost::json::object& claims, std::string_view path) {
    const auto* claim = claimAt(claims, path);
    const auto* text = claim == nullptr ? nullptr : claim->if_string();
    return text == nullptr ? std::string() : std::string(view(*text));
}

std::optional<Role> highestRole(const std::vector<std::string>& values, const OidcOptions& options) {
    const std::array<std::pair<Role, const std::vector<std::string>*>, 4> falling{{
        {Role::Administrator, &options.administrators},
        {Role::Engineer, &options.engineers},
        {Role::Operator, &options.operators},
        {Role::Viewer, &options.viewers},
    }};
    for (const auto& [role, listed] : falling) {
        if (std::ranges::find_first_of(values, *listed) != values.end()) return role;
    }
    return std::nullopt;
}

std::string whyNoRole(const boost::json::value* claim, const std::vector<std::string>& values,
                      const OidcOptions& options) {
    if (claim == nullptr)
        return fmt::format(
            "the provider sends no claim '{}': let it put that into the ID token or its userinfo, or name "
            "another one in role_claim",
            options.roleClaim);
    return fmt::format(
        "none of the values of '{}' ({}) is listed in [security.oidc] under viewer, operator, engineer or "
        "administrator: give the user one that is, or list one that he has",
        options.roleClaim,
        values.empty() ? std::string("none")
                       : clipped(fmt::format("{}", fmt::join(values, ", ")), kMaxValuesBytes));
}

}  // namespace

const boost::json::value* claimAt(const boost::json::object& claims, std::string_view path) {
    if (const auto* whole = claims.if_contains(path)) return whole;
    for (auto dot = path.find('.'); dot != std::string_view::npos; dot = path.find('.', dot + 1)) {
        const auto* outer = claims.if_contains(path.substr(0, dot));
        const auto* object = outer == nullptr ? nullptr : outer->if_object();
        if (object == nullptr) continue;
        if (const auto* inner = claimAt(*object, path.substr(dot + 1))) return inner;
    }
    return nullptr;
}

std::vector<std::string> textsOf(const boost::json::value& claim) {
    std::vector<std::string> texts;
    if (const auto* text = claim.if_string()) {
        texts.emplace_back(view(*text));
    } else if (const auto* array = claim.if_array()) {
        for (const auto& each : *array) {
            if (const auto* inner = each.if_string()) texts.emplace_back(view(*inner));
        }
    } else if (const auto* object = claim.if_object()) {
        for (const auto& member : *object) texts.emplace_back(view(member.key()));
    }
    return texts;
}

bool haveNameAndRole(const boost::json::object& claims, const OidcOptions& options) {
    return claimAt(claims, options.userClaim) != nullptr && claimAt(claims, options.roleClaim) != nullptr;
}

Result<ExternalUser, ExternalRefusal> externalUserOf(const boost::json::object& claims,
                                                     const OidcOptions& options) {
    ExternalUser user{.issuer = options.issuer,
                      .subject = textAt(claims, "sub"),
                      .name = textAt(claims, options.userClaim),
                      .role = Role::Viewer};
    const auto refuse = [&](LoginProblem problem, std::string detail) {
        return access::refuseLogin(problem, std::move(detail), user.name);
    };
    if (user.subject.empty())
        return refuse(LoginProblem::Untrusted, "the provider does not say of whom it speaks (claim 'sub')");
    if (user.name.empty())
        return refuse(LoginProblem::BadName,
                      fmt::format("the provider sends no text as claim '{}': let it put one into the ID "
                                  "token or its userinfo, or name another one in user_claim",
                                  options.userClaim));
    const auto* claim = claimAt(claims, options.roleClaim);
    const auto values = claim == nullptr ? std::vector<std::string>{} : textsOf(*claim);
    const auto role = highestRole(values, options);
    if (!role) return refuse(LoginProblem::NoRole, whyNoRole(claim, values, options));
    user.role = *role;
    return user;
}

}  // namespace tagwire::oidc
