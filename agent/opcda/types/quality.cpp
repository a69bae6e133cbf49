#include "types/quality.h"

#include <algorithm>
#include <array>

namespace tagwire::da {
namespace {

constexpr std::uint16_t kQuality = 0xC0;
constexpr std::uint16_t kSubstatus = 0xFC;
constexpr std::uint16_t kLimit = 0x03;
constexpr std::uint16_t kUncertain = 0x40;
constexpr std::uint16_t kGood = 0xC0;

struct Substatus {
    std::uint16_t bits;
    std::uint32_t status;
    std::string_view text;
};

constexpr std::array kSubstatuses{
    Substatus{.bits = 0xC0, .status = 0x00000000, .text = ""},
    Substatus{.bits = 0xD8, .status = 0x00960000, .text = "local override"},
    Substatus{.bits = 0x40, .status = 0x40000000, .text = ""},
    Substatus{.bits = 0x44, .status = 0x40900000, .text = "last usable value"},
    Substatus{.bits = 0x50, .status = 0x40930000, .text = "sensor not accurate"},
    Substatus{.bits = 0x54, .status = 0x40940000, .text = "engineering units exceeded"},
    Substatus{.bits = 0x58, .status = 0x40950000, .text = "sub-normal"},
    Substatus{.bits = 0x00, .status = 0x80000000, .text = ""},
    Substatus{.bits = 0x04, .status = 0x80890000, .text = "configuration error"},
    Substatus{.bits = 0x08, .status = 0x808A0000, .text = "not connected"},
    Substatus{.bits = 0x0C, .status = 0x808B0000, .text = "device failure"},
    Substatus{.bits = 0x10, .status = 0x808C0000, .text = "sensor failure"},
    Substatus{.bits = 0x14, .status = 0x808D0000, .text = "last known value"},
    Substatus{.bits = 0x18, .status = 0x80310000, .text = "communication failure"},
    Substatus{.bits = 0x1C, .status = 0x808D0000, .text = "out of service"},
    Substatus{.bits = 0x20, .status = 0x80320000, .text = "waiting for initial data"},
};
constexpr std::array<std::string_view, 4> kLimits{"", ", low limited", ", high limited", ", constant"};
constexpr std::array<std::uint32_t, 4> kLimitBits{0, 0x0500, 0x0600, 0x0700};

/// What is known of the quality, or of its two main bits.
const Substatus& substatusOf(std::uint16_t quality) noexcept {
    const auto find = [](int bits) {
        return std::ranges::find_if(kSubstatuses, [bits](const Substatus& one) { return one.bits == bits; });
    };
    auto found = find(quality & kSubstatus);
    if (found == kSubstatuses.end()) found = find(quality & kQuality);
    // 0x80 is reserved; it is not good, and says nothing else.
    if (found == kSubstatuses.end()) found = find(0);
    return *found;
}

}  // namespace

std::string_view qualityWord(std::uint16_t quality) noexcept {
    const auto main = quality & kQuality;
    return main == kGood ? "Good" : main == kUncertain ? "Uncertain" : "Bad";
}

std::string qualityText(std::uint16_t quality) {
    std::string text(qualityWord(quality));
    if (const auto more = substatusOf(quality).text; !more.empty()) text.append(", ").append(more);
    text += kLimits.at(quality & kLimit);
    return text;
}

StatusCode statusOfQuality(std::uint16_t quality) noexcept {
    return StatusCode{substatusOf(quality).status | kLimitBits.at(quality & kLimit)};
}

}  // namespace tagwire::da
