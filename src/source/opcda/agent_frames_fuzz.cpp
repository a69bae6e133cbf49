// Any text ends in a frame or in a short error; values of the frame are read as any type without harm, and
// what it tells of the address space has names that can be asked for.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <utility>
#include <variant>

#include "source/opcda/agent_frames.h"
#include "source/opcda/space_answers.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

using namespace tagwire;
using namespace tagwire::source::opcda;

void readAsAll(const boost::json::value& from) {
    constexpr auto kTypes = static_cast<std::uint8_t>(BuiltInType::DiagnosticInfo);
    for (std::uint8_t type = 0; type <= kTypes; ++type) {
        for (const bool array : {false, true}) {
            const auto value = readValue(from, {.type = static_cast<BuiltInType>(type), .array = array});
            if (value && !value->isNull() && value->isArray() != array) std::abort();
        }
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    auto frame = parseAgentFrame(std::string(data, data + size));
    if (!frame) {
        constexpr std::size_t kLongestError = 300;
        if (frame.error().message.empty() || frame.error().message.size() > kLongestError) std::abort();
        return 0;
    }
    if (const auto* news = std::get_if<AgentData>(&*frame)) {
        for (const auto& row : news->rows) readAsAll(row.value);
    } else if (const auto* looked = std::get_if<AgentLooked>(&*frame)) {
        readAsAll(looked->value);
        for (const auto& property : looked->properties) readAsAll(property.value);
        static_cast<void>(attributesOf(ItemNode{.id = "x"}, *looked));
        for (const auto& node : propertiesOf(ItemNode{.id = "x"}, *looked))
            static_cast<void>(
                attributesOf(std::get<PropertyNode>(parseSpaceNode(node.node).value()), *looked));
    } else if (auto* entries = std::get_if<AgentEntries>(&*frame)) {
        for (const auto& node : levelOf({}, std::move(entries->entries))) {
            if (!parseSpaceNode(node.node)) std::abort();
        }
    } else if (const auto* written = std::get_if<AgentWritten>(&*frame)) {
        for (const auto& item : written->items) readAsAll(item.after);
    }
    return 0;
}
