// Request targets, Host and Origin headers are bytes from outside.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "serve/http_types.h"
#include "serve/origin_policy.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace tagwire::serve;
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    if (const auto target = parseTarget(input)) {
        (void)target->query.list("tags");
        (void)target->query.number("min", 0, 0, 1);
    }
    static const OriginPolicy policy({"https://hmi.example.com"}, {"hmi.example.com"});
    (void)policy.allowsHost(input);
    const auto newline = input.find('\n');
    if (newline != std::string_view::npos)
        (void)policy.allowsOrigin(input.substr(0, newline), input.substr(newline + 1));
    return 0;
}
