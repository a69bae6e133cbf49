// Cookie, Authorization and X-Forwarded-For are bytes from outside. What is found in them is a part of them.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string_view>

#include "serve/credentials.h"

namespace {

void isPartOf(std::string_view whole, std::optional<std::string_view> part) {
    if (!part) return;
    if (part->empty() || part->data() < whole.data() ||
        part->data() + part->size() > whole.data() + whole.size())
        std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace tagwire::serve;
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    for (const bool secure : {false, true}) {
        const auto value = cookieValue(input, sessionCookieName(secure));
        isPartOf(input, value);
        if (value && value->find(';') != std::string_view::npos) std::abort();
    }
    isPartOf(input, bearerToken(input));
    isPartOf(input, nearestForwarded(input));
    const auto half = input.substr(0, size / 2);
    if (sameSecret(half, input.substr(size / 2)) != (half == input.substr(size / 2))) std::abort();
    return 0;
}
