/// Any bytes as a configuration: read, or refused with problems that each fit into one line.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "config/load.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(data, data + size);
    const auto result = tagwire::config::loadTexts({{"fuzz.toml", text}});
    if (result) return 0;
    if (result.error().empty()) std::abort();
    for (const auto& problem : result.error()) {
        const std::string line = toText(problem);
        if (problem.reason.empty() || line.find('\n') != std::string::npos) std::abort();
    }
    return 0;
}
