// What comes from outside into the agent: frames of a gateway, and lines of the backlog's files. A line that
// is taken is written as it was read.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "link/backlog.h"
#include "link/frames.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace tagwire::da;
    const std::string text(data, data + size);
    if (const auto frame = parseGatewayFrame(text); !frame && frame.error().message.empty()) std::abort();
    if (const auto stored = parseStoredLine(text)) {
        const auto again = parseStoredLine(storedLine(stored->id, stored->value));
        if (!again || again->id != stored->id || again->value.value != stored->value.value) std::abort();
    }
    return 0;
}
