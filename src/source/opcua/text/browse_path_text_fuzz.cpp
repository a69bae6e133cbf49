// Whatever is taken as a browse path is written back in a form that means the same.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "source/opcua/text/browse_path_text.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using tagwire::source::opcua::BrowsePathText;
    const auto path = BrowsePathText::parse({reinterpret_cast<const char*>(data), size});
    if (!path) {
        if (path.error().message.empty()) std::abort();
        return 0;
    }
    const auto text = path->text();
    // Escapes may make it longer than what is taken.
    if (text.size() > BrowsePathText::kMaxBytes) return 0;
    const auto again = BrowsePathText::parse(text);
    if (!again || *again != *path) std::abort();
    return 0;
}
