// Any text ends in a frame or in a short error; values of the frame are read as any type without harm.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <variant>

#include "source/opcda/agent_frames.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace tagwire;
    using namespace tagwire::source::opcda;
    const auto frame = parseAgentFrame(std::string(data, data + size));
    if (!frame) {
        constexpr std::size_t kLongestError = 300;
        if (frame.error().message.empty() || frame.error().message.size() > kLongestError) std::abort();
        return 0;
    }
    const auto* rows = std::get_if<AgentData>(&*frame);
    if (rows == nullptr) return 0;
    constexpr auto kTypes = static_cast<std::uint8_t>(BuiltInType::DiagnosticInfo);
    for (const auto& row : rows->rows) {
        for (std::uint8_t type = 0; type <= kTypes; ++type) {
            for (const bool array : {false, true}) {
                const auto value =
                    readValue(row.value, {.type = static_cast<BuiltInType>(type), .array = array});
                if (value && !value->isNull() && value->isArray() != array) std::abort();
            }
        }
    }
    return 0;
}
