/// What a variable or an argument takes: its data type, brought down to a built-in type, and its rank.
/// Thread: the source's. Lifetime: value types and functions; the client outlives the answer or drops it.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/value.h"
#include "source/opcua/client/server_info.h"
#include "source/opcua/client/ua_client.h"
#include "source/opcua/values/node_id_map.h"
#include "source/opcua/values/ua_types.h"

namespace tagwire::source::opcua {

struct NodeType {
    /// As the node tells it, such as Duration or an enumeration of the plant.
    Ua<UA_NodeId> dataType;
    /// Of each element; Null where the node takes several (Number, BaseDataType) or does not tell.
    BuiltInType builtIn = BuiltInType::Null;
    /// OPC 10000-3, 5.6.2: -1 a scalar, 1 an array, …, -2 whatever one likes.
    std::int32_t valueRank = UA_VALUERANK_ANY;
    /// Lengths an array is held to; 0: any.
    std::vector<std::uint32_t> dimensions;
};

/// Makes a value for the node that takes this type; the error says why the value does not fit.
using ValueEncoder = std::function<Result<Ua<UA_Variant>>(const NodeType& type)>;

/// The built-in type of values of the standard's own data type `id`; Null where it takes several or has to be
/// asked for.
[[nodiscard]] BuiltInType standardBuiltInType(const UA_NodeId& id) noexcept;

/// The built-in type of a value as it was decoded; Null for none.
[[nodiscard]] BuiltInType builtInTypeOf(const UA_Variant& value) noexcept;

/// `Double`, `ByteString`; "any type" for Null.
[[nodiscard]] std::string typeName(BuiltInType type);
/// `Double`, `Int32[]`, `any type[][]`.
[[nodiscard]] std::string typeText(const NodeType& type);

/// Fills in `builtIn` of every type from its `dataType`: asks the server for the supertypes of those that are
/// not the standard's (OPC 10000-3, 5.8.3). `done` is called once; a type that cannot be found stays Null.
void resolveBuiltInTypes(UaClient& client, const OperationLimits& limits, const std::vector<NodeType*>& types,
                         std::function<void()> done);

}  // namespace tagwire::source::opcua
