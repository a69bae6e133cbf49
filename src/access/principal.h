/// Who asks: a person, a program with a token, or somebody who has not said.
/// Thread: any (immutable once made). Lifetime: value type.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "access/role.h"
#include "access/tag_scope.h"

namespace tagwire::access {

enum class PrincipalKind : std::uint8_t { Anonymous, User, Token };

struct Principal {
    PrincipalKind kind = PrincipalKind::Anonymous;
    /// The user, for a token the one who made it; empty for anonymous.
    std::string user;
    /// The token's own name.
    std::string token;
    /// None: nothing but what is public.
    std::optional<Role> role;
    /// All of them have to allow a tag: a token reaches no further than its user. None at all allows no tag.
    std::vector<TagScope> scopes;
    /// A user who logs in by a provider, and has no password here.
    bool external = false;
};

/// Somebody unknown who may do nothing but what is public.
[[nodiscard]] Principal stranger();

/// Somebody unknown to whom the configuration gives a role.
[[nodiscard]] Principal anonymous(Role role);

/// What a token of `user` may do: no more than the user, and no more than was written for the token.
[[nodiscard]] Principal narrowed(const Principal& user, std::string token, Role role, TagScope scope);

}  // namespace tagwire::access
