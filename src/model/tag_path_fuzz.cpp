// Tag names and patterns come from clients. The input is a pattern and a path, separated by a newline.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "model/tag_path.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    const auto newline = input.find('\n');
    const auto pattern = tagwire::TagPattern::parse(input.substr(0, newline));
    const auto path =
        tagwire::TagPath::parse(newline == std::string_view::npos ? input : input.substr(newline + 1));
    if (pattern && path) {
        (void)pattern->matches(path->text());
        // What is a plain name matches itself and nothing longer.
        if (!tagwire::TagPattern::isPattern(pattern->text()) && !pattern->matches(pattern->text()))
            __builtin_trap();
    }
    return 0;
}
