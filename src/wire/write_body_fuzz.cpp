// The body of POST /api/v1/values, as anybody may send it.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "wire/body_parser.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto body = tagwire::wire::parseBody<tagwire::wire::WriteOrderBody>(text);
    if (!body) {
        if (body.error().message.empty() || body.error().message.size() > 1000) __builtin_trap();
        return 0;
    }
    if (body->key.empty() || body->values.empty() || body->values.size() > 100) __builtin_trap();
    if (body->ttl < std::chrono::milliseconds{100} || body->ttl > std::chrono::minutes{1}) __builtin_trap();
    return 0;
}
