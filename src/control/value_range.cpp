#include "control/value_range.h"

#include <concepts>
#include <type_traits>

#include <fmt/format.h>

#include "model/generated/status_codes.h"

namespace tagwire::control {
namespace {

std::string_view unitOf(const TagInfo& tag) { return tag.units ? std::string_view(tag.units->symbol) : ""; }

/// `number` is exact for 64-bit integers, too.
std::optional<Refusal> outOfRange(long double number, const TagInfo& tag) {
    const auto refused = [&](double bound, std::string_view what) {
        return Refusal{kBadOutOfRange, fmt::format("{} lies beyond the tag's {} of {} {}",
                                                   static_cast<double>(number), what, bound, unitOf(tag))};
    };
    const auto below = [&](double bound) { return number < static_cast<long double>(bound); };
    const auto above = [&](double bound) { return number > static_cast<long double>(bound); };
    if (tag.range) {
        if (below(tag.range->low)) return refused(tag.range->low, "lowest value");
        if (above(tag.range->high)) return refused(tag.range->high, "highest value");
    }
    if (tag.limits.lowLow && below(*tag.limits.lowLow)) return refused(*tag.limits.lowLow, "limit LowLow");
    if (tag.limits.highHigh && above(*tag.limits.highHigh))
        return refused(*tag.limits.highHigh, "limit HighHigh");
    return std::nullopt;
}

template <std::integral T>
std::optional<Refusal> noLabel(T number, const TagInfo& tag) {
    if (tag.enumLabels.empty()) return std::nullopt;
    const bool fits = std::in_range<std::int64_t>(number);
    if (fits && tag.enumLabels.contains(static_cast<std::int64_t>(number))) return std::nullopt;
    std::string known;
    for (const auto& [value, label] : tag.enumLabels)
        known += fmt::format("{}{} ({})", known.empty() ? "" : ", ", value, label);
    return Refusal{kBadOutOfRange, fmt::format("{} is none of the tag's states: {}", number, known)};
}

template <class T>
std::optional<Refusal> outOfRangeOf(const T& value, const TagInfo& tag) {
    if constexpr (std::integral<T> && !std::is_same_v<T, bool>) {
        if (auto refusal = noLabel(value, tag)) return refusal;
        return outOfRange(static_cast<long double>(value), tag);
    } else if constexpr (std::floating_point<T>) {
        return outOfRange(static_cast<long double>(value), tag);
    } else if constexpr (std::is_same_v<T, Array>) {
        return std::visit(
            [&tag](const auto& elements) -> std::optional<Refusal> {
                using Elements = std::decay_t<decltype(elements)>;
                for (std::size_t i = 0; i < elements.size(); ++i) {
                    typename Elements::const_reference element = elements[i];
                    if (auto refusal = outOfRangeOf(element, tag)) {
                        refusal->message = fmt::format("element {}: {}", i, refusal->message);
                        return refusal;
                    }
                }
                return std::nullopt;
            },
            value.elements);
    } else {
        return std::nullopt;  // booleans, texts and times have no range
    }
}

}  // namespace

std::optional<Refusal> outOfRange(const Value& value, const TagInfo& tag) {
    return value.visit([&tag](const auto& stored) { return outOfRangeOf(stored, tag); });
}

}  // namespace tagwire::control
