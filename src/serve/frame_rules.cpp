#include "serve/frame_rules.h"

#include <array>
#include <cstddef>
#include <variant>

namespace tagwire::serve {
namespace {

using access::Action;

constexpr std::array kFrameRules{
    FrameRule{"auth", Action::UsePublic},     FrameRule{"sub", Action::ReadTag},
    FrameRule{"unsub", Action::ReadTag},      FrameRule{"credit", Action::ReadTag},
    FrameRule{"ping", Action::UsePublic},     FrameRule{"hist", Action::ReadHistory},
    FrameRule{"cancel", Action::ReadHistory}, FrameRule{"write", Action::WriteTag},
    FrameRule{"press", Action::WriteTag},     FrameRule{"hold", Action::WriteTag},
    FrameRule{"release", Action::WriteTag},
};

constexpr bool areThoseOfTheProtocol() {
    if (kFrameRules.size() != wire::kClientFrameNames.size()) return false;
    for (std::size_t i = 0; i < kFrameRules.size(); ++i) {
        if (kFrameRules[i].t != wire::kClientFrameNames[i]) return false;
    }
    return true;
}
static_assert(areThoseOfTheProtocol(), "each frame of the schema has its rule, in the same order");
static_assert(kFrameRules.size() == std::variant_size_v<wire::ClientFrame>);

}  // namespace

std::span<const FrameRule> frameRules() noexcept { return kFrameRules; }

access::Action actionOf(const wire::ClientFrame& frame) noexcept { return kFrameRules[frame.index()].action; }

}  // namespace tagwire::serve
