#include "model/status_code.h"

#include <algorithm>

#include <fmt/format.h>

#include "model/generated/status_code_names.h"

namespace tagwire {

std::string_view statusName(StatusCode status) noexcept {
    const auto code = status.withoutInfoBits().code();
    const auto found = std::ranges::lower_bound(kStatusCodeNames, code, {}, &StatusCodeName::code);
    return found != kStatusCodeNames.end() && found->code == code ? found->name : std::string_view{};
}

std::string statusText(StatusCode status) {
    if (const auto name = statusName(status); !name.empty()) return std::string(name);
    constexpr std::string_view kSeverities[] = {"Good", "Uncertain", "Bad"};
    return fmt::format("{} (0x{:08X})", kSeverities[static_cast<std::size_t>(status.severity())],
                       status.code());
}

}  // namespace tagwire
