/// What a server says of its variables besides their values: type, units, ranges, labels, rights (OPC
/// 10000-3, 5.6; OPC 10000-8, 5.3). In batches, for any number of nodes; what a server does not have is left
/// out and never an error.
///
/// Languages: a session has one list of locales, in the order of preference, and the server answers in the
/// first it has (OPC 10000-4, 5.6.3). So each text comes once, and is filed under the language that the
/// server names with it; texts in other languages come from the configuration. Thread: the source's.
/// Lifetime: functions; as batched_call.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/address_space.h"
#include "model/tag_info.h"
#include "source/opcua/services/operation.h"
#include "source/opcua/services/server_view.h"
#include "source/opcua/values/ua_types.h"

namespace tagwire::source::opcua {

struct NodeMetadata {
    /// Why nothing is known, such as BadNodeIdUnknown; or Good.
    StatusCode status;
    LocalizedText displayName;
    LocalizedText description;
    std::string dataType;
    /// What its values travel as; Null where the type is abstract (Number, BaseDataType) or unknown.
    BuiltInType type = BuiltInType::Null;
    std::optional<std::int32_t> valueRank;
    std::vector<std::uint32_t> arrayDimensions;
    std::optional<AccessLevel> accessLevel;
    std::optional<AccessLevel> userAccessLevel;
    /// ms; 0 continuous, -1 unknown.
    std::optional<double> minimumSamplingInterval;
    bool historizing = false;
    std::optional<EURange> range;
    std::optional<EURange> instrumentRange;
    std::optional<EngineeringUnits> units;
    /// Of the node's EnumValues, EnumStrings, or FalseState and TrueState; otherwise of its enumeration type.
    std::map<std::int64_t, std::string> labels;
    /// Digits after the decimal point.
    std::optional<int> decimals;
    /// Where the node itself has the properties of a limit alarm.
    Limits limits;

    /// What the person whose name the session runs under may do; nothing where the server does not tell.
    [[nodiscard]] std::optional<Access> access() const noexcept;
    /// There is a history, and this person may read it.
    [[nodiscard]] bool historyReadable() const noexcept;
};

struct MetadataCallbacks {
    /// Of the nodes from `first` on, in their order, some hundred at a time.
    std::function<void(std::size_t first, std::vector<NodeMetadata> nodes)> onNodes;
    /// At the end; Bad when the connection was lost on the way.
    std::function<void(StatusCode status)> onDone;
};

Operation readMetadata(const ServerView& server, std::vector<Ua<UA_NodeId>> nodes,
                       MetadataCallbacks callbacks);

/// `info`, which the configuration says, completed by what the server says.
[[nodiscard]] TagInfo mergedWith(TagInfo info, const NodeMetadata& server);

/// `zh` of `zh-CN`: the key of TagInfo::description; empty for none.
[[nodiscard]] std::string languageOf(std::string_view locale);

}  // namespace tagwire::source::opcua
