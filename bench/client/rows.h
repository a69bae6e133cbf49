/// Reads no more of a frame than a measurement needs: handle, value and source time of each row.
/// Thread: any. Lifetime: functions.
#pragma once

#include <charconv>
#include <cstdint>
#include <string_view>

namespace tagwire::bench {

struct Row {
    std::uint32_t handle = 0;
    std::int32_t hundredths = 0;  ///< of the value
    std::int64_t time = 0;        ///< ms since 1970
};

/// A cursor over text that never goes past its end.
class Scanner {
public:
    explicit Scanner(std::string_view text) noexcept : at_(text.data()), end_(text.data() + text.size()) {}

    [[nodiscard]] bool skip(char c) noexcept {
        if (at_ == end_ || *at_ != c) return false;
        ++at_;
        return true;
    }
    [[nodiscard]] bool integer(std::int64_t& to) noexcept {
        const auto [end, error] = std::from_chars(at_, end_, to);
        at_ = end;
        return error == std::errc{};
    }
    /// A number of at most two decimals, in hundredths.
    [[nodiscard]] bool hundredths(std::int32_t& to) noexcept {
        std::int64_t whole = 0;
        if (!integer(whole)) return false;
        std::int32_t part = 0;
        if (skip('.')) {
            for (std::int32_t digit = 10; at_ != end_ && *at_ >= '0' && *at_ <= '9'; ++at_, digit /= 10) {
                part += (*at_ - '0') * digit;
            }
        }
        to = static_cast<std::int32_t>(whole) * 100 + part;
        return true;
    }

private:
    const char* at_;
    const char* end_;
};

/// `[handle,value,dt]`, without `dt` where that is 0; a status in fourth place makes it unreadable, because a
/// load tag is always Good.
[[nodiscard]] inline bool readRow(Scanner& in, std::int64_t base, Row& row) noexcept {
    std::int64_t handle = 0;
    if (!in.skip('[') || !in.integer(handle) || !in.skip(',') || !in.hundredths(row.hundredths)) return false;
    std::int64_t dt = 0;
    if (in.skip(',') && !in.integer(dt)) return false;
    row.handle = static_cast<std::uint32_t>(handle);
    row.time = base + dt;
    return in.skip(']');
}

/// Calls `take(row)` for each row of a data frame. False if the frame cannot be read.
template <class Take>
[[nodiscard]] bool readDataFrame(std::string_view frame, Take&& take) {
    const auto head = frame.substr(0, 200);
    const auto base = head.find(R"("b":)");
    const auto rows = head.find(R"("v":[)");
    if (base == std::string_view::npos || rows == std::string_view::npos) return false;
    std::int64_t baseTime = 0;
    if (!Scanner(frame.substr(base + 4)).integer(baseTime)) return false;
    Scanner in(frame.substr(rows + 5));
    if (in.skip(']')) return true;
    do {
        Row row;
        if (!readRow(in, baseTime, row)) return false;
        take(row);
    } while (in.skip(','));
    return in.skip(']');
}

}  // namespace tagwire::bench
