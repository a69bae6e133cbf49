#include "access/role.h"

#include <array>

#include <fmt/format.h>

namespace tagwire::access {
namespace {

using std::string_view_literals::operator""sv;

constexpr std::array kNames{OptionName{Role::Viewer, "viewer"sv}, OptionName{Role::Operator, "operator"sv},
                            OptionName{Role::Engineer, "engineer"sv},
                            OptionName{Role::Administrator, "administrator"sv}};

}  // namespace

std::span<const OptionName<Role>> optionNames(Role /*role*/) noexcept { return kNames; }

std::string_view nameOf(Role role) noexcept {
    for (const auto& entry : kNames) {
        if (entry.value == role) return entry.name;
    }
    return {};
}

Result<Role> parseRole(std::string_view text) {
    for (const auto& entry : kNames) {
        if (entry.name == text) return entry.value;
    }
    return fail(fmt::format("'{}' is no role; there are viewer, operator, engineer and administrator", text));
}

}  // namespace tagwire::access
