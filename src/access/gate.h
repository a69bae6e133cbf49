/// The one place that says yes. Routes, frames and pages ask here, and whatever is not allowed is refused.
/// Thread: any. Lifetime: functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "access/action.h"
#include "access/principal.h"

namespace tagwire::access {

enum class Decision : std::uint8_t {
    Allowed,
    LoginNeeded,  ///< 401: whoever asks has not said who he is, and nobody unknown may do this
    Forbidden,    ///< 403: he is known, and may not
};

struct Gate {
    /// `tag` is the path the action is about. An action about a tag is refused without one: ask for each tag,
    /// or mayBegin() where the tags come later.
    [[nodiscard]] static Decision decide(const Principal& principal, Action action,
                                         std::optional<std::string_view> tag = {});

    /// Whether it is worth while to look at tags at all: false where decide() refuses each of them.
    [[nodiscard]] static Decision mayBegin(const Principal& principal, Action action);
};

}  // namespace tagwire::access
