#include "access/principal.h"

#include <algorithm>
#include <utility>

namespace tagwire::access {

Principal stranger() {
    return {.kind = PrincipalKind::Anonymous, .user = {}, .token = {}, .role = {}, .scopes = {}};
}

Principal anonymous(Role role) {
    auto principal = stranger();
    principal.role = role;
    principal.scopes.push_back(TagScope::everything());
    return principal;
}

Principal narrowed(const Principal& user, std::string token, Role role, TagScope scope) {
    auto principal = user;
    principal.kind = PrincipalKind::Token;
    principal.token = std::move(token);
    if (principal.role) principal.role = std::min(*principal.role, role);
    principal.scopes.push_back(std::move(scope));
    return principal;
}

}  // namespace tagwire::access
