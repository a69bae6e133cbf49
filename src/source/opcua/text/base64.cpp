#include "source/opcua/text/base64.h"

#include <cstdint>

namespace tagwire::source::opcua {
namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

}  // namespace

std::string toBase64(std::string_view bytes) {
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        std::uint32_t group = 0;
        const auto taken = bytes.substr(i, 3);
        for (std::size_t k = 0; k < 3; ++k) {
            group = group << 8U | (k < taken.size() ? static_cast<unsigned char>(taken[k]) : 0U);
        }
        for (std::size_t k = 0; k < 4; ++k) {
            text.push_back(k <= taken.size() ? kAlphabet[group >> (18U - 6U * k) & 63U] : '=');
        }
    }
    return text;
}

std::optional<std::string> fromBase64(std::string_view text) {
    std::string_view digits = text;
    for (int i = 0; i < 2 && digits.ends_with('='); ++i) digits.remove_suffix(1);
    std::string bytes;
    std::uint32_t bits = 0;
    unsigned held = 0;
    for (const char c : digits) {
        const auto digit = kAlphabet.find(c);
        if (digit == std::string_view::npos) return std::nullopt;
        bits = bits << 6U | static_cast<std::uint32_t>(digit);
        held += 6;
        if (held < 8) continue;
        held -= 8;
        bytes.push_back(static_cast<char>(bits >> held & 0xFFU));
    }
    // Wrong padding and bits left over are found by writing it again.
    if (toBase64(bytes) != text) return std::nullopt;
    return bytes;
}

}  // namespace tagwire::source::opcua
