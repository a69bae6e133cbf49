#include "source/opcua/tool/value_words.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <concepts>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include <boost/json.hpp>
#include <fmt/format.h>

#include "source/opcua/text/base64.h"
#include "source/opcua/tool/arguments.h"

namespace tagwire::source::opcua {
namespace {

/// Of what was written at the console: nobody types more.
constexpr std::size_t kMaxElements = 65'536;

const UA_DataType& libraryType(BuiltInType type) noexcept {
    return UA_TYPES[static_cast<std::size_t>(type) - 1];
}

template <class T>
T& as(void* target) noexcept {
    return *static_cast<T*>(target);
}

std::optional<bool> boolean(std::string_view text) noexcept {
    if (text == "true" || text == "1" || text == "on") return true;
    if (text == "false" || text == "0" || text == "off") return false;
    return std::nullopt;
}

template <class T>
std::optional<T> number(std::string_view text) noexcept {
    if (text.starts_with('+')) text.remove_prefix(1);
    T value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

template <class T>
Result<void> setNumber(std::string_view text, void* target, std::string_view name) {
    const auto value = number<T>(text);
    if (!value) {
        if constexpr (std::integral<T>) {
            return fail(fmt::format("'{}' does not fit: the node takes {}, whole numbers from {} to {}", text,
                                    name, std::numeric_limits<T>::min(), std::numeric_limits<T>::max()));
        } else {
            return fail(fmt::format("'{}' does not fit: the node takes {}, numbers such as 21.5 or 1e-3",
                                    text, name));
        }
    }
    as<T>(target) = *value;
    return {};
}

Result<void> setNodeId(std::string_view text, UA_NodeId& target, NamespaceArray namespaces) {
    const auto address = NodeAddress::parse(text);
    if (!address) return fail(address.error().message);
    auto id = resolve(*address, namespaces);
    if (!id) return fail(fmt::format("'{}' names a namespace that the server does not have", text));
    std::swap(target, id->get());
    return {};
}

Result<void> setScalar(std::string_view text, BuiltInType type, void* target, NamespaceArray namespaces) {
    const std::string name = typeName(type);
    switch (type) {
        case BuiltInType::Boolean: {
            const auto value = boolean(text);
            if (!value)
                return fail(fmt::format("'{}' does not fit: the node takes Boolean, true or false", text));
            as<UA_Boolean>(target) = *value;
            return {};
        }
        case BuiltInType::SByte: return setNumber<std::int8_t>(text, target, name);
        case BuiltInType::Byte: return setNumber<std::uint8_t>(text, target, name);
        case BuiltInType::Int16: return setNumber<std::int16_t>(text, target, name);
        case BuiltInType::UInt16: return setNumber<std::uint16_t>(text, target, name);
        case BuiltInType::Int32: return setNumber<std::int32_t>(text, target, name);
        case BuiltInType::UInt32: return setNumber<std::uint32_t>(text, target, name);
        case BuiltInType::Int64: return setNumber<std::int64_t>(text, target, name);
        case BuiltInType::UInt64: return setNumber<std::uint64_t>(text, target, name);
        case BuiltInType::Float: return setNumber<float>(text, target, name);
        case BuiltInType::Double: return setNumber<double>(text, target, name);
        case BuiltInType::StatusCode: return setNumber<std::uint32_t>(text, target, name);
        case BuiltInType::String:
        case BuiltInType::XmlElement: as<UA_String>(target) = copyOf(text); return {};
        case BuiltInType::LocalizedText: as<UA_LocalizedText>(target).text = copyOf(text); return {};
        case BuiltInType::ByteString: {
            const auto bytes = fromBase64(text);
            if (!bytes)
                return fail(
                    fmt::format("'{}' does not fit: the node takes ByteString, written in base64", text));
            as<UA_ByteString>(target) = copyOf(*bytes);
            return {};
        }
        case BuiltInType::DateTime: {
            const auto time = parseTime(text, wallClockNow());
            if (!time) return fail(time.error().message);
            as<UA_DateTime>(target) = dateTimeOf(*time);
            return {};
        }
        case BuiltInType::Guid: {
            if (UA_Guid_parse(&as<UA_Guid>(target), borrow(text)) != UA_STATUSCODE_GOOD) {
                return fail(
                    fmt::format("'{}' does not fit: the node takes Guid, such as "
                                "72962b91-fa75-4ae6-8d28-b404dc7daf63",
                                text));
            }
            return {};
        }
        case BuiltInType::NodeId: return setNodeId(text, as<UA_NodeId>(target), namespaces);
        case BuiltInType::ExpandedNodeId:
            return setNodeId(text, as<UA_ExpandedNodeId>(target).nodeId, namespaces);
        case BuiltInType::QualifiedName: {
            const auto colon = text.find(':');
            const auto space = number<std::uint16_t>(text.substr(0, colon));
            const bool qualified = colon != std::string_view::npos && space;
            auto& qualifiedName = as<UA_QualifiedName>(target);
            qualifiedName.namespaceIndex = qualified ? *space : 0;
            qualifiedName.name = copyOf(qualified ? text.substr(colon + 1) : text);
            return {};
        }
        default:
            return fail(fmt::format("the node takes {}, which cannot be written at the command line", name));
    }
}

BuiltInType guess(std::string_view text) noexcept {
    if (text == "true" || text == "false") return BuiltInType::Boolean;
    return number<double>(text) ? BuiltInType::Double : BuiltInType::String;
}

/// The elements of `[1, "a", true]` as their texts.
Result<std::vector<std::string>> elementsOf(std::string_view text) {
    boost::system::error_code error;
    const auto json = boost::json::parse(text, error);
    if (error || !json.is_array()) {
        return fail(fmt::format(
            R"('{}' does not fit: the node takes an array, such as [1, 2, 3] or ["a", "b"])", text));
    }
    const auto& array = json.get_array();
    if (array.size() > kMaxElements) return fail(fmt::format("at most {} elements", kMaxElements));
    std::vector<std::string> elements;
    for (const auto& element : array) {
        if (element.is_array() || element.is_object() || element.is_null())
            return fail("an array's elements are numbers, texts, true or false");
        elements.push_back(element.is_string()
                               ? std::string(element.get_string().c_str(), element.get_string().size())
                               : boost::json::serialize(element));
    }
    return elements;
}

Result<Ua<UA_Variant>> encodeArray(std::string_view text, const NodeType& type, NamespaceArray namespaces,
                                   bool part) {
    using Texts = std::vector<std::string>;
    const auto elements =
        part && !text.starts_with('[') ? Result<Texts>(Texts{std::string(text)}) : elementsOf(text);
    if (!elements) return fail(elements.error().message);
    if (type.dimensions.size() == 1 && type.dimensions[0] > 0 && elements->size() > type.dimensions[0]) {
        return fail(fmt::format("{} elements do not fit: the node takes {} at most", elements->size(),
                                type.dimensions[0]));
    }
    const BuiltInType builtIn = type.builtIn != BuiltInType::Null ? type.builtIn
                                : elements->empty()               ? BuiltInType::String
                                                                  : guess((*elements)[0]);
    if (builtIn >= BuiltInType::ExtensionObject)
        return fail(
            fmt::format("the node takes {}, which cannot be written at the command line", typeText(type)));
    const UA_DataType& libType = libraryType(builtIn);
    Ua<UA_Variant> value;
    value->type = &libType;
    value->data = UA_Array_new(elements->size(), &libType);
    value->arrayLength = elements->size();
    if (value->data == nullptr) return fail("there is not enough memory for the array");
    for (std::size_t i = 0; i < elements->size(); ++i) {
        auto* element = static_cast<std::byte*>(value->data) + i * libType.memSize;
        if (const auto set = setScalar((*elements)[i], builtIn, element, namespaces); !set)
            return fail(fmt::format("element {}: {}", i, set.error().message));
    }
    return value;
}

}  // namespace

Result<Ua<UA_Variant>> encodeWords(std::string_view text, const NodeType& type, NamespaceArray namespaces,
                                   bool part) {
    const bool mayBeArray = type.valueRank >= 0 || type.valueRank == UA_VALUERANK_ANY ||
                            type.valueRank == UA_VALUERANK_SCALAR_OR_ONE_DIMENSION;
    if (type.valueRank > 1 && !part)
        return fail("the node takes an array of several dimensions: write a part of it with --range");
    if (type.valueRank >= 0 || (mayBeArray && text.starts_with('[')))
        return encodeArray(text, type, namespaces, part);

    const BuiltInType builtIn = type.builtIn != BuiltInType::Null ? type.builtIn : guess(text);
    if (builtIn >= BuiltInType::ExtensionObject)
        return fail(
            fmt::format("the node takes {}, which cannot be written at the command line", typeText(type)));
    const UA_DataType& libType = libraryType(builtIn);
    Ua<UA_Variant> value;
    value->type = &libType;
    value->data = UA_new(&libType);
    if (value->data == nullptr) return fail("there is not enough memory for the value");
    if (const auto set = setScalar(text, builtIn, value->data, namespaces); !set)
        return fail(set.error().message);
    return value;
}

BuiltInType typeNamed(std::string_view name) noexcept {
    const auto same = [](char a, char b) {
        return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
    };
    for (auto type = BuiltInType::Boolean; type < BuiltInType::ExtensionObject;
         type = static_cast<BuiltInType>(static_cast<std::uint8_t>(type) + 1)) {
        if (std::ranges::equal(name, typeName(type), same)) return type;
    }
    return BuiltInType::Null;
}

}  // namespace tagwire::source::opcua
