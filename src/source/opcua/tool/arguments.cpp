#include "source/opcua/tool/arguments.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <ranges>

#include <fmt/format.h>

namespace tagwire::source::opcua {
namespace {

using std::chrono::milliseconds;

bool isDigit(char c) noexcept { return c >= '0' && c <= '9'; }

bool isOption(std::string_view word) noexcept {
    return word.size() > 1 && word[0] == '-' && !isDigit(word[1]) && word[1] != '.';
}

/// Takes digits off the front: exactly `count` of them.
std::optional<int> takeDigits(std::string_view& text, std::size_t count) {
    if (text.size() < count || !std::ranges::all_of(text.substr(0, count), isDigit)) return std::nullopt;
    int number = 0;
    const auto digits = text.substr(0, count);
    std::from_chars(digits.data(), digits.data() + digits.size(), number);
    text.remove_prefix(count);
    return number;
}

bool take(std::string_view& text, char c) noexcept {
    if (text.empty() || text.front() != c) return false;
    text.remove_prefix(1);
    return true;
}

/// Of a second: what stands after the point, to 100 ns.
Ticks takeFraction(std::string_view& text) noexcept {
    std::int64_t ticks = 0;
    std::int64_t unit = Ticks(std::chrono::seconds(1)).count();
    for (; !text.empty() && isDigit(text.front()); text.remove_prefix(1)) {
        unit /= 10;
        ticks += unit * (text.front() - '0');
    }
    return Ticks(ticks);
}

std::optional<std::chrono::minutes> takeZone(std::string_view& text) {
    if (text.empty() || take(text, 'Z')) return std::chrono::minutes(0);
    const bool west = take(text, '-');
    if (!west && !take(text, '+')) return std::nullopt;
    const auto hours = takeDigits(text, 2);
    take(text, ':');
    const auto minutes = takeDigits(text, 2);
    if (!hours || !minutes || *hours > 14 || *minutes > 59) return std::nullopt;
    const std::chrono::minutes offset = std::chrono::hours(*hours) + std::chrono::minutes(*minutes);
    return west ? -offset : offset;
}

std::optional<Timestamp> calendarTime(std::string_view text) {
    using namespace std::chrono;
    const auto y = takeDigits(text, 4);
    if (!y || !take(text, '-')) return std::nullopt;
    const auto m = takeDigits(text, 2);
    if (!m || !take(text, '-')) return std::nullopt;
    const auto d = takeDigits(text, 2);
    if (!d) return std::nullopt;
    const year_month_day date{year(*y), month(static_cast<unsigned>(*m)), day(static_cast<unsigned>(*d))};
    if (!date.ok()) return std::nullopt;
    Timestamp time{sys_days(date)};
    if (text.empty()) return time;

    if (!take(text, 'T') && !take(text, ' ')) return std::nullopt;
    const auto hour = takeDigits(text, 2);
    if (!hour || *hour > 23 || !take(text, ':')) return std::nullopt;
    const auto minute = takeDigits(text, 2);
    if (!minute || *minute > 59) return std::nullopt;
    time += hours(*hour) + minutes(*minute);
    if (take(text, ':')) {
        const auto second = takeDigits(text, 2);
        if (!second || *second > 59) return std::nullopt;
        time += seconds(*second);
        if (take(text, '.')) time += takeFraction(text);
    }
    const auto zone = takeZone(text);
    if (!zone || !text.empty()) return std::nullopt;
    return time - *zone;
}

}  // namespace

Result<Arguments> Arguments::parse(std::span<const std::string_view> words,
                                   std::span<const OptionSpec> options) {
    Arguments arguments;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const std::string_view word = words[i];
        if (word == "--") {
            arguments.positional_.insert(arguments.positional_.end(),
                                         words.begin() + static_cast<long>(i) + 1, words.end());
            break;
        }
        if (!isOption(word)) {
            arguments.positional_.push_back(word);
            continue;
        }
        const auto equals = word.find('=');
        const std::string_view name = word.substr(0, equals);
        const auto known = std::ranges::find(options, name, &OptionSpec::name);
        if (known == options.end()) {
            return fail(
                fmt::format("unknown option '{}'; --help lists what there is (after `--` nothing is taken "
                            "for an option)",
                            name));
        }
        const bool inWord = equals != std::string_view::npos;
        if (known->value.empty()) {
            if (inWord) return fail(fmt::format("{} is a switch and takes no value", name));
            arguments.options_.emplace_back(name, "");
        } else if (inWord) {
            arguments.options_.emplace_back(name, word.substr(equals + 1));
        } else if (++i == words.size()) {
            return fail(fmt::format("{} needs {} after it", name, known->value));
        } else {
            arguments.options_.emplace_back(name, words[i]);
        }
    }
    return arguments;
}

std::optional<std::string_view> Arguments::value(std::string_view option) const noexcept {
    for (const auto& [name, given] : std::views::reverse(options_)) {
        if (name == option) return given;
    }
    return std::nullopt;
}

Result<milliseconds> parseDuration(std::string_view text) {
    struct Unit {
        std::string_view name;
        double millis;
    };
    constexpr std::array kUnits{Unit{"ms", 1},     Unit{"s", 1'000},     Unit{"", 1'000},
                                Unit{"m", 60'000}, Unit{"h", 3'600'000}, Unit{"d", 86'400'000}};
    constexpr double kLongest = 10 * 366 * 86'400'000.0;
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const std::string_view name(end, static_cast<std::size_t>(text.data() + text.size() - end));
    const auto unit = std::ranges::find(kUnits, name, &Unit::name);
    if (error != std::errc{} || unit == kUnits.end()) {
        return fail(fmt::format("'{}' is no duration: write it as 500ms, 5s, 2m, 1h or 7d", text));
    }
    const double millis = number * unit->millis;
    if (!(millis >= 1 && millis <= kLongest)) {
        return fail(fmt::format("'{}' is out of bounds: durations go from 1ms to 3660d", text));
    }
    return milliseconds(std::llround(millis));
}

Result<Timestamp> parseTime(std::string_view text, Timestamp now) {
    if (text == "now") return now;
    if (text.starts_with('-')) {
        const auto before = parseDuration(text.substr(1));
        if (!before) return fail(before.error().message);
        return now - *before;
    }
    if (const auto time = calendarTime(text)) return *time;
    return fail(fmt::format(
        "'{}' is no time: write it as 2026-11-23T08:00:00Z, with an offset such as +08:00, as -2h, or as now",
        text));
}

Result<std::uint32_t> parseCount(std::string_view what, std::string_view text, std::uint32_t min,
                                 std::uint32_t max) {
    std::uint32_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size() || number < min || number > max) {
        return fail(fmt::format("{} takes a whole number from {} to {}, not '{}'", what, min, max, text));
    }
    return number;
}

}  // namespace tagwire::source::opcua
