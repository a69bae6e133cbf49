/// JSON as people and programs write values, into the built-in types of OPC UA, with every range checked.
/// What is refused says what is expected. Thread: any. Lifetime: functions.
#pragma once

#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include <boost/json/value.hpp>
#include <fmt/format.h>

#include "base/result.h"
#include "model/value.h"
#include "source/opcua/values/ua_types.h"

namespace tagwire::source::opcua {

/// `300 is refused: a whole number from 0 to 255 (Byte) is expected`.
[[nodiscard]] tl::unexpected<Error> refuse(const boost::json::value& json, std::string_view expected);

/// true, false, 0, 1, or one of these in quotes.
[[nodiscard]] Result<bool> booleanOf(const boost::json::value& json);

/// A finite number, or NaN, Infinity, -Infinity, in quotes or not.
[[nodiscard]] Result<double> realOf(const boost::json::value& json, std::string_view typeName);
[[nodiscard]] Result<float> floatOf(const boost::json::value& json);

/// ISO 8601 with the time zone, such as `2026-11-23T08:00:00.5Z` or `2026-11-23 09:00+01:00`, or Unix
/// milliseconds as a number. From 1601 to 9999.
[[nodiscard]] Result<UA_DateTime> dateTimeOf(const boost::json::value& json);

/// `2026-11-23T08:00:00.0000000Z`: every tick of the time. In the years 1601 to 9999; what lies outside
/// becomes the nearest of them.
[[nodiscard]] std::string isoText(Timestamp time);

/// Text, or a number or boolean in its JSON form.
[[nodiscard]] Result<std::string> textOf(const boost::json::value& json, std::string_view typeName);

/// A StatusCode as number or by name.
[[nodiscard]] Result<std::uint32_t> statusOf(const boost::json::value& json);

/// A whole number of type T: as number, with `.0` too, or as decimal digits in quotes.
template <class T>
[[nodiscard]] Result<T> integerOf(const boost::json::value& json, std::string_view typeName) {
    const auto expected = [&] {
        return refuse(json, fmt::format("a whole number from {} to {} ({})", std::numeric_limits<T>::min(),
                                        std::numeric_limits<T>::max(), typeName));
    };
    if (const auto* number = json.if_int64()) {
        return std::in_range<T>(*number) ? Result<T>(static_cast<T>(*number)) : expected();
    }
    if (const auto* number = json.if_uint64()) {
        return std::in_range<T>(*number) ? Result<T>(static_cast<T>(*number)) : expected();
    }
    if (const auto* number = json.if_double()) {
        // 2^63 and 2^64 are the first doubles that do not fit any more; within ±2^53 every one is exact.
        constexpr double kExact = 9'007'199'254'740'992.0;
        if (std::trunc(*number) != *number || std::fabs(*number) > kExact) return expected();
        const auto whole = static_cast<std::int64_t>(*number);
        return std::in_range<T>(whole) ? Result<T>(static_cast<T>(whole)) : expected();
    }
    if (const auto* text = json.if_string()) {
        T number{};
        const char* const end = text->data() + text->size();
        const auto [stopped, error] = std::from_chars(text->data(), end, number);
        if (error == std::errc{} && stopped == end && !text->empty()) return number;
    }
    return expected();
}

}  // namespace tagwire::source::opcua
