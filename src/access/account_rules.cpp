#include "access/account_rules.h"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>
#include <utf8.h>

namespace tagwire::access {
namespace {

bool isNameCharacter(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-' || c == '@';
}

}  // namespace

Result<void> checkUserName(std::string_view name) {
    if (name.empty() || name.size() > kMaxUserNameBytes || !std::ranges::all_of(name, isNameCharacter) ||
        name.front() == '.' || name.front() == '-') {
        return fail(
            fmt::format("a user's name has 1 to {} of the characters a-z, A-Z, 0-9, '.', '_', '-' and "
                        "'@', and does not begin with '.' or '-'",
                        kMaxUserNameBytes));
    }
    return {};
}

bool sameUserName(std::string_view a, std::string_view b) noexcept {
    return std::ranges::equal(
        a, b, [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

Result<void> checkTokenName(std::string_view name) {
    const auto isControl = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; };
    if (name.empty() || name.size() > kMaxTokenNameBytes || std::ranges::any_of(name, isControl) ||
        name.front() == ' ' || name.back() == ' ' || !utf8::is_valid(name.begin(), name.end())) {
        return fail(
            fmt::format("a token's name has 1 to {} bytes of visible characters, such as the "
                        "program that uses it",
                        kMaxTokenNameBytes));
    }
    return {};
}

}  // namespace tagwire::access
