#include "access/base64_url.h"

#include <cstddef>

#include <sodium.h>

namespace tagwire::access {
namespace {

constexpr int kVariant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;

std::string encoded(std::string_view bytes, int variant) {
    std::string text(sodium_base64_encoded_len(bytes.size(), variant), '\0');
    sodium_bin2base64(text.data(), text.size(), reinterpret_cast<const unsigned char*>(bytes.data()),
                      bytes.size(), variant);
    text.pop_back();  // the library's terminating zero
    return text;
}

std::optional<std::string> decoded(std::string_view text, int variant) {
    std::string bytes((text.size() / 4 * 3) + 3, '\0');
    std::size_t size = 0;
    const char* end = nullptr;
    if (sodium_base642bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(), text.data(),
                          text.size(), nullptr, &size, &end, variant) != 0 ||
        end != text.data() + text.size())
        return std::nullopt;
    bytes.resize(size);
    return bytes;
}

}  // namespace

std::string toBase64Url(std::string_view bytes) { return encoded(bytes, kVariant); }

std::string toBase64(std::string_view bytes) { return encoded(bytes, sodium_base64_VARIANT_ORIGINAL); }

std::optional<std::string> fromBase64(std::string_view text) {
    return decoded(text, sodium_base64_VARIANT_ORIGINAL);
}

std::optional<std::string> fromBase64Url(std::string_view text) { return decoded(text, kVariant); }

}  // namespace tagwire::access
