/// Somebody for whom a provider outside vouches, and why somebody is not let in although one did, or because
/// none did. Thread: any. Lifetime: value types.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "access/role.h"
#include "base/result.h"

namespace tagwire::access {

/// What the page tells whoever comes back from a provider; the audit log has the details.
enum class LoginProblem : std::uint8_t {
    Provider,   ///< it does not answer, or not as one
    Busy,       ///< too many log in at the same time
    Locked,     ///< too many logins from that address failed
    Stale,      ///< not begun in this browser, or too long ago, or done already
    Denied,     ///< the provider does not let the user in
    Untrusted,  ///< what it says of the user is not proved
    NoRole,     ///< none of the user's roles there is one here
    BadName,    ///< the user has no name there that could be one here
    NameTaken,  ///< somebody else here has that name
    Disabled,
    FirstUser,  ///< there is no user yet, and the first has to be an administrator
    Failed,     ///< the server could not
};

/// As addresses have it: `no_role`.
[[nodiscard]] std::string_view nameOf(LoginProblem problem) noexcept;

/// What a provider vouches for. Only both together name somebody for good: `issuer` and `subject`.
struct ExternalUser {
    std::string issuer;
    std::string subject;
    std::string name;  ///< what to call him
    Role role = Role::Viewer;
};

struct ExternalRefusal {
    LoginProblem problem = LoginProblem::Failed;
    std::string detail;  ///< for administrators: what happened and what to do
    std::string name;    ///< of the user, as far as it is known
};

[[nodiscard]] inline tl::unexpected<ExternalRefusal> refuseLogin(LoginProblem problem, std::string detail,
                                                                 std::string name = {}) {
    return tl::unexpected(
        ExternalRefusal{.problem = problem, .detail = std::move(detail), .name = std::move(name)});
}

/// What came of a login at a provider.
struct ExternalLogin {
    Result<ExternalUser, ExternalRefusal> user;
    std::string address;
    std::string agent;
};

}  // namespace tagwire::access
