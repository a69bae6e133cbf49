#include "config/option_text.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include <fmt/format.h>

namespace tagwire::config {
namespace {

std::string withUnit(const Option& option) {
    return option.unit.empty() ? "" : fmt::format(" {}", option.unit);
}

/// Number of characters to insert, remove or change to get from `a` to `b`; swapping two neighbours counts
/// once.
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> beforeLast(b.size() + 1);
    std::vector<std::size_t> last(b.size() + 1);
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t changed = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            row[j] = std::min({last[j] + 1, row[j - 1] + 1, changed});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                row[j] = std::min(row[j], beforeLast[j - 2] + 1);
            }
        }
        beforeLast.swap(last);
        last.swap(row);
    }
    return last[b.size()];
}

/// Case and the choice of dash or underscore are the commonest slips; they shall cost nothing.
std::string folded(std::string_view text) {
    std::string result(text);
    for (char& c : result) {
        if (c == '-' || c == ' ') c = '_';
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return result;
}

}  // namespace

std::string allowedInteger(const IntegerBounds& bounds, const Option& option) {
    return fmt::format("a whole number from {} to {}{}", bounds.low, bounds.high, withUnit(option));
}

std::string allowedNumber(const Option& option) {
    const bool low = std::isfinite(option.min);
    const bool high = std::isfinite(option.max);
    if (low && high) return fmt::format("a number from {} to {}{}", option.min, option.max, withUnit(option));
    if (low) return fmt::format("a number, at least {}{}", option.min, withUnit(option));
    if (high) return fmt::format("a number, at most {}{}", option.max, withUnit(option));
    return option.unit.empty() ? "a number" : fmt::format("a number in {}", option.unit);
}

std::string allowedText(const Option& option) {
    const bool low = option.min >= 1;
    const bool high = std::isfinite(option.max);
    if (low && high && option.min == option.max) return fmt::format("a text of {} characters", option.min);
    if (low && high) return fmt::format("a text of {} to {} characters", option.min, option.max);
    if (low && option.min <= 1) return "a text that is not empty";
    if (low) return fmt::format("a text of at least {} characters", option.min);
    if (high) return fmt::format("a text of at most {} characters", option.max);
    return "a text";
}

std::string allowedTexts(const Option& option) {
    if (std::isfinite(option.max)) return fmt::format("an array of at most {} texts", option.max);
    return "an array of texts";
}

std::string allowedNames(std::span<const std::string_view> names) {
    std::vector<std::string> quotedNames;
    for (const auto name : names) quotedNames.push_back(inQuotes(name));
    const std::vector<std::string_view> views(quotedNames.begin(), quotedNames.end());
    return enumerate(views, " or ");
}

std::string_view nearest(std::string_view word, std::span<const std::string_view> names) {
    constexpr std::size_t kLongestWord = 64;  // longer ones are no slip, and the distance costs word × name
    if (word.size() > kLongestWord) return {};
    std::string_view best;
    std::size_t bestDistance = std::max<std::size_t>(1, word.size() / 3) + 1;
    const std::string plain = folded(word);
    for (const auto name : names) {
        const std::string known = folded(name);
        const bool abbreviated = plain.size() >= 3 && known.starts_with(plain);
        const std::size_t d = abbreviated ? 1 : distance(plain, known);
        if (d < bestDistance) {
            best = name;
            bestDistance = d;
        }
    }
    return best;
}

std::string enumerate(std::span<const std::string_view> names, std::string_view lastJoin) {
    std::string text;
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (i > 0) text += i + 1 == names.size() ? lastJoin : std::string_view(", ");
        text += names[i];
    }
    return text;
}

std::string printable(std::string_view text) {
    std::string result;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20 || byte == 0x7F) {
            result += fmt::format("\\x{:02x}", byte);
        } else {
            result += c;
        }
    }
    return result;
}

std::string inQuotes(std::string_view text) {
    constexpr std::size_t kMost = 60;
    if (text.size() <= kMost) return fmt::format("\"{}\"", text);
    std::size_t end = kMost;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U)
        --end;  // not inside a character
    return fmt::format("\"{}…\"", text.substr(0, end));
}

std::size_t lengthOf(std::string_view text) noexcept {
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

}  // namespace tagwire::config
