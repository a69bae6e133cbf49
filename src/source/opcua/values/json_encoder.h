/// JSON into OPC UA Binary of a given data type: built-in types, enumerations by name or number, structures,
/// unions, arrays and matrices (OPC 10000-6, 5.2). The inverse of structure_decode.h. Thread: the types'.
/// Lifetime: one value.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <boost/json/value.hpp>

#include "source/opcua/values/structure_types.h"

namespace tagwire::source::opcua {

class JsonEncoder {
public:
    static constexpr std::size_t kMaxElements = 1'000'000;

    explicit JsonEncoder(StructureTypes& types) noexcept : types_(types) {}

    /// What was wrong; nothing when all is well.
    using Problem = std::optional<std::string>;

    /// One value of the type, as it stands in an array of a Variant: a structure in its ExtensionObject.
    [[nodiscard]] Problem element(const boost::json::value& json, const ResolvedType& type);

    /// A whole Variant: `dimensions` beyond one say that `json` is nested arrays.
    [[nodiscard]] Problem variant(const boost::json::value& json, const ResolvedType& type,
                                  std::size_t dimensions);

    /// A Variant of the type that the JSON itself suggests.
    [[nodiscard]] Problem anyVariant(const boost::json::value& json);

    [[nodiscard]] std::string& bytes() noexcept { return out_; }

private:
    template <class T>
    void put(T value) {
        out_.append(reinterpret_cast<const char*>(&value), sizeof value);
    }
    template <class T>
    Problem put(const Result<T>& value);
    template <class T>
    Problem putInteger(const boost::json::value& json, const char* name);
    void putText(std::string_view text);
    Problem putNode(const void* data, const UA_DataType& type);

    Problem builtIn(const boost::json::value& json, BuiltInType type);
    Problem text(const boost::json::value& json, BuiltInType type);
    Problem nodeId(const boost::json::value& json, bool expanded);
    Problem guid(const boost::json::value& json);
    Problem qualifiedName(const boost::json::value& json);
    Problem localizedText(const boost::json::value& json);
    Problem enumeration(const boost::json::value& json, const DataTypeEntry& type);
    Problem extensionObject(const boost::json::value& json, const DataTypeEntry& type);
    Problem structure(const boost::json::value& json, const DataTypeEntry& type);
    Problem unionOf(const boost::json::object& object, const DataTypeEntry& type);
    Problem field(const boost::json::value& json, const StructureField& field);
    Problem fieldValue(const boost::json::value& json, const StructureField& field, const ResolvedType& type);
    /// The elements of nested arrays, whose lengths go into `lengths`.
    template <class Element>
    Problem nested(const boost::json::value& json, std::vector<std::uint32_t>& lengths, std::size_t level,
                   const Element& element);

    StructureTypes& types_;
    std::string out_;
    std::size_t elements_ = 0;
};

}  // namespace tagwire::source::opcua
