#include "source/opcua/tool/typed_value.h"

#include <algorithm>
#include <cctype>
#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "source/opcua/tool/arguments.h"
#include "source/opcua/values/json_scalar.h"
#include "source/opcua/values/type_words.h"

namespace tagwire::source::opcua {
namespace {

/// A scalar as an array of one element, with as many dimensions as the node has.
Result<void> wrapInArray(UA_Variant& value, std::size_t dimensions) {
    if (dimensions > 1) {
        auto* lengths = static_cast<UA_UInt32*>(UA_Array_new(dimensions, &UA_TYPES[UA_TYPES_UINT32]));
        if (lengths == nullptr) return fail("there is not enough memory for the value");
        std::fill_n(lengths, dimensions, UA_UInt32{1});
        value.arrayDimensions = lengths;
        value.arrayDimensionsSize = dimensions;
    }
    // The library allocates one value and an array of one alike.
    value.arrayLength = 1;
    return {};
}

Result<Ua<UA_Variant>> encodePart(std::string_view text, const WriteTarget& target, StructureTypes& types) {
    if (target.valueRank < 0 || text.starts_with('[')) return encodeText(text, target, types);
    WriteTarget one = target;
    one.valueRank = UA_VALUERANK_SCALAR;
    one.arrayDimensions.clear();
    auto value = encodeText(text, one, types);
    if (!value) return value;
    const auto dimensions = std::min<std::size_t>(static_cast<std::size_t>(std::max(target.valueRank, 1)),
                                                  TypeLimits::kMaxDimensions);
    if (const auto wrapped = wrapInArray(value->get(), dimensions); !wrapped)
        return tl::unexpected(wrapped.error());
    return value;
}

/// What only the console takes.
std::optional<std::string> timeText(std::string_view text, const WriteTarget& target,
                                    const StructureTypes& types) {
    const auto type = types.resolve(target.dataType);
    if (!type || type->builtIn != BuiltInType::DateTime) return std::nullopt;
    const auto time = parseTime(text, wallClockNow());
    return time ? std::optional(isoText(*time)) : std::nullopt;
}

bool sameName(std::string_view a, std::string_view b) noexcept {
    return std::ranges::equal(a, b, [](char x, char y) {
        return std::tolower(static_cast<unsigned char>(x)) == std::tolower(static_cast<unsigned char>(y));
    });
}

}  // namespace

Result<Ua<UA_Variant>> encodeTyped(std::string_view text, const WriteTarget& target, StructureTypes& types,
                                   bool part) {
    const auto encode = [&](std::string_view words) {
        return part ? encodePart(words, target, types) : encodeText(words, target, types);
    };
    auto value = encode(text);
    if (value) return value;
    if (const auto time = timeText(text, target, types)) return encode(*time);
    const std::string example = exampleText(target, types);
    if (example.empty()) return value;
    return fail(fmt::format("{}; for example: {}", value.error().message, example));
}

Result<NodeAddress, CommandFailure> typeOption(std::string_view text) {
    for (auto type = BuiltInType::Boolean; type < BuiltInType::ExtensionObject;
         type = static_cast<BuiltInType>(static_cast<std::uint8_t>(type) + 1)) {
        if (sameName(text, typeName(type)))
            return NodeAddress{std::uint16_t{0}, static_cast<std::uint32_t>(type)};
    }
    auto address = NodeAddress::parse(text);
    if (address) return std::move(*address);
    return usageError(
        fmt::format("--type: there is no type '{}'; write Boolean, Int32, Double, String, ..., or "
                    "the node id of a data type",
                    text));
}

Result<TypeIndex, CommandFailure> readType(Connection& connection, const NodeAddress& type) {
    const auto id = resolve(type, connection.info().namespaces());
    if (!id) return failed(fmt::format("--type {}: {}", type.text(), kNoSuchNamespace));
    std::optional<TypeIndex> index;
    connection.typeReader().whenRead(id->get(), [&](TypeIndex read) { index = read; });
    if (const auto ran = connection.runUntil([&] { return index.has_value(); }); !ran)
        return failed(ran.error().message);
    if (const auto known = connection.typeReader().types().resolve(*index); !known)
        return failed(fmt::format("--type {}: {}", type.text(), known.error().reason));
    return *index;
}

}  // namespace tagwire::source::opcua
