/// From what people and programs write to what a node takes: coerced to its data type and value rank with
/// every range checked. Thread: the types'. Lifetime: functions.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include <boost/json/value.hpp>

#include "base/result.h"
#include "model/value.h"
#include "source/opcua/values/structure_types.h"

namespace tagwire::source::opcua {

/// The attributes of the node that is written (OPC 10000-3, 5.6.2).
struct WriteTarget {
    /// Must have been read (TypeReader::whenRead).
    TypeIndex dataType = 0;
    /// -1 scalar, -2 any, -3 scalar or one dimension, 0 one or more dimensions, otherwise so many.
    std::int32_t valueRank = -1;
    /// Most elements of each dimension; 0, or none given: any.
    std::vector<std::uint32_t> arrayDimensions = {};
    /// Of the node's present value: decides where the data type is abstract, such as Number, or where the
    /// server does not tell what it is.
    BuiltInType current = BuiltInType::Null;
};

struct EncodeLimits {
    /// Of a text that is written.
    static constexpr std::size_t kMaxTextBytes = 16'777'216;
    static constexpr std::size_t kMaxDepth = 32;
};

/// The error says what is expected. Numbers are accepted as text and the other way round where nothing is
/// lost; enumerations by name or number; structures as objects of all fields that are not optional.
[[nodiscard]] Result<Ua<UA_Variant>> encodeJson(const boost::json::value& value, const WriteTarget& target,
                                                StructureTypes& types);

/// As somebody types it: JSON, or without quotes where the node takes text, a time, a name.
[[nodiscard]] Result<Ua<UA_Variant>> encodeText(std::string_view text, const WriteTarget& target,
                                                StructureTypes& types);

[[nodiscard]] Result<Ua<UA_Variant>> encodeValue(const Value& value, const WriteTarget& target,
                                                 StructureTypes& types);

/// Makes a value for what is found out to take it, whose type has been read then; the error says why it does
/// not fit.
using ValueEncoder = std::function<Result<Ua<UA_Variant>>(const WriteTarget& target, StructureTypes& types)>;

}  // namespace tagwire::source::opcua
