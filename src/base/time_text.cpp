#include "base/time_text.h"

#include <charconv>
#include <chrono>
#include <optional>

namespace tagwire {
namespace {

using std::chrono::milliseconds;

constexpr Timestamp kEarliest = std::chrono::sys_days{std::chrono::year{1601} / 1 / 1};
constexpr Timestamp kEnd = std::chrono::sys_days{std::chrono::year{10000} / 1 / 1};
constexpr int kTickDigits = 7;  // a tick is 100 ns

/// What is left of a text while it is read; after the first mismatch nothing more is.
class Reader {
public:
    explicit Reader(std::string_view text) : rest_(text) {}

    [[nodiscard]] bool done() const noexcept { return good_ && rest_.empty(); }
    [[nodiscard]] bool good() const noexcept { return good_; }

    bool accept(char c) noexcept {
        if (!good_ || rest_.empty() || rest_.front() != c) return false;
        rest_.remove_prefix(1);
        return true;
    }
    void expect(char c) noexcept {
        if (!accept(c)) good_ = false;
    }
    /// Exactly so many digits, of a number up to `max`.
    int number(std::size_t digits, int max) noexcept {
        int value = 0;
        if (!good_ || rest_.size() < digits) return fail();
        const auto text = rest_.substr(0, digits);
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (error != std::errc{} || end != text.data() + text.size() || text.front() == '-' || value > max)
            return fail();
        rest_.remove_prefix(digits);
        return value;
    }
    /// Decimals of a second; those below a tick are dropped.
    Ticks fraction() noexcept {
        std::int64_t ticks = 0;
        int digits = 0;
        for (; !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9'; rest_.remove_prefix(1)) {
            if (digits < kTickDigits) ticks = ticks * 10 + (rest_.front() - '0');
            ++digits;
        }
        if (digits == 0) fail();
        for (; digits < kTickDigits; ++digits) ticks *= 10;
        return Ticks{ticks};
    }

private:
    int fail() noexcept {
        good_ = false;
        return 0;
    }

    std::string_view rest_;
    bool good_ = true;
};

Ticks clockTime(Reader& text) {
    using namespace std::chrono;
    Ticks time = hours{text.number(2, 23)};
    text.expect(':');
    time += minutes{text.number(2, 59)};
    if (!text.accept(':')) return time;
    time += seconds{text.number(2, 59)};
    if (text.accept('.') || text.accept(',')) time += text.fraction();
    return time;
}

/// East of Greenwich; nothing is UTC.
std::chrono::minutes offset(Reader& text) {
    using namespace std::chrono;
    const bool east = text.accept('+');
    if (!east && !text.accept('-')) {
        (void)text.accept('Z');
        return minutes{0};
    }
    minutes ahead = hours{text.number(2, 23)};
    if (text.accept(':')) ahead += minutes{text.number(2, 59)};
    return east ? ahead : -ahead;
}

std::optional<Timestamp> isoTime(std::string_view given) {
    using namespace std::chrono;
    Reader text(given);
    const year years{text.number(4, 9999)};
    text.expect('-');
    const month months{static_cast<unsigned>(text.number(2, 12))};
    text.expect('-');
    const day days{static_cast<unsigned>(text.number(2, 31))};
    const year_month_day date{years, months, days};
    if (!text.good() || !date.ok()) return std::nullopt;
    Timestamp time = sys_days{date};
    if (text.accept('T') || text.accept(' ')) {
        time += clockTime(text);
        time -= offset(text);
    }
    if (!text.done()) return std::nullopt;
    return time;
}

std::optional<Timestamp> unixTime(std::string_view text) {
    std::int64_t millis = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), millis);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    if (millis < toUnixMillis(kEarliest) || millis >= toUnixMillis(kEnd)) return std::nullopt;
    return fromUnixMillis(millis);
}

}  // namespace

Result<Timestamp> parseTime(std::string_view text) {
    auto time = unixTime(text);
    if (!time) time = isoTime(text);
    if (!time || *time < kEarliest || *time >= kEnd)
        return fail("expected milliseconds since 1970 or a time such as 2026-11-23T12:00:00Z");
    return *time;
}

}  // namespace tagwire
