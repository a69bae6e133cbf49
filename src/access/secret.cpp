#include "access/secret.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <stdexcept>

#include <sodium.h>

namespace tagwire::access {
namespace {

constexpr std::size_t kIdBytes = 12;

std::string base64Url(std::span<const std::uint8_t> bytes) {
    constexpr int kVariant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
    std::string text(sodium_base64_encoded_len(bytes.size(), kVariant), '\0');
    sodium_bin2base64(text.data(), text.size(), bytes.data(), bytes.size(), kVariant);
    text.pop_back();  // the library's terminating zero
    return text;
}

template <std::size_t N>
std::string randomText() {
    if (sodium_init() < 0) throw std::runtime_error("this machine gives no random numbers");
    std::array<std::uint8_t, N> bytes{};
    randombytes_buf(bytes.data(), bytes.size());
    return base64Url(bytes);
}

bool isBase64Url(std::string_view text) noexcept {
    return std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
               c == '_';
    });
}

}  // namespace

std::string newSecret() { return randomText<kSecretBytes>(); }

std::string newTokenSecret() { return std::string(kTokenPrefix) + newSecret(); }

std::string newId() { return randomText<kIdBytes>(); }

bool looksLikeSecret(std::string_view text) noexcept {
    return text.size() == kSecretCharacters && isBase64Url(text);
}

bool looksLikeToken(std::string_view text) noexcept {
    return text.starts_with(kTokenPrefix) && looksLikeSecret(text.substr(kTokenPrefix.size()));
}

std::string csrfOf(const Sha256& sessionHash) {
    std::string text = "tagwire csrf ";
    text.append(reinterpret_cast<const char*>(sessionHash.data()), sessionHash.size());
    return base64Url(sha256(text));
}

bool sameHash(const Sha256& a, const Sha256& b) noexcept {
    return sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace tagwire::access
