#include "base/sha256.h"

#include <openssl/sha.h>

namespace tagwire {

Sha256 sha256(std::string_view text) noexcept {
    Sha256 hash{};
    SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), hash.data());
    return hash;
}

std::string toHex(const Sha256& hash) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text;
    text.reserve(2 * hash.size());
    for (const auto byte : hash) {
        text += kDigits[byte >> 4U];
        text += kDigits[byte & 0xFU];
    }
    return text;
}

}  // namespace tagwire
