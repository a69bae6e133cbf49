#include "source/opcua/values/value_encode.h"

#include <algorithm>
#include <cmath>
#include <span>

#include <boost/json/array.hpp>
#include <fmt/format.h>
#include <utf8.h>

#include "base/strict_json.h"
#include "model/data_value.h"
#include "model/value_json.h"
#include "source/opcua/values/json_encoder.h"
#include "source/opcua/values/json_scalar.h"

namespace tagwire::source::opcua {
namespace {

namespace json = boost::json;

/// How many arrays stand within each other, judged by the first elements.
std::size_t depthOf(const json::value& value, std::size_t most) noexcept {
    const json::value* at = &value;
    for (std::size_t depth = 0; depth < most; ++depth) {
        const auto* array = at->if_array();
        if (array == nullptr) return depth;
        if (array->empty()) return depth + 1;
        at = &array->front();
    }
    return most;
}

/// The dimensions the value will have, or why it cannot.
Result<std::size_t> dimensionsOf(const json::value& value, const WriteTarget& target) {
    const std::size_t given = depthOf(value, TypeLimits::kMaxDimensions);
    switch (target.valueRank) {
        case -1:
            if (given == 0) return 0;
            return refuse(value, "one value");
        case -2: return given;
        case -3:
            if (given <= 1) return given;
            return refuse(value, "one value or an array such as [1,2]");
        case 0:
            if (given >= 1) return given;
            return refuse(value, "an array such as [1,2]");
        default: {
            const auto wanted = static_cast<std::size_t>(std::max(target.valueRank, 1));
            if (wanted > TypeLimits::kMaxDimensions)
                return fail("the node has too many dimensions to be written");
            return wanted;
        }
    }
}

/// Whether the node has room.
Result<void> checkLengths(const json::value& value, std::span<const std::uint32_t> most) {
    const json::value* at = &value;
    for (const std::uint32_t limit : most) {
        const auto* array = at->if_array();
        if (array == nullptr) break;
        if (limit > 0 && array->size() > limit) {
            return fail(fmt::format("{} elements are refused: the node takes {}", array->size(), limit));
        }
        if (array->empty()) break;
        at = &array->front();
    }
    return {};
}

bool isAbstractNumber(const ResolvedType& type) noexcept { return type.builtIn == BuiltInType::Variant; }

/// Types that are typed without quotes.
bool takesBareText(const ResolvedType& type) noexcept {
    switch (type.builtIn) {
        case BuiltInType::String:
        case BuiltInType::DateTime:
        case BuiltInType::Guid:
        case BuiltInType::ByteString:
        case BuiltInType::XmlElement:
        case BuiltInType::NodeId:
        case BuiltInType::ExpandedNodeId:
        case BuiltInType::StatusCode:
        case BuiltInType::QualifiedName:
        case BuiltInType::LocalizedText: return true;
        default: return false;
    }
}

Result<ResolvedType> typeOf(const WriteTarget& target, const StructureTypes& types) {
    auto type = types.resolve(target.dataType);
    const bool holdsBuiltIn =
        target.current != BuiltInType::Null && target.current != BuiltInType::ExtensionObject;
    if (!type) {
        // What the node holds tells as much as the type that the server does not describe.
        if (holdsBuiltIn && !type.error().pending) return ResolvedType{.builtIn = target.current};
        return fail(type.error().reason);
    }
    if (isAbstractNumber(*type) && holdsBuiltIn) type->builtIn = target.current;
    return *type;
}

json::value toJson(const Value& value);

/// One overload a stored type, as for docs/protocol.md but without loss: times keep their ticks.
struct JsonMaker {
    json::value operator()(std::monostate) const { return nullptr; }
    json::value operator()(bool value) const { return value; }
    template <class T>
        requires std::is_integral_v<T>
    json::value operator()(T value) const {
        return value;
    }
    json::value operator()(float value) const { return (*this)(static_cast<double>(value)); }
    json::value operator()(double value) const {
        if (std::isfinite(value)) return value;
        return std::isnan(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
    }
    json::value operator()(Timestamp value) const { return json::string(isoText(value)); }
    json::value operator()(StatusCode value) const { return value.code(); }
    json::value operator()(const Value& value) const { return toJson(value); }
    json::value operator()(const Array& array) const {
        json::array flat;
        std::visit(
            [&](const auto& elements) {
                for (std::size_t i = 0; i < elements.size(); ++i) flat.push_back((*this)(elements[i]));
            },
            array.elements);
        // Innermost rows first.
        std::uint64_t product = 1;
        for (const std::uint32_t length : array.dimensions) product = length == 0 ? 0 : product * length;
        if (product != flat.size() || product == 0) return flat;
        for (std::size_t d = array.dimensions.size(); d-- > 1;) {
            json::array rows;
            for (std::size_t i = 0; i < flat.size(); i += array.dimensions[d]) {
                rows.emplace_back(json::array(flat.begin() + i, flat.begin() + i + array.dimensions[d]));
            }
            flat = std::move(rows);
        }
        return flat;
    }
    template <class T>
        requires(!std::is_integral_v<T>)
    json::value operator()(const T& value) const {
        std::string text;
        appendValue(text, Value(value));
        return parseStrictJson(text, EncodeLimits::kMaxDepth, {}).value_or(nullptr);
    }
};

json::value toJson(const Value& value) { return value.visit(JsonMaker{}); }

}  // namespace

Result<Ua<UA_Variant>> encodeJson(const json::value& value, const WriteTarget& target,
                                  StructureTypes& types) {
    const auto type = typeOf(target, types);
    if (!type) return tl::unexpected(type.error());
    const auto dimensions = dimensionsOf(value, target);
    if (!dimensions) return tl::unexpected(dimensions.error());
    if (const auto fits = checkLengths(value, target.arrayDimensions); !fits)
        return tl::unexpected(fits.error());

    JsonEncoder encoder(types);
    const auto problem = isAbstractNumber(*type) && *dimensions <= 1
                             ? encoder.anyVariant(value)
                             : encoder.variant(value, *type, *dimensions);
    if (problem) return fail(*problem);
    Ua<UA_Variant> out;
    const UA_ByteString bytes = borrow(encoder.bytes());
    const StatusCode decoded{UA_decodeBinary(&bytes, &out.get(), &dataTypeOf<UA_Variant>(), nullptr)};
    if (decoded.isBad()) return fail(fmt::format("the value cannot be written: {}", statusText(decoded)));
    return out;
}

Result<Ua<UA_Variant>> encodeText(std::string_view text, const WriteTarget& target, StructureTypes& types) {
    if (text.size() > EncodeLimits::kMaxTextBytes) {
        return fail(
            fmt::format("the value is too long: at most {} bytes are written", EncodeLimits::kMaxTextBytes));
    }
    if (!utf8::is_valid(text.begin(), text.end())) return fail("the value is not UTF-8 text");
    const auto type = typeOf(target, types);
    if (!type) return tl::unexpected(type.error());
    constexpr std::string_view kSpace = " \t\r\n";
    const auto first = text.find_first_not_of(kSpace);
    const auto trimmed = first == std::string_view::npos
                             ? std::string_view{}
                             : text.substr(first, text.find_last_not_of(kSpace) - first + 1);

    const bool mayBeScalar = target.valueRank < 0;
    const bool wantsArray = !mayBeScalar || (target.valueRank < -1 && trimmed.starts_with('['));
    const bool named = type->enumeration != nullptr;
    auto parsed = parseStrictJson(trimmed, EncodeLimits::kMaxDepth, {});
    if (!wantsArray && takesBareText(*type)) {
        const bool quoted = trimmed.starts_with('"') ||
                            (trimmed.starts_with('{') && type->builtIn == BuiltInType::LocalizedText) ||
                            (type->builtIn == BuiltInType::DateTime && parsed && parsed->is_int64());
        if (!quoted || !parsed) return encodeJson(json::string(text), target, types);
    }
    if (!parsed && (wantsArray || type->structure != nullptr)) {
        return fail(fmt::format("the value is no JSON such as {}: {}", wantsArray ? "[1,2]" : "{\"field\":1}",
                                parsed.error().message));
    }
    // The library that reads JSON may be one bit off at the end of a fraction; std::from_chars is not.
    const bool isReal = type->builtIn == BuiltInType::Double || type->builtIn == BuiltInType::Float;
    if (isReal && parsed && parsed->is_double()) return encodeJson(json::string(trimmed), target, types);
    // NaN, a number with a comma, the name of an enumeration's value: encodeJson knows what to say of it.
    if (!parsed || (named && parsed->is_bool())) return encodeJson(json::string(trimmed), target, types);
    return encodeJson(*parsed, target, types);
}

Result<Ua<UA_Variant>> encodeValue(const Value& value, const WriteTarget& target, StructureTypes& types) {
    if (const auto* structure = value.getIf<Structure>(); structure != nullptr && structure->json.empty()) {
        return fail(
            fmt::format("a structure that is not decoded cannot be written: {}", structure->opaqueReason));
    }
    return encodeJson(toJson(value), target, types);
}

}  // namespace tagwire::source::opcua
