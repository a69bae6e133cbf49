/// Integer ids that cannot be mixed up with each other or with counts.
/// Thread: any. Lifetime: value type.
#pragma once

#include <compare>
#include <cstddef>
#include <functional>

namespace tagwire {

/// `Tag` only distinguishes the type; `Rep` is an unsigned integer.
template <class Tag, class Rep>
class StrongId {
public:
    using Representation = Rep;

    constexpr StrongId() noexcept = default;
    constexpr explicit StrongId(Rep value) noexcept : value_(value) {}

    [[nodiscard]] constexpr Rep value() const noexcept { return value_; }
    /// For dense ids that index a vector.
    [[nodiscard]] constexpr std::size_t index() const noexcept { return static_cast<std::size_t>(value_); }

    friend constexpr auto operator<=>(StrongId, StrongId) noexcept = default;

private:
    Rep value_{};
};

}  // namespace tagwire

template <class Tag, class Rep>
struct std::hash<tagwire::StrongId<Tag, Rep>> {
    std::size_t operator()(tagwire::StrongId<Tag, Rep> id) const noexcept {
        return std::hash<Rep>{}(id.value());
    }
};
