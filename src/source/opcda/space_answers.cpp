#include "source/opcda/space_answers.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "model/generated/status_codes.h"

namespace tagwire::source::opcda {
namespace {

// References as OPC UA numbers them, which the pages know: Organizes and HasProperty (OPC 10000-5, 11).
constexpr std::string_view kOrganizes = "i=35";
constexpr std::string_view kHasProperty = "i=46";
constexpr std::int32_t kScalar = -1;
constexpr std::int32_t kOneDimension = 1;

// Properties that every server has (OPC DA 2.05a, 4.4.6).
constexpr std::uint32_t kAccessRights = 5;
constexpr std::uint32_t kScanRate = 6;
constexpr std::uint32_t kDescription = 101;

NodeSummary summary(std::string node, std::string name, NodeClass nodeClass, std::string_view reference,
                    bool forward = true) {
    return {.node = std::move(node),
            .browseName = {.namespaceIndex = 0, .name = name},
            .displayName = {.locale = {}, .text = std::move(name)},
            .nodeClass = nodeClass,
            .typeDefinition = {},
            .referenceType = std::string(reference),
            .forward = forward,
            .remote = false,
            .hasChildren = {}};
}

std::string nameOf(const BranchNode& branch, const std::string& root) {
    return branch.path.empty() ? root : branch.path.back();
}

std::optional<Value> valueOf(const AgentLooked& looked, std::uint32_t property) {
    const auto found = std::ranges::find(looked.properties, property, &AgentProperty::id);
    if (found == looked.properties.end()) return std::nullopt;
    return readValue(found->value, {.type = BuiltInType::Variant, .array = false});
}

std::string typeNameOf(ValueShape shape) {
    switch (shape.type) {
        case BuiltInType::Boolean: return "Boolean";
        case BuiltInType::SByte: return "SByte";
        case BuiltInType::Byte: return "Byte";
        case BuiltInType::Int16: return "Int16";
        case BuiltInType::UInt16: return "UInt16";
        case BuiltInType::Int32: return "Int32";
        case BuiltInType::UInt32: return "UInt32";
        case BuiltInType::Int64: return "Int64";
        case BuiltInType::UInt64: return "UInt64";
        case BuiltInType::Float: return "Float";
        case BuiltInType::Double: return "Double";
        case BuiltInType::String: return "String";
        case BuiltInType::DateTime: return "DateTime";
        case BuiltInType::Variant: return "Variant";
        default: return {};
    }
}

NodeAttributes variable(std::string node, std::string name) {
    NodeAttributes attributes;
    attributes.node = std::move(node);
    attributes.nodeClass = NodeClass::Variable;
    attributes.browseName = {.namespaceIndex = 0, .name = name};
    attributes.displayName = {.locale = {}, .text = std::move(name)};
    return attributes;
}

}  // namespace

std::vector<NodeSummary> levelOf(const BranchNode& branch, std::vector<AgentEntry> entries) {
    std::vector<NodeSummary> nodes;
    for (auto& entry : entries) {
        if (entry.step) {
            auto below = branch;
            below.path.push_back(std::move(*entry.step));
            nodes.push_back(summary(textOf(below), entry.name, NodeClass::Object, kOrganizes));
        }
        if (entry.item.empty()) continue;
        auto item = summary(textOf(ItemNode{.id = std::move(entry.item)}), std::move(entry.name),
                            NodeClass::Variable, kOrganizes);
        item.hasChildren = false;
        nodes.push_back(std::move(item));
    }
    return nodes;
}

std::vector<NodeSummary> propertiesOf(const ItemNode& item, const AgentLooked& looked) {
    std::vector<NodeSummary> nodes;
    for (const auto& property : looked.properties) {
        nodes.push_back(summary(textOf(PropertyNode{.property = property.id, .item = item.id}), property.text,
                                NodeClass::Variable, kHasProperty));
        nodes.back().hasChildren = false;
    }
    return nodes;
}

std::vector<NodeSummary> parentOf(const SpaceNode& node) {
    if (const auto* branch = std::get_if<BranchNode>(&node)) {
        if (branch->path.empty()) return {};
        auto above = *branch;
        above.path.pop_back();
        auto name = nameOf(above, {});
        return {summary(textOf(above), std::move(name), NodeClass::Object, kOrganizes, false)};
    }
    if (const auto* property = std::get_if<PropertyNode>(&node)) {
        return {summary(textOf(ItemNode{.id = property->item}), property->item, NodeClass::Variable,
                        kHasProperty, false)};
    }
    return {};
}

NodeAttributes attributesOf(const BranchNode& branch, const std::string& server) {
    auto attributes = variable(textOf(branch), nameOf(branch, server));
    attributes.nodeClass = NodeClass::Object;
    attributes.inverseReferences = parentOf(branch);
    return attributes;
}

NodeAttributes attributesOf(const ItemNode& item, const AgentLooked& looked) {
    auto attributes = variable(textOf(item), item.id);
    attributes.dataTypeName = typeNameOf(looked.shape);
    attributes.valueRank = looked.shape.array ? kOneDimension : kScalar;
    if (const auto text = valueOf(looked, kDescription); text && text->getIf<std::string>() != nullptr)
        attributes.description = LocalizedText{.locale = {}, .text = *text->getIf<std::string>()};
    if (const auto rights = valueOf(looked, kAccessRights)) {
        // OPC DA's bits for reading and writing are OPC UA's.
        constexpr double kBoth = AccessLevel::kCurrentRead | AccessLevel::kCurrentWrite;
        const double bits = rights->toDouble();
        if (bits >= 0 && bits <= kBoth) {
            attributes.accessLevel = AccessLevel{.bits = static_cast<std::uint8_t>(bits)};
            attributes.userAccessLevel = attributes.accessLevel;
        }
    }
    if (const auto rate = valueOf(looked, kScanRate); rate && rate->toDouble() >= 0)
        attributes.minimumSamplingInterval = rate->toDouble();
    auto value = readValue(looked.value, looked.shape);
    const auto now = wallClockNow();
    attributes.value = DataValue{.value = value.value_or(Value{}),
                                 .status = value ? looked.status : kBadDecodingError,
                                 .sourceTime = looked.time.value_or(now),
                                 .serverTime = now};
    return attributes;
}

NodeAttributes attributesOf(const PropertyNode& property, const AgentLooked& looked) {
    const auto found = std::ranges::find(looked.properties, property.property, &AgentProperty::id);
    if (found == looked.properties.end()) {
        NodeAttributes unknown;
        unknown.status = kBadNodeIdUnknown;
        return unknown;
    }
    auto attributes = variable(textOf(property), found->text);
    const auto now = wallClockNow();
    attributes.value = DataValue{
        .value = readValue(found->value, {.type = BuiltInType::Variant, .array = found->value.is_array()})
                     .value_or(Value{}),
        .status = found->status,
        .sourceTime = now,
        .serverTime = now};
    attributes.inverseReferences = parentOf(property);
    return attributes;
}

}  // namespace tagwire::source::opcda
