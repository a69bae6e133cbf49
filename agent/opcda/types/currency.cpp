#include "types/currency.h"

#include <charconv>
#include <limits>

#include <fmt/format.h>

namespace tagwire::da {
namespace {

constexpr std::uint64_t kScale = 10'000;
constexpr std::size_t kFraction = 4;

bool isDigits(std::string_view text) noexcept {
    return text.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace

std::string currencyText(std::int64_t tenThousandths) {
    const bool negative = tenThousandths < 0;
    const auto bits = static_cast<std::uint64_t>(tenThousandths);
    const std::uint64_t amount = negative ? 0U - bits : bits;
    auto text = fmt::format("{}{}.{:04}", negative ? "-" : "", amount / kScale, amount % kScale);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
    return text;
}

std::optional<std::int64_t> parseCurrency(std::string_view text) noexcept {
    const bool negative = text.starts_with('-');
    if (negative || text.starts_with('+')) text.remove_prefix(1);
    const auto point = text.find('.');
    const auto whole = text.substr(0, point);
    const auto fraction = point == std::string_view::npos ? std::string_view{} : text.substr(point + 1);
    if (whole.empty() || !isDigits(whole) || !isDigits(fraction) || fraction.size() > kFraction)
        return std::nullopt;
    std::uint64_t amount = 0;
    if (std::from_chars(whole.data(), whole.data() + whole.size(), amount).ec != std::errc{})
        return std::nullopt;
    constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    if (amount > kMost / kScale) return std::nullopt;
    std::uint64_t parts = 0;
    for (std::size_t i = 0; i < kFraction; ++i)
        parts = parts * 10 + (i < fraction.size() ? static_cast<std::uint64_t>(fraction[i] - '0') : 0U);
    amount = amount * kScale + parts;
    if (amount > kMost + (negative ? 1U : 0U)) return std::nullopt;
    return static_cast<std::int64_t>(negative ? 0U - amount : amount);
}

}  // namespace tagwire::da
