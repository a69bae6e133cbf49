/// What each frame of tagwire.v1 that clients send is about. A frame without a rule does not compile.
/// Thread: any. Lifetime: functions; the table lives as long as the program.
#pragma once

#include <span>
#include <string_view>

#include "access/action.h"
#include "wire/generated/protocol.h"

namespace tagwire::serve {

struct FrameRule {
    std::string_view t;
    access::Action action;
};

/// In the order of wire::ClientFrame.
[[nodiscard]] std::span<const FrameRule> frameRules() noexcept;

[[nodiscard]] access::Action actionOf(const wire::ClientFrame& frame) noexcept;

}  // namespace tagwire::serve
