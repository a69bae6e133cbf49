/// What an agent says of its server's items, in the words of the address space (model/address_space.h).
/// Thread: any. Lifetime: functions.
#pragma once

#include <string>
#include <vector>

#include "model/address_space.h"
#include "source/opcda/agent_answers.h"
#include "source/opcda/space_node.h"

namespace tagwire::source::opcda {

/// What lies below a branch; an entry that is a branch and an item comes as two nodes.
[[nodiscard]] std::vector<NodeSummary> levelOf(const BranchNode& branch, std::vector<AgentEntry> entries);
/// Of an item.
[[nodiscard]] std::vector<NodeSummary> propertiesOf(const ItemNode& item, const AgentLooked& looked);
/// What is above a branch, or the item of a property; of items nobody knows. Empty for the root.
[[nodiscard]] std::vector<NodeSummary> parentOf(const SpaceNode& node);

[[nodiscard]] NodeAttributes attributesOf(const BranchNode& branch, const std::string& server);
[[nodiscard]] NodeAttributes attributesOf(const ItemNode& item, const AgentLooked& looked);
/// BadNodeIdUnknown where the item does not have it.
[[nodiscard]] NodeAttributes attributesOf(const PropertyNode& property, const AgentLooked& looked);

}  // namespace tagwire::source::opcda
