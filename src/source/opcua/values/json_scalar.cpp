#include "source/opcua/values/json_scalar.h"

#include <algorithm>
#include <chrono>
#include <optional>

#include <boost/json/serialize.hpp>
#include <open62541/statuscodes.h>

namespace tagwire::source::opcua {
namespace {

/// Between OPC UA's and Unix time.
constexpr std::int64_t kUnixEpoch = 116'444'736'000'000'000;
constexpr std::int64_t kTicksPerSecond = 10'000'000;

/// The last tick of the year 9999.
constexpr std::int64_t kLast = 2'650'467'743'999'999'999;

/// Reads a text from left to right.
class TextReader {
public:
    explicit TextReader(std::string_view text) noexcept : rest_(text) {}

    /// Exactly `digits` decimal digits.
    [[nodiscard]] std::optional<int> number(std::size_t digits) noexcept {
        int out = 0;
        if (rest_.size() < digits) return std::nullopt;
        for (const char c : rest_.substr(0, digits)) {
            if (c < '0' || c > '9') return std::nullopt;
            out = out * 10 + (c - '0');
        }
        rest_.remove_prefix(digits);
        return out;
    }
    [[nodiscard]] bool skip(std::string_view anyOf) noexcept {
        if (rest_.empty() || anyOf.find(rest_.front()) == std::string_view::npos) return false;
        last_ = rest_.front();
        rest_.remove_prefix(1);
        return true;
    }
    [[nodiscard]] char last() const noexcept { return last_; }
    [[nodiscard]] bool atEnd() const noexcept { return rest_.empty(); }

private:
    std::string_view rest_;
    char last_ = 0;
};

/// Digits after the seconds' point, in ticks; what is finer is cut.
std::int64_t fraction(TextReader& text) noexcept {
    std::int64_t ticks = 0;
    std::int64_t unit = kTicksPerSecond;
    while (const auto digit = text.number(1)) {
        unit /= 10;
        ticks += *digit * unit;
    }
    return ticks;
}

/// Minutes east of Greenwich.
std::optional<int> zone(TextReader& text) noexcept {
    if (text.skip("Zz")) return 0;
    if (!text.skip("+-")) return std::nullopt;
    const int sign = text.last() == '-' ? -1 : 1;
    const auto hours = text.number(2);
    (void)text.skip(":");
    const auto minutes = text.number(2);
    if (!hours || !minutes || *hours > 14 || *minutes > 59) return std::nullopt;
    return sign * (*hours * 60 + *minutes);
}

std::optional<UA_DateTime> isoTime(std::string_view iso) noexcept {
    TextReader text(iso);
    const auto year = text.number(4);
    if (!year || *year < 1601 || !text.skip("-")) return std::nullopt;
    const auto month = text.number(2);
    if (!month || !text.skip("-")) return std::nullopt;
    const auto day = text.number(2);
    if (!day || !text.skip("Tt ")) return std::nullopt;
    const auto hour = text.number(2);
    if (!hour || *hour > 23 || !text.skip(":")) return std::nullopt;
    const auto minute = text.number(2);
    if (!minute || *minute > 59) return std::nullopt;
    const auto second = text.skip(":") ? text.number(2) : std::optional(0);
    if (!second || *second > 59) return std::nullopt;
    const std::int64_t ticks = text.skip(".,") ? fraction(text) : 0;
    const auto offset = zone(text);
    if (!offset || !text.atEnd()) return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year(*year),
                                           std::chrono::month(static_cast<unsigned>(*month)),
                                           std::chrono::day(static_cast<unsigned>(*day))};
    if (!date.ok()) return std::nullopt;
    const std::int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
    const std::int64_t seconds = ((days * 24 + *hour) * 60 + *minute - *offset) * 60 + *second;
    const std::int64_t time = seconds * kTicksPerSecond + ticks + kUnixEpoch;
    // The zone may lead out of the years that OPC UA knows.
    return time >= 0 && time <= kLast ? std::optional(time) : std::nullopt;
}

std::optional<double> realText(std::string_view text) noexcept {
    if (text == "NaN") return std::numeric_limits<double>::quiet_NaN();
    if (text == "Infinity") return std::numeric_limits<double>::infinity();
    if (text == "-Infinity") return -std::numeric_limits<double>::infinity();
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool whole = error == std::errc{} && end == text.data() + text.size();
    return whole && std::isfinite(number) ? std::optional(number) : std::nullopt;
}

}  // namespace

tl::unexpected<Error> refuse(const boost::json::value& json, std::string_view expected) {
    constexpr std::size_t kShown = 60;
    std::string shown = json.is_object()  ? "an object"
                        : json.is_array() ? "an array"
                                          : boost::json::serialize(json);
    if (shown.size() > kShown) {
        // Not within a character.
        std::size_t end = kShown;
        while ((static_cast<unsigned char>(shown[end]) & 0xC0U) == 0x80U) --end;
        shown = shown.substr(0, end) + "…";
    }
    return fail(fmt::format("{} is refused: {} is expected", shown, expected));
}

Result<bool> booleanOf(const boost::json::value& json) {
    if (const auto* value = json.if_bool()) return *value;
    if (const auto* number = json.if_int64(); number != nullptr && (*number == 0 || *number == 1)) {
        return *number == 1;
    }
    if (const auto* text = json.if_string()) {
        if (*text == "true" || *text == "1") return true;
        if (*text == "false" || *text == "0") return false;
    }
    return refuse(json, "true or false (Boolean)");
}

Result<double> realOf(const boost::json::value& json, std::string_view typeName) {
    if (const auto* number = json.if_double(); number != nullptr && std::isfinite(*number)) return *number;
    if (const auto* number = json.if_int64()) return static_cast<double>(*number);
    if (const auto* number = json.if_uint64()) return static_cast<double>(*number);
    if (const auto* text = json.if_string()) {
        if (const auto number = realText({text->data(), text->size()})) return *number;
    }
    return refuse(json, fmt::format("a number, NaN, Infinity or -Infinity ({})", typeName));
}

Result<float> floatOf(const boost::json::value& json) {
    const auto number = realOf(json, "Float");
    if (!number) return tl::unexpected(number.error());
    constexpr auto kMost = static_cast<double>(std::numeric_limits<float>::max());
    if (!std::isfinite(*number) || std::fabs(*number) <= kMost) return static_cast<float>(*number);
    // The shortest text of the largest float lies a little above it.
    constexpr double kRoundsToMost = 3.4028235677973366e38;
    if (std::fabs(*number) < kRoundsToMost) return static_cast<float>(std::copysign(kMost, *number));
    return refuse(json, "a number up to 3.4028235e38 in size (Float)");
}

Result<UA_DateTime> dateTimeOf(const boost::json::value& json) {
    constexpr std::int64_t kFirstMillis = -11'644'473'600'000;
    constexpr std::int64_t kLastMillis = 253'402'300'799'999;
    if (const auto* millis = json.if_int64();
        millis != nullptr && *millis >= kFirstMillis && *millis <= kLastMillis) {
        return *millis * (kTicksPerSecond / 1000) + kUnixEpoch;
    }
    if (const auto* text = json.if_string()) {
        if (const auto time = isoTime({text->data(), text->size()})) return *time;
    }
    return refuse(json,
                  "a time with its zone such as 2026-11-23T08:00:00Z or 2026-11-23T09:00:00+01:00 "
                  "(DateTime)");
}

std::string isoText(Timestamp time) {
    const Timestamp shown =
        std::clamp(time, Timestamp{Ticks{-kUnixEpoch}}, Timestamp{Ticks{kLast - kUnixEpoch}});
    const auto day = std::chrono::floor<std::chrono::days>(shown);
    const std::chrono::year_month_day date(day);
    const std::int64_t ticks = (shown - day).count();
    const std::int64_t seconds = ticks / kTicksPerSecond;
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:07}Z", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), seconds / 3600,
                       seconds / 60 % 60, seconds % 60, ticks % kTicksPerSecond);
}

Result<std::string> textOf(const boost::json::value& json, std::string_view typeName) {
    if (const auto* text = json.if_string()) return std::string(text->data(), text->size());
    if (json.is_number() || json.is_bool()) return boost::json::serialize(json);
    return refuse(json, fmt::format("a text ({})", typeName));
}

Result<std::uint32_t> statusOf(const boost::json::value& json) {
    if (const auto* text = json.if_string()) {
        // The library has no way back from a name; the codes are dense enough in their upper half to be
        // tried.
        const std::string_view wanted(text->data(), text->size());
        if (wanted == "Good") return 0U;
        constexpr std::uint32_t kFirstSubCode = 0x0001;
        constexpr std::uint32_t kLastSubCode = 0x1FFF;
        for (const std::uint32_t severity : {0x80000000U, 0x40000000U, 0U}) {
            for (std::uint32_t sub = kFirstSubCode; sub <= kLastSubCode; ++sub) {
                const std::uint32_t code = severity | sub << 16U;
                if (statusName(StatusCode{code}) == wanted) return code;
            }
        }
    }
    if (auto number = integerOf<std::uint32_t>(json, "StatusCode")) return number;
    return refuse(json, "a status by name such as BadTimeout, or its number (StatusCode)");
}

}  // namespace tagwire::source::opcua
