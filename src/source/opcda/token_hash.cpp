#include "source/opcda/token_hash.h"

#include <array>

#include <fmt/format.h>
#include <openssl/evp.h>

namespace tagwire::source::opcda {

std::string tokenHash(std::string_view token) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned length = 0;
    if (EVP_Digest(token.data(), token.size(), digest.data(), &length, EVP_sha256(), nullptr) != 1) return {};
    std::string text;
    for (unsigned i = 0; i < length; ++i) text += fmt::format("{:02x}", digest.at(i));
    return text;
}

}  // namespace tagwire::source::opcda
