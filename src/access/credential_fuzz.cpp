// What somebody shows, and what somebody wants to be called: any bytes are taken or refused, and what is
// taken is harmless in lists, logs and files.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "access/account_rules.h"
#include "access/password.h"
#include "access/secret.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace tagwire::access;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (looksLikeSecret(text) && text.size() != kSecretCharacters) std::abort();
    if (looksLikeToken(text) && text.size() != kTokenPrefix.size() + kSecretCharacters) std::abort();
    constexpr std::string_view kHarmful("\0\n\r\x1b\x7f", 5);
    if (checkUserName(text) && (text.empty() || text.find_first_of(kHarmful) != text.npos ||
                                text.find_first_of(":/ \"'<>") != text.npos))
        std::abort();
    if (checkTokenName(text) && text.find_first_of(kHarmful) != text.npos) std::abort();
    const auto middle = size / 2;
    if (checkPassword(text.substr(0, middle), text.substr(middle)) &&
        (size - middle < kMinPasswordBytes || size - middle > kMaxPasswordBytes))
        std::abort();
    return 0;
}
