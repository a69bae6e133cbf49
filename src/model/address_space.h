/// What a server's address space shows of itself: nodes, their references and attributes (OPC 10000-3, 5).
/// Thread: any. Lifetime: value types.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/data_value.h"
#include "model/status_code.h"
#include "model/value.h"

namespace tagwire {

/// Numbers are those of the specification (OPC 10000-3, 8.29).
enum class NodeClass : std::uint8_t {
    Unspecified = 0,
    Object = 1,
    Variable = 2,
    Method = 4,
    ObjectType = 8,
    VariableType = 16,
    ReferenceType = 32,
    DataType = 64,
    View = 128,
};

/// A node as one of its references shows it. Node ids are texts with namespace URIs (`nsu=http://x;s=A`); of
/// nodes in another server `svr=1;…`, which can be shown but not followed.
struct NodeSummary {
    std::string node;
    QualifiedName browseName;
    LocalizedText displayName;
    NodeClass nodeClass = NodeClass::Unspecified;
    /// Of objects and variables; empty where the server does not tell.
    std::string typeDefinition;
    std::string referenceType;
    /// The reference points from the browsed node to this one.
    bool forward = true;
    /// The node is in another server.
    bool remote = false;
    /// Whether it has hierarchical references to others; nothing where that was not asked.
    std::optional<bool> hasChildren;

    friend bool operator==(const NodeSummary&, const NodeSummary&) = default;
};

/// One page of a node's references.
struct BrowsePage {
    /// Why there are none, or Good.
    StatusCode status;
    std::vector<NodeSummary> references;
    /// Asks for the next page; nothing after the last one.
    std::optional<std::uint64_t> continuation;
    /// Why the rest was left out, in words; empty when it was not.
    std::string cutOff;
};

/// Rights as the server packs them (OPC 10000-3, 8.57); the words are in accessWords().
struct AccessLevel {
    static constexpr std::uint8_t kCurrentRead = 0x01;
    static constexpr std::uint8_t kCurrentWrite = 0x02;
    static constexpr std::uint8_t kHistoryRead = 0x04;
    static constexpr std::uint8_t kHistoryWrite = 0x08;
    static constexpr std::uint8_t kSemanticChange = 0x10;
    static constexpr std::uint8_t kStatusWrite = 0x20;
    static constexpr std::uint8_t kTimestampWrite = 0x40;

    std::uint8_t bits = 0;
    friend bool operator==(const AccessLevel&, const AccessLevel&) = default;
};

/// `CurrentRead`, `CurrentWrite`, … of the bits that are set.
[[nodiscard]] std::vector<std::string> accessWords(AccessLevel level);

/// The word of the specification, such as `Variable`; `Unspecified` for what is none.
[[nodiscard]] std::string_view nodeClassName(NodeClass nodeClass) noexcept;

/// Everything a person wants to see of one node. What its class does not have, or the server does not give,
/// is left out.
struct NodeAttributes {
    /// Why nothing is known, such as BadNodeIdUnknown; or Good.
    StatusCode status;
    std::string node;
    NodeClass nodeClass = NodeClass::Unspecified;
    QualifiedName browseName;
    LocalizedText displayName;
    std::optional<LocalizedText> description;
    /// Node id of the type, and its browse name.
    std::string typeDefinition;
    std::string typeDefinitionName;

    // Variables and variable types
    std::string dataType;
    std::string dataTypeName;
    /// -3 scalar or one dimension, -2 any, -1 scalar, 0 one or more, n > 0 n dimensions (OPC 10000-3, 5.6.2).
    std::optional<std::int32_t> valueRank;
    std::vector<std::uint32_t> arrayDimensions;
    std::optional<AccessLevel> accessLevel;
    /// Of the person whose name the session runs under.
    std::optional<AccessLevel> userAccessLevel;
    /// ms; 0 continuous, -1 unknown.
    std::optional<double> minimumSamplingInterval;
    std::optional<bool> historizing;
    /// As read just now.
    std::optional<DataValue> value;

    // Objects and views
    std::optional<std::uint8_t> eventNotifier;
    // Methods
    std::optional<bool> executable;
    std::optional<bool> userExecutable;
    // Types
    std::optional<bool> isAbstract;
    std::optional<bool> symmetric;
    std::optional<LocalizedText> inverseName;

    std::optional<std::uint32_t> writeMask;
    std::optional<std::uint32_t> userWriteMask;

    /// What points to this node: its parents, and whatever else.
    std::vector<NodeSummary> inverseReferences;
};

/// A node that a search found.
struct SearchHit {
    NodeSummary node;
    /// Browse path as the configuration takes it, such as `/Objects/nsu=http://x;Line1/nsu=http://x;Temp`;
    /// relative to where the search began, unless that was the root or one of its folders.
    std::string path;
    std::size_t depth = 0;
};

}  // namespace tagwire
