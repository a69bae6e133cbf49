#include "access/secret.h"

#include <algorithm>
#include <cstddef>
#include <stdexcept>
#include <string>

#include <sodium.h>

#include "access/base64_url.h"

namespace tagwire::access {
namespace {

constexpr std::size_t kIdBytes = 12;

template <std::size_t N>
std::string randomText() {
    if (sodium_init() < 0) throw std::runtime_error("this machine gives no random numbers");
    std::string bytes(N, '\0');
    randombytes_buf(bytes.data(), bytes.size());
    return toBase64Url(bytes);
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

std::string newId() {
    std::string id;
    do id = randomText<kIdBytes>();
    while (id.starts_with('-'));
    return id;
}

bool looksLikeSecret(std::string_view text) noexcept {
    return text.size() == kSecretCharacters && isBase64Url(text);
}

bool looksLikeToken(std::string_view text) noexcept {
    return text.starts_with(kTokenPrefix) && looksLikeSecret(text.substr(kTokenPrefix.size()));
}

std::string csrfOf(const Sha256& sessionHash) {
    std::string text = "tagwire csrf ";
    text.append(reinterpret_cast<const char*>(sessionHash.data()), sessionHash.size());
    const auto hash = sha256(text);
    return toBase64Url({reinterpret_cast<const char*>(hash.data()), hash.size()});
}

bool sameHash(const Sha256& a, const Sha256& b) noexcept {
    return sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace tagwire::access
