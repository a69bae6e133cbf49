/// Events by which a server tells that its address space has changed (OPC 10000-3, 9.32; OPC
/// 10000-5, 6.4.32). Whoever subscribes to the Server object's events selects kModelChangeFields of
/// GeneralModelChangeEventType and hands the fields over here. Thread: any. Lifetime: value types.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "source/opcua/values/node_id.h"

namespace tagwire::source::opcua {

struct ModelChange {
    static constexpr std::uint8_t kNodeAdded = 0x01;
    static constexpr std::uint8_t kNodeDeleted = 0x02;
    static constexpr std::uint8_t kReferenceAdded = 0x04;
    static constexpr std::uint8_t kReferenceDeleted = 0x08;
    static constexpr std::uint8_t kDataTypeChanged = 0x10;

    /// The node concerned.
    NodeAddress node;
    /// Its type definition; nothing for what is no object and no variable.
    std::optional<NodeAddress> type;
    std::uint8_t verb = 0;

    friend bool operator==(const ModelChange&, const ModelChange&) = default;
};

/// Browse names of the event's fields, in the order in which modelChangesOf() takes them.
inline constexpr std::array<std::string_view, 2> kModelChangeFields{"EventType", "Changes"};

/// More changes than this in one event are not listed: it is "anything".
inline constexpr std::size_t kMaxModelChanges = 10'000;

/// Nothing where it is an event of another type; an empty list where anything may have changed.
[[nodiscard]] std::optional<std::vector<ModelChange>> modelChangesOf(std::span<const UA_Variant> fields,
                                                                     NamespaceArray namespaces);

}  // namespace tagwire::source::opcua
