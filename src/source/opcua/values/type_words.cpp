#include "source/opcua/values/type_words.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include <boost/json/serialize.hpp>
#include <fmt/format.h>
#include <open62541/nodeids.h>

namespace tagwire::source::opcua {
namespace {

/// Structures within each other that an example shows.
constexpr int kMaxDepth = 5;
/// Longer ones help nobody.
constexpr std::size_t kMaxExample = 2'000;

/// Without the node id that stands behind it for messages.
std::string ownName(TypeIndex type, const StructureTypes& types) {
    const std::string& name = types[type].name;
    const std::string id = fmt::format(" ({})", types.textOf(types.idOf(type)));
    return name.ends_with(id) ? name.substr(0, name.size() - id.size()) : name;
}

std::string elementText(const WriteTarget& target, const StructureTypes& types) {
    const auto type = types.resolve(target.dataType);
    if (!type) return ownName(target.dataType, types);
    if (type->builtIn == BuiltInType::Variant) {
        const UA_NodeId& id = types.idOf(target.dataType);
        const UA_NodeId any = standardNode(UA_NS0ID_BASEDATATYPE);
        return UA_NodeId_equal(&id, &any) ? typeName(BuiltInType::Null) : ownName(target.dataType, types);
    }
    const bool named = type->enumeration != nullptr || type->builtIn == BuiltInType::ExtensionObject;
    return named ? ownName(target.dataType, types) : typeName(type->builtIn);
}

std::string_view exampleOf(BuiltInType type) noexcept {
    switch (type) {
        case BuiltInType::Boolean: return "true";
        case BuiltInType::SByte:
        case BuiltInType::Byte:
        case BuiltInType::Int16:
        case BuiltInType::UInt16:
        case BuiltInType::Int32:
        case BuiltInType::UInt32:
        case BuiltInType::Int64:
        case BuiltInType::UInt64: return "42";
        case BuiltInType::Float:
        case BuiltInType::Double:
        case BuiltInType::Variant: return "21.5";
        case BuiltInType::String:
        case BuiltInType::LocalizedText: return "text";
        case BuiltInType::DateTime: return "2026-11-23T08:00:00Z";
        case BuiltInType::Guid: return "09087e75-8e5e-499b-954f-f2a9603db28a";
        case BuiltInType::ByteString: return "AQID";
        case BuiltInType::XmlElement: return "<a/>";
        case BuiltInType::NodeId:
        case BuiltInType::ExpandedNodeId: return "i=2258";
        case BuiltInType::StatusCode: return "BadTimeout";
        case BuiltInType::QualifiedName: return "2:Level";
        default: return {};
    }
}

bool isBare(BuiltInType type) noexcept { return type <= BuiltInType::Double || type == BuiltInType::Variant; }

class ExampleMaker {
public:
    explicit ExampleMaker(const StructureTypes& types) noexcept : types_(types) {}

    /// As JSON; nothing where there is no value to show.
    [[nodiscard]] std::optional<std::string> array(const ResolvedType& type, std::size_t dimensions,
                                                   int depth) const {
        auto one = element(type, depth);
        if (!one) return std::nullopt;
        for (std::size_t d = 0; d < dimensions && one->size() <= kMaxExample; ++d) {
            one = type.structure != nullptr ? fmt::format("[{}]", *one) : fmt::format("[{0},{0}]", *one);
        }
        return one;
    }

    [[nodiscard]] std::optional<std::string> element(const ResolvedType& type, int depth) const {
        if (type.structure != nullptr) return structure(*type.structure, depth);
        if (type.enumeration != nullptr && type.builtIn == BuiltInType::Int32 &&
            !type.enumeration->names.empty()) {
            return boost::json::serialize(type.enumeration->names.back().second);
        }
        const auto text = exampleOf(type.builtIn);
        if (text.empty()) return std::nullopt;
        return isBare(type.builtIn) ? std::string(text) : fmt::format("\"{}\"", text);
    }

private:
    [[nodiscard]] std::optional<std::string> structure(const DataTypeEntry& type, int depth) const {
        if (depth >= kMaxDepth) return std::nullopt;
        std::string out = "{";
        for (const StructureField& field : type.fields) {
            if (field.optional) continue;
            const auto resolved = types_.resolve(field.type);
            if (!resolved) return std::nullopt;
            const auto value =
                array(*resolved, static_cast<std::size_t>(std::max(field.valueRank, 0)), depth + 1);
            if (!value) return std::nullopt;
            out +=
                fmt::format("{}{}:{}", out.size() > 1 ? "," : "", boost::json::serialize(field.name), *value);
            if (out.size() > kMaxExample) return std::nullopt;
            if (type.form == TypeForm::Union) break;
        }
        return out + "}";
    }

    const StructureTypes& types_;
};

}  // namespace

std::string typeName(BuiltInType type) {
    // OPC 10000-6, table 1
    constexpr std::array<std::string_view, 26> kNames{
        "any type",       "Boolean",       "SByte",         "Byte",          "Int16",      "UInt16",
        "Int32",          "UInt32",        "Int64",         "UInt64",        "Float",      "Double",
        "String",         "DateTime",      "Guid",          "ByteString",    "XmlElement", "NodeId",
        "ExpandedNodeId", "StatusCode",    "QualifiedName", "LocalizedText", "Structure",  "DataValue",
        "Variant",        "DiagnosticInfo"};
    return std::string(kNames.at(static_cast<std::size_t>(type)));
}

std::string typeText(const WriteTarget& target, const StructureTypes& types) {
    std::string text = elementText(target, types);
    // A hostile server's rank makes no endless text.
    constexpr std::int32_t kShown = 8;
    for (std::int32_t i = 0; i < std::min(target.valueRank, kShown); ++i) text += "[]";
    return text;
}

std::string exampleText(const WriteTarget& target, const StructureTypes& types) {
    auto type = types.resolve(target.dataType);
    if (!type) return {};
    if (type->builtIn == BuiltInType::Variant && target.current != BuiltInType::Null &&
        target.current != BuiltInType::ExtensionObject) {
        type->builtIn = target.current;
    }
    const ExampleMaker maker(types);
    // 0: one or more dimensions; -2 and -3: one value will do
    const auto rank = target.valueRank == 0 ? 1 : std::clamp(target.valueRank, 0, 8);
    if (rank > 0) return maker.array(*type, static_cast<std::size_t>(rank), 0).value_or("");
    std::string text = maker.element(*type, 0).value_or("");
    // At the console quotes are only in the way.
    const bool quoted = text.size() > 2 && text.starts_with('"') && text.find('\\') == std::string::npos;
    return quoted ? text.substr(1, text.size() - 2) : text;
}

}  // namespace tagwire::source::opcua
