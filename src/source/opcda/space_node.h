/// What the address space of an OPC DA server consists of, and its names: branches, items, and the properties
/// of items. OPC DA has no node ids, so these are ours: `` for the root, `branch=["Plant","Line 1"]` with the
/// steps from the root, `item=Line1.Speed`, `property=101;item=Line1.Speed`. Thread: any. Lifetime: value
/// types and functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "base/result.h"
#include "source/opcda/agent_answers.h"

namespace tagwire::source::opcda {

struct BranchNode {
    BranchPath path;  ///< empty: the root
    friend bool operator==(const BranchNode&, const BranchNode&) = default;
};
struct ItemNode {
    std::string id;
    friend bool operator==(const ItemNode&, const ItemNode&) = default;
};
struct PropertyNode {
    std::uint32_t property = 0;
    std::string item;
    friend bool operator==(const PropertyNode&, const PropertyNode&) = default;
};
using SpaceNode = std::variant<BranchNode, ItemNode, PropertyNode>;

/// The error says how a node is written.
[[nodiscard]] Result<SpaceNode> parseSpaceNode(std::string_view text);
[[nodiscard]] std::string textOf(const BranchNode& node);
[[nodiscard]] std::string textOf(const ItemNode& node);
[[nodiscard]] std::string textOf(const PropertyNode& node);

}  // namespace tagwire::source::opcda
