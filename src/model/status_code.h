/// OPC UA StatusCode (OPC 10000-4, 7.39): severity, sub-code and info bits in 32 bits.
/// Thread: any. Lifetime: value type.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tagwire {

enum class Severity : std::uint8_t { Good = 0, Uncertain = 1, Bad = 2 };

class StatusCode {
public:
    constexpr StatusCode() noexcept = default;
    constexpr explicit StatusCode(std::uint32_t code) noexcept : code_(code) {}

    [[nodiscard]] constexpr std::uint32_t code() const noexcept { return code_; }

    /// Codes with both severity bits set are reserved; they count as Bad.
    [[nodiscard]] constexpr Severity severity() const noexcept {
        const auto bits = code_ >> 30U;
        return bits == 0 ? Severity::Good : bits == 1 ? Severity::Uncertain : Severity::Bad;
    }
    [[nodiscard]] constexpr bool isGood() const noexcept { return severity() == Severity::Good; }
    [[nodiscard]] constexpr bool isBad() const noexcept { return severity() == Severity::Bad; }

    /// The code without its info bits: what has a name.
    [[nodiscard]] constexpr StatusCode withoutInfoBits() const noexcept {
        return StatusCode{code_ & 0xFFFF0000U};
    }

    /// InfoType DataValue with the Overflow bit: values were lost before this one.
    [[nodiscard]] constexpr StatusCode withOverflow() const noexcept { return StatusCode{code_ | 0x0480U}; }
    [[nodiscard]] constexpr bool hasOverflow() const noexcept { return (code_ & 0x0C80U) == 0x0480U; }

    /// InfoType DataValue with the bit Interpolated, as the only info bits: no recorded value, but reckoned
    /// from others (OPC 10000-11, 6.3.2).
    [[nodiscard]] constexpr StatusCode withInterpolated() const noexcept {
        return StatusCode{withoutInfoBits().code_ | 0x0402U};
    }

    friend constexpr bool operator==(StatusCode, StatusCode) noexcept = default;

private:
    std::uint32_t code_ = 0;
};

/// The name of the specification, such as `BadNoCommunication`, whatever the info bits; empty for a code that
/// has none.
[[nodiscard]] std::string_view statusName(StatusCode status) noexcept;

/// Always something to show: the name, or `Bad (0x80ABCDEF)` for a code without one.
[[nodiscard]] std::string statusText(StatusCode status);

}  // namespace tagwire
