#include "source/opcua/values/json_encoder.h"

#include <algorithm>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <fmt/format.h>

#include "source/opcua/text/base64.h"
#include "source/opcua/values/json_scalar.h"

namespace tagwire::source::opcua {
namespace {

using boost::json::value;
using Problem = JsonEncoder::Problem;

std::string_view viewOf(const boost::json::string& text) noexcept { return {text.data(), text.size()}; }

Problem problemOf(const tl::unexpected<Error>& error) { return error.value().message; }

std::string fieldNames(const DataTypeEntry& type) {
    constexpr std::size_t kShown = 20;
    std::string out;
    for (std::size_t i = 0; i < std::min(kShown, type.fields.size()); ++i) {
        out += fmt::format("{}{}", i == 0 ? "" : ", ", type.fields[i].name);
    }
    return out + (type.fields.size() > kShown ? ", …" : "");
}

/// What a Variant holds when only the JSON can tell.
BuiltInType suggested(const value& json) noexcept {
    if (json.is_bool()) return BuiltInType::Boolean;
    if (json.is_string()) return BuiltInType::String;
    if (json.is_double()) return BuiltInType::Double;
    if (const auto* number = json.if_int64()) {
        return std::in_range<std::int32_t>(*number) ? BuiltInType::Int32 : BuiltInType::Int64;
    }
    return json.is_uint64() ? BuiltInType::UInt64 : BuiltInType::Null;
}

BuiltInType suggestedFor(const boost::json::array& array) noexcept {
    BuiltInType widest = BuiltInType::Null;
    for (const value& each : array) {
        const BuiltInType type = suggested(each);
        const bool numbers = type >= BuiltInType::Int32 && type <= BuiltInType::Double &&
                             widest >= BuiltInType::Int32 && widest <= BuiltInType::Double;
        if (type == BuiltInType::Null || (widest != BuiltInType::Null && type != widest && !numbers)) {
            return BuiltInType::Null;
        }
        widest = std::max(widest, type);
    }
    return widest;
}

}  // namespace

template <class T>
Problem JsonEncoder::put(const Result<T>& value) {
    if (!value) return value.error().message;
    put(*value);
    return std::nullopt;
}

template <class T>
Problem JsonEncoder::putInteger(const value& json, const char* name) {
    return put(integerOf<T>(json, name));
}

void JsonEncoder::putText(std::string_view text) {
    put(static_cast<std::int32_t>(text.size()));
    out_.append(text);
}

Problem JsonEncoder::putNode(const void* data, const UA_DataType& type) {
    UA_ByteString bytes{};
    if (UA_encodeBinary(data, &type, &bytes) != UA_STATUSCODE_GOOD) return "it cannot be encoded";
    out_.append(view(bytes));
    UA_ByteString_clear(&bytes);
    return std::nullopt;
}

Problem JsonEncoder::element(const value& json, const ResolvedType& type) {
    if (type.structure != nullptr) return extensionObject(json, *type.structure);
    if (type.enumeration != nullptr && type.builtIn == BuiltInType::Int32) {
        return enumeration(json, *type.enumeration);
    }
    return builtIn(json, type.builtIn);
}

Problem JsonEncoder::variant(const value& json, const ResolvedType& type, std::size_t dimensions) {
    constexpr std::uint8_t kArray = 0x80;
    constexpr std::uint8_t kDimensions = 0x40;
    const auto number = static_cast<std::uint8_t>(type.builtIn);
    if (dimensions == 0) {
        put(number);
        return element(json, type);
    }
    put(static_cast<std::uint8_t>(number | kArray | (dimensions > 1 ? kDimensions : 0U)));
    const std::size_t countAt = out_.size();
    put(std::int32_t{0});
    std::vector<std::uint32_t> lengths(dimensions, UINT32_MAX);
    if (auto problem = nested(json, lengths, 0, [&](const value& each) { return element(each, type); })) {
        return problem;
    }
    std::int32_t count = 1;
    for (const std::uint32_t length : lengths) {
        count *= static_cast<std::int32_t>(length == UINT32_MAX ? 0 : length);
    }
    std::copy_n(reinterpret_cast<const char*>(&count), sizeof count,
                out_.begin() + static_cast<std::ptrdiff_t>(countAt));
    if (dimensions > 1) {
        put(static_cast<std::int32_t>(dimensions));
        for (const std::uint32_t length : lengths) put(length == UINT32_MAX ? 0U : length);
    }
    return std::nullopt;
}

Problem JsonEncoder::anyVariant(const value& json) {
    if (json.is_null()) {
        put(std::uint8_t{0});
        return std::nullopt;
    }
    const auto* array = json.if_array();
    const BuiltInType type = array != nullptr ? suggestedFor(*array) : suggested(json);
    if (type == BuiltInType::Null) {
        return problemOf(refuse(json,
                                "a number, a text, true, false, or an array of one kind of these (the node "
                                "takes any type)"));
    }
    return variant(json, {.builtIn = type}, array != nullptr ? 1 : 0);
}

template <class Element>
Problem JsonEncoder::nested(const value& json, std::vector<std::uint32_t>& lengths, std::size_t level,
                            const Element& element) {
    const auto* array = json.if_array();
    if (array == nullptr) {
        return problemOf(
            refuse(json, lengths.size() == 1 ? "an array such as [1,2]" : "a matrix such as [[1,2],[3,4]]"));
    }
    const auto length = static_cast<std::uint32_t>(array->size());
    if (lengths[level] == UINT32_MAX) lengths[level] = length;
    if (lengths[level] != length) return "the rows of the matrix have different lengths";
    for (std::size_t i = 0; i < array->size(); ++i) {
        Problem problem;
        if (level + 1 < lengths.size()) {
            problem = nested((*array)[i], lengths, level + 1, element);
        } else if (++elements_ > kMaxElements) {
            return fmt::format("more than {} elements cannot be written at once", kMaxElements);
        } else {
            problem = element((*array)[i]);
        }
        if (problem) return fmt::format("element {}: {}", i, *problem);
    }
    return std::nullopt;
}

Problem JsonEncoder::builtIn(const value& json, BuiltInType type) {
    switch (type) {
        case BuiltInType::Boolean: {
            const auto truth = booleanOf(json);
            if (!truth) return truth.error().message;
            put(static_cast<std::uint8_t>(*truth ? 1 : 0));
            return std::nullopt;
        }
        case BuiltInType::SByte: return putInteger<std::int8_t>(json, "SByte");
        case BuiltInType::Byte: return putInteger<std::uint8_t>(json, "Byte");
        case BuiltInType::Int16: return putInteger<std::int16_t>(json, "Int16");
        case BuiltInType::UInt16: return putInteger<std::uint16_t>(json, "UInt16");
        case BuiltInType::Int32: return putInteger<std::int32_t>(json, "Int32");
        case BuiltInType::UInt32: return putInteger<std::uint32_t>(json, "UInt32");
        case BuiltInType::Int64: return putInteger<std::int64_t>(json, "Int64");
        case BuiltInType::UInt64: return putInteger<std::uint64_t>(json, "UInt64");
        case BuiltInType::Float: return put(floatOf(json));
        case BuiltInType::Double: return put(realOf(json, "Double"));
        case BuiltInType::DateTime: return put(dateTimeOf(json));
        case BuiltInType::StatusCode: return put(statusOf(json));
        case BuiltInType::String:
        case BuiltInType::XmlElement:
        case BuiltInType::ByteString: return text(json, type);
        case BuiltInType::Guid: return guid(json);
        case BuiltInType::NodeId: return nodeId(json, false);
        case BuiltInType::ExpandedNodeId: return nodeId(json, true);
        case BuiltInType::QualifiedName: return qualifiedName(json);
        case BuiltInType::LocalizedText: return localizedText(json);
        case BuiltInType::Variant: return anyVariant(json);
        case BuiltInType::ExtensionObject: return "a structure of an abstract type cannot be written";
        default: return "values of this type cannot be written";
    }
}

Problem JsonEncoder::text(const value& json, BuiltInType type) {
    const bool isBytes = type == BuiltInType::ByteString;
    if (isBytes) {
        const auto* given = json.if_string();
        auto bytes = given == nullptr ? std::nullopt : fromBase64(viewOf(*given));
        if (!bytes) return problemOf(refuse(json, "base64 text such as AQID (ByteString)"));
        putText(*bytes);
        return std::nullopt;
    }
    const auto words = textOf(json, type == BuiltInType::String ? "String" : "XmlElement");
    if (!words) return words.error().message;
    putText(*words);
    return std::nullopt;
}

Problem JsonEncoder::guid(const value& json) {
    if (const auto* given = json.if_string()) {
        // A GUID is a kind of identifier of node ids.
        if (auto address = NodeAddress::parse("g=" + std::string(viewOf(*given)))) {
            const auto id = resolve(*address, {});
            put(id->get().identifier.guid);
            return std::nullopt;
        }
    }
    return problemOf(refuse(json, "a GUID such as 09087e75-8e5e-499b-954f-f2a9603db28a"));
}

Problem JsonEncoder::nodeId(const value& json, bool expanded) {
    const auto* given = json.if_string();
    if (given == nullptr)
        return problemOf(refuse(json, "a node id such as nsu=URI;s=NAME, ns=2;s=NAME or i=NUMBER"));
    const auto address = NodeAddress::parse(viewOf(*given));
    if (!address) return address.error().message;
    const auto id = resolve(*address, types_.namespaces());
    if (!id) return fmt::format("the server does not know the namespace of {}", viewOf(*given));
    if (!expanded) return putNode(&id->get(), dataTypeOf<UA_NodeId>());
    UA_ExpandedNodeId out{};
    out.nodeId = id->get();
    return putNode(&out, dataTypeOf<UA_ExpandedNodeId>());
}

Problem JsonEncoder::qualifiedName(const value& json) {
    const auto words = textOf(json, "QualifiedName, such as 2:Level");
    if (!words) return words.error().message;
    std::uint16_t space = 0;
    std::string_view name = *words;
    if (const auto colon = name.find(':'); colon != std::string_view::npos) {
        const auto digits = name.substr(0, colon);
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), space);
        if (error == std::errc{} && end == digits.data() + digits.size()) {
            name.remove_prefix(colon + 1);
        } else {
            space = 0;
        }
    }
    put(space);
    putText(name);
    return std::nullopt;
}

Problem JsonEncoder::localizedText(const value& json) {
    std::string locale;
    Result<std::string> words = fail({});
    if (const auto* object = json.if_object()) {
        const auto* text = object->if_contains("text");
        const auto* language = object->if_contains("locale");
        if (text == nullptr || !text->is_string() || (language != nullptr && !language->is_string()) ||
            object->size() > (language == nullptr ? 1U : 2U)) {
            return problemOf(refuse(json, R"(a text, or {"locale":"en","text":"…"} (LocalizedText))"));
        }
        if (language != nullptr) locale = viewOf(language->get_string());
        words = std::string(viewOf(text->get_string()));
    } else {
        words = textOf(json, "LocalizedText");
    }
    if (!words) return words.error().message;
    put(static_cast<std::uint8_t>(locale.empty() ? 2 : 3));
    if (!locale.empty()) putText(locale);
    putText(*words);
    return std::nullopt;
}

Problem JsonEncoder::enumeration(const value& json, const DataTypeEntry& type) {
    const auto number = integerOf<std::int32_t>(json, type.name);
    const auto named = [&](const std::pair<std::int64_t, std::string>& each) {
        if (number) return each.first == *number;
        const auto* given = json.if_string();
        return given != nullptr && (viewOf(*given) == each.second ||
                                    viewOf(*given) == fmt::format("{}_{}", each.second, each.first));
    };
    if (number && type.names.empty()) return put(number);
    const auto found = std::ranges::find_if(type.names, named);
    if (found != type.names.end()) {
        put(static_cast<std::int32_t>(found->first));
        return std::nullopt;
    }
    constexpr std::size_t kShown = 12;
    std::string choices;
    for (std::size_t i = 0; i < std::min(kShown, type.names.size()); ++i) {
        choices += fmt::format("{} ({}), ", type.names[i].second, type.names[i].first);
    }
    if (type.names.size() > kShown) choices += "…, ";
    return problemOf(refuse(json, fmt::format("one of {}by name or number,", choices)));
}

Problem JsonEncoder::extensionObject(const value& json, const DataTypeEntry& type) {
    if (UA_NodeId_isNull(&type.binaryEncoding.get())) {
        return fmt::format("the server names no binary encoding of {}", type.name);
    }
    if (auto problem = putNode(&type.binaryEncoding.get(), dataTypeOf<UA_NodeId>())) return problem;
    put(std::uint8_t{1});
    const std::size_t lengthAt = out_.size();
    put(std::int32_t{0});
    if (auto problem = structure(json, type)) return problem;
    const auto length = static_cast<std::int32_t>(out_.size() - lengthAt - sizeof(std::int32_t));
    std::copy_n(reinterpret_cast<const char*>(&length), sizeof length,
                out_.begin() + static_cast<std::ptrdiff_t>(lengthAt));
    return std::nullopt;
}

Problem JsonEncoder::structure(const value& json, const DataTypeEntry& type) {
    const auto* object = json.if_object();
    if (object == nullptr) {
        return problemOf(refuse(json, fmt::format("an object with the fields {}", fieldNames(type))));
    }
    for (const auto& member : *object) {
        const std::string_view key(member.key().data(), member.key().size());
        if (std::ranges::find(type.fields, key, &StructureField::name) == type.fields.end()) {
            return fmt::format("{} has no field {}; it has {}", type.name, key, fieldNames(type));
        }
    }
    if (type.form == TypeForm::Union) return unionOf(*object, type);
    if (type.form == TypeForm::StructureWithOptionalFields) {
        std::uint32_t mask = 0;
        std::uint32_t bit = 1;
        for (const StructureField& each : type.fields) {
            if (!each.optional) continue;
            if (object->contains(each.name)) mask |= bit;
            bit <<= 1U;
        }
        put(mask);
    }
    for (const StructureField& each : type.fields) {
        const auto* given = object->if_contains(each.name);
        if (given == nullptr && each.optional) continue;
        if (given == nullptr) return fmt::format("the field {} of {} is missing", each.name, type.name);
        if (auto problem = field(*given, each)) return problem;
    }
    return std::nullopt;
}

Problem JsonEncoder::unionOf(const boost::json::object& object, const DataTypeEntry& type) {
    if (object.empty()) {
        put(std::uint32_t{0});
        return std::nullopt;
    }
    if (object.size() > 1)
        return fmt::format("{} is a union: only one of {} can be given", type.name, fieldNames(type));
    const auto& member = *object.begin();
    const auto chosen = std::ranges::find(
        type.fields, std::string_view(member.key().data(), member.key().size()), &StructureField::name);
    put(static_cast<std::uint32_t>(chosen - type.fields.begin() + 1));
    return field(member.value(), *chosen);
}

Problem JsonEncoder::field(const value& json, const StructureField& field) {
    const auto type = types_.resolve(field.type);
    Problem problem = type ? fieldValue(json, field, *type) : Problem(type.error().reason);
    if (problem) problem = fmt::format("field {}: {}", field.name, *problem);
    return problem;
}

Problem JsonEncoder::fieldValue(const value& json, const StructureField& field, const ResolvedType& type) {
    const auto one = [&](const value& each) -> Problem {
        if (field.subtyped && type.structure == nullptr) return anyVariant(each);
        // A structure within a structure has no ExtensionObject around it, unless it may be of a derived
        // type.
        if (type.structure != nullptr && !field.subtyped) return structure(each, *type.structure);
        return element(each, type);
    };
    if (field.valueRank < 0) return one(json);
    const std::size_t dimensions = static_cast<std::size_t>(field.valueRank);
    if (dimensions > TypeLimits::kMaxDimensions) return "it has too many dimensions";
    std::vector<std::uint32_t> lengths(dimensions, UINT32_MAX);
    std::string before = std::move(out_);
    out_.clear();
    Problem problem = nested(json, lengths, 0, one);
    std::swap(out_, before);  // `before` is now the elements
    if (dimensions > 1) put(static_cast<std::int32_t>(dimensions));
    for (const std::uint32_t length : lengths) put(length == UINT32_MAX ? 0U : length);
    out_ += before;
    return problem;
}

}  // namespace tagwire::source::opcua
