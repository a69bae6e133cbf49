/// Roles as the protocol names them, and as access control knows them.
/// Thread: any. Lifetime: functions.
#pragma once

#include <cstddef>

#include "access/role.h"
#include "wire/generated/protocol.h"

namespace tagwire::serve {

[[nodiscard]] constexpr access::Role roleOf(wire::Role role) noexcept {
    static_assert(static_cast<std::size_t>(access::Role::Administrator) + 1 == wire::kRoleNames.size());
    static_assert(static_cast<int>(wire::Role::Viewer) == static_cast<int>(access::Role::Viewer));
    static_assert(static_cast<int>(wire::Role::Operator) == static_cast<int>(access::Role::Operator));
    static_assert(static_cast<int>(wire::Role::Engineer) == static_cast<int>(access::Role::Engineer));
    return static_cast<access::Role>(role);
}

}  // namespace tagwire::serve
