/// Who may change how the plant is connected and shown. The one place that decides it, for every route of
/// that kind. Thread: any. Lifetime: function.
#pragma once

#include <optional>
#include <string_view>

namespace tagwire::serve {

/// Why whoever asks may not; nothing: he may. Whoever is not on this machine has no way yet to say who he is.
[[nodiscard]] constexpr std::optional<std::string_view> engineeringRefusal(bool fromThisMachine) noexcept {
    if (fromThisMachine) return std::nullopt;
    return "this is for programs and browsers on the server's own machine only, because there is no login "
           "yet: "
           "open the page there, or through an SSH tunnel";
}

}  // namespace tagwire::serve
