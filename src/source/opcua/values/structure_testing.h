/// Data types as a server describes them, for tests. Thread: the test's. Lifetime: value types.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <open62541/nodeids.h>

#include "source/opcua/values/structure_types.h"

namespace tagwire::source::opcua {

struct TestField {
    std::string_view name;
    UA_NodeId type{};
    std::int32_t valueRank = -1;
    bool optional = false;
};

[[nodiscard]] inline UA_NodeId plantNode(UA_UInt32 number) noexcept {
    UA_NodeId id{};
    id.namespaceIndex = 2;
    id.identifier.numeric = number;
    return id;
}

/// Answers for the server: the structure `number` with its encoding `number + 1000`.
inline TypeIndex defineStructure(StructureTypes& types, UA_UInt32 number, std::string_view name,
                                 UA_StructureType kind, const std::vector<TestField>& fields,
                                 bool isAbstract = false) {
    std::vector<UA_StructureField> described;
    for (const TestField& field : fields) {
        UA_StructureField& out = described.emplace_back();
        out.name = borrow(field.name);
        out.dataType = field.type;
        out.valueRank = field.valueRank;
        out.isOptional = field.optional;
    }
    UA_StructureDefinition definition{};
    definition.defaultEncodingId = plantNode(number + 1000);
    definition.structureType = kind;
    definition.fields = described.data();
    definition.fieldsSize = described.size();
    const TypeIndex type = types.typeOf(plantNode(number));
    (void)types.takeWantedTypes(1000);
    types.setName(type, name);
    types.setStructure(type, definition, isAbstract);
    return type;
}

inline TypeIndex defineEnumeration(StructureTypes& types, UA_UInt32 number,
                                   const std::vector<std::pair<std::int64_t, std::string_view>>& values,
                                   UA_UInt32 base = UA_NS0ID_ENUMERATION) {
    std::vector<UA_EnumField> described;
    for (const auto& [value, name] : values) {
        UA_EnumField& out = described.emplace_back();
        out.value = value;
        out.name = borrow(name);
    }
    UA_EnumDefinition definition{};
    definition.fields = described.data();
    definition.fieldsSize = described.size();
    const TypeIndex type = types.typeOf(plantNode(number));
    (void)types.takeWantedTypes(1000);
    types.setEnumeration(type, definition, standardNode(base));
    return type;
}

/// Writes OPC UA Binary.
struct TestBytes {
    std::string bytes;

    template <class T>
    TestBytes& number(T value) {
        bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
        return *this;
    }
    TestBytes& text(std::string_view value) {
        number(static_cast<std::int32_t>(value.size()));
        bytes.append(value);
        return *this;
    }
};

}  // namespace tagwire::source::opcua
