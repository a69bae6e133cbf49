/// Which tags somebody sees: those outside of his patterns do not exist for him.
/// Thread: any (immutable once made). Lifetime: value type; keeps alive what it looks at.
#pragma once

#include <memory>
#include <string_view>
#include <utility>

#include "access/principal.h"

namespace tagwire::serve {

class TagSight {
public:
    /// No tag at all.
    TagSight() = default;
    /// Who sees every tag pays nothing for being asked.
    [[nodiscard]] static TagSight everything() noexcept;
    [[nodiscard]] static TagSight of(std::shared_ptr<const access::Principal> principal);

    [[nodiscard]] bool seesEverything() const noexcept { return everything_; }
    [[nodiscard]] bool sees(std::string_view path) const { return everything_ || looksFor(path); }

private:
    [[nodiscard]] bool looksFor(std::string_view path) const;

    std::shared_ptr<const access::Principal> principal_;
    bool everything_ = false;
};

}  // namespace tagwire::serve
