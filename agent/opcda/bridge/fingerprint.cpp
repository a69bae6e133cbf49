#include "bridge/fingerprint.h"

#include <fmt/format.h>

namespace tagwire::da {
namespace {

int digitOf(char c) noexcept {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

}  // namespace

Result<Fingerprint> parseFingerprint(std::string_view text) {
    Fingerprint fingerprint{};
    std::size_t digits = 0;
    for (const char c : text) {
        if (c == ':' || c == ' ') continue;
        const int digit = digitOf(c);
        if (digit < 0 || digits == fingerprint.size() * 2) {
            digits = 0;
            break;
        }
        auto& byte = fingerprint.at(digits / 2);
        byte = static_cast<std::uint8_t>((unsigned{byte} << 4U) | static_cast<unsigned>(digit));
        ++digits;
    }
    if (digits == fingerprint.size() * 2) return fingerprint;
    return fail(fmt::format(
        "\"{:.100}\" is not the SHA-256 of a certificate: 64 hexadecimal digits, as `openssl x509 -noout "
        "-fingerprint -sha256` prints them",
        text));
}

std::string fingerprintText(const Fingerprint& fingerprint) {
    std::string text;
    for (const auto byte : fingerprint) text += fmt::format("{}{:02X}", text.empty() ? "" : ":", byte);
    return text;
}

}  // namespace tagwire::da
