// Structures that the library has decoded, by its own description of their members.
#include <algorithm>

#include <fmt/format.h>

#include "base/json_text.h"
#include "model/value_json.h"
#include "source/opcua/values/value_converter.h"

namespace tagwire::source::opcua {
namespace {

struct MemberContent {
    const void* data = nullptr;
    /// Of an array.
    std::size_t count = 0;
    bool present = true;
    /// Where the next member begins.
    const std::byte* next = nullptr;
};

/// What stands at `at`, behind the padding, and how it lies there (open62541, types.h, UA_DataTypeMember).
MemberContent contentOf(const UA_DataTypeMember& member, const std::byte* at) noexcept {
    const auto pointer = [](const std::byte* from) { return *reinterpret_cast<void* const*>(from); };
    if (member.isArray) {
        const auto count = *reinterpret_cast<const std::size_t*>(at);
        const void* data = pointer(at + sizeof(std::size_t));
        return {data, data > UA_EMPTY_ARRAY_SENTINEL ? count : 0, !member.isOptional || data != nullptr,
                at + sizeof(std::size_t) + sizeof(void*)};
    }
    if (member.isOptional) return {pointer(at), 0, pointer(at) != nullptr, at + sizeof(void*)};
    return {at, 0, true, at + member.memberType->memSize};
}

void appendKey(std::string& json, std::string_view name) {
    if (json.back() != '{') json += ',';
    appendJsonString(json, name);
    json += ':';
}

}  // namespace

std::string ValueConverter::nameOf(const UA_DataType& type) const {
    const auto id = addressOf(type.typeId, context_.namespaces).text();
    return type.typeName == nullptr ? id : fmt::format("{} ({})", type.typeName, id);
}

Value ValueConverter::libraryStructure(const UA_DataType& type, const void* data) {
    std::string json;
    const bool whole = appendStructure(json, type, data);
    const bool fits = json.size() <= budget_.bytes;
    budget_.bytes -= std::min(budget_.bytes, json.size());
    if (whole && fits) return Value(Structure{std::move(json), {}});
    return opaque(fmt::format("structure {} {}", nameOf(type),
                              fits ? "is nested too deeply, or of a kind that is not decoded"
                                   : "is larger than Tagwire takes (1 MiB as JSON)"));
}

bool ValueConverter::appendStructure(std::string& json, const UA_DataType& type, const void* data) {
    if (budget_.depth >= ValueLimits::kMaxDepth) return false;
    ++budget_.depth;
    bool whole = true;
    json += '{';
    const auto* const start = static_cast<const std::byte*>(data);
    if (type.typeKind == UA_DATATYPEKIND_UNION) {
        const auto chosen = *reinterpret_cast<const UA_UInt32*>(start);
        whole = chosen <= type.membersSize;
        if (whole && chosen > 0) {
            const UA_DataTypeMember& member = type.members[chosen - 1];
            const auto content = contentOf(member, start + member.padding);
            appendKey(json, member.memberName);
            whole = appendMember(json, member, content.data, content.count);
        }
    } else if (type.typeKind == UA_DATATYPEKIND_STRUCTURE || type.typeKind == UA_DATATYPEKIND_OPTSTRUCT) {
        const std::byte* at = start;
        for (std::size_t i = 0; whole && i < type.membersSize; ++i) {
            const UA_DataTypeMember& member = type.members[i];
            const auto content = contentOf(member, at + member.padding);
            at = content.next;
            if (!content.present) continue;
            appendKey(json, member.memberName);
            whole = appendMember(json, member, content.data, content.count);
        }
    } else {
        whole = false;
    }
    json += '}';
    --budget_.depth;
    return whole;
}

bool ValueConverter::appendMember(std::string& json, const UA_DataTypeMember& member, const void* data,
                                  std::size_t count) {
    if (!member.isArray) return appendScalar(json, *member.memberType, data);
    const auto* element = static_cast<const std::byte*>(data);
    json += '[';
    for (std::size_t i = 0; i < count; ++i, element += member.memberType->memSize) {
        if (i > 0) json += ',';
        if (!appendScalar(json, *member.memberType, element)) return false;
    }
    json += ']';
    return true;
}

bool ValueConverter::appendScalar(std::string& json, const UA_DataType& type, const void* data) {
    if (type.typeKind > UA_DATATYPEKIND_ENUM) {
        return appendStructure(json, type, data) && json.size() <= budget_.bytes;
    }
    appendValue(json, scalar(type, data));
    return json.size() <= budget_.bytes;
}

}  // namespace tagwire::source::opcua
