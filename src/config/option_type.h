/// What the visitors over describe() have in common: which member types there are.
/// Thread: any. Lifetime: no state.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/option.h"

namespace tagwire::config {

struct AnyVisitor {
    template <class T, class M>
    void field(M T::*, const Option&) {}
};

/// A struct of options: a table.
template <class T>
concept Described = requires(AnyVisitor& v) { T::describe(v); };

template <class T>
struct OptionalTraits : std::false_type {};
template <class T>
struct OptionalTraits<std::optional<T>> : std::true_type {
    using Inner = T;
};

template <class T>
struct ListTraits : std::false_type {};
template <class T>
struct ListTraits<std::vector<T>> : std::true_type {
    using Inner = T;
};

template <class M>
concept OptionalOption = OptionalTraits<M>::value;

/// An array of tables.
template <class M>
concept TableList = ListTraits<M>::value && requires { requires Described<typename ListTraits<M>::Inner>; };

template <class M>
concept IntegerOption = std::is_integral_v<M> && !std::is_same_v<M, bool>;

template <class M>
concept EnumOption = std::is_enum_v<M>;

template <EnumOption E>
[[nodiscard]] std::vector<std::string_view> namesOf() {
    std::vector<std::string_view> names;
    for (const auto& entry : optionNames(E{})) names.push_back(entry.name);
    return names;
}

template <EnumOption E>
[[nodiscard]] std::string_view nameOf(E value) {
    for (const auto& entry : optionNames(E{})) {
        if (entry.value == value) return entry.name;
    }
    return {};
}

/// The bounds of an option narrowed to what its integer type can hold, as TOML's integers have 63 bits and a
/// sign.
struct IntegerBounds {
    std::int64_t low;
    std::int64_t high;
};

template <IntegerOption I>
[[nodiscard]] constexpr IntegerBounds boundsOf(const Option& option) noexcept {
    constexpr auto kMost = std::numeric_limits<std::int64_t>::max();
    constexpr auto kLow = std::is_signed_v<I> ? static_cast<std::int64_t>(std::numeric_limits<I>::min()) : 0;
    constexpr auto kHigh =
        static_cast<std::uint64_t>(std::numeric_limits<I>::max()) > static_cast<std::uint64_t>(kMost)
            ? kMost
            : static_cast<std::int64_t>(std::numeric_limits<I>::max());
    return {option.min > static_cast<double>(kLow) ? static_cast<std::int64_t>(option.min) : kLow,
            option.max < static_cast<double>(kHigh) ? static_cast<std::int64_t>(option.max) : kHigh};
}

}  // namespace tagwire::config
