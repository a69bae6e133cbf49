/// For tests only: model values out of the `meaning` of golden frames (schema/README.md).
/// Thread: any. Lifetime: functions.
#pragma once

#include <cmath>
#include <stdexcept>
#include <string>
#include <vector>

#include <boost/json.hpp>

#include "model/data_value.h"
#include "model/tag_info.h"
#include "wire/generated/protocol.h"

namespace tagwire::wire::golden {

namespace json = boost::json;

inline std::string text(const json::value& value) { return json::value_to<std::string>(value); }

inline Timestamp time(const json::value& value) { return fromUnixMillis(value.to_number<std::int64_t>()); }

inline BuiltInType type(const json::value& name) {
    if (name.is_null()) return BuiltInType::Null;
    for (int i = 1; i <= static_cast<int>(BuiltInType::DiagnosticInfo); ++i) {
        if (valueTypeName(static_cast<BuiltInType>(i)) == std::string_view(name.as_string())) {
            return static_cast<BuiltInType>(i);
        }
    }
    throw std::invalid_argument("unknown type " + text(name));
}

inline std::string bytesOfHex(const json::value& value) {
    const auto hex = text(value.at("hex"));
    std::string bytes;
    for (std::size_t i = 0; i < hex.size(); i += 2) {
        bytes += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
    }
    return bytes;
}

inline Guid guid(std::string digits) {
    std::erase(digits, '-');
    const auto bytes = bytesOfHex(json::object{{"hex", digits}});
    Guid guid;
    for (std::size_t i = 0; i < guid.bytes.size(); ++i)
        guid.bytes.at(i) = static_cast<std::uint8_t>(bytes.at(i));
    return guid;
}

/// Plain numbers, or the texts NaN, Infinity, -Infinity and -0 that JSON has no number for.
template <class Real>
Real real(const json::value& value) {
    return value.is_string() ? static_cast<Real>(std::strtod(text(value).c_str(), nullptr))
                             : static_cast<Real>(value.to_number<double>());
}

inline Value value(BuiltInType type, const json::value& meaning);

inline Structure structure(const json::value& meaning) {
    const auto* opaque = meaning.as_object().if_contains("opaque");
    return opaque == nullptr ? Structure{json::serialize(meaning), ""} : Structure{"", text(*opaque)};
}

inline DataValue dataValue(const json::value& meaning) {
    DataValue result;
    const auto& object = meaning.as_object();
    result.value = value(type(object.at("type")), object.at("value"));
    if (const auto* status = object.if_contains("status"))
        result.status = StatusCode{status->to_number<std::uint32_t>()};
    if (const auto* at = object.if_contains("time")) result.sourceTime = time(*at);
    return result;
}

inline Value scalar(BuiltInType type, const json::value& meaning) {
    switch (type) {
        case BuiltInType::Null: return {};
        case BuiltInType::Boolean: return Value(meaning.as_bool());
        case BuiltInType::SByte: return Value(meaning.to_number<std::int8_t>());
        case BuiltInType::Byte: return Value(meaning.to_number<std::uint8_t>());
        case BuiltInType::Int16: return Value(meaning.to_number<std::int16_t>());
        case BuiltInType::UInt16: return Value(meaning.to_number<std::uint16_t>());
        case BuiltInType::Int32: return Value(meaning.to_number<std::int32_t>());
        case BuiltInType::UInt32: return Value(meaning.to_number<std::uint32_t>());
        case BuiltInType::Int64: return Value(std::int64_t{std::stoll(text(meaning))});
        case BuiltInType::UInt64: return Value(std::uint64_t{std::stoull(text(meaning))});
        case BuiltInType::Float: return Value(real<float>(meaning));
        case BuiltInType::Double: return Value(real<double>(meaning));
        case BuiltInType::String: return Value(meaning.is_object() ? bytesOfHex(meaning) : text(meaning));
        case BuiltInType::DateTime: return Value(time(meaning));
        case BuiltInType::Guid: return Value(guid(text(meaning)));
        case BuiltInType::ByteString: return Value(ByteString{bytesOfHex(meaning)});
        case BuiltInType::XmlElement: return Value(XmlText{text(meaning)});
        case BuiltInType::NodeId: return Value(NodeIdText{text(meaning)});
        case BuiltInType::ExpandedNodeId: return Value(ExpandedNodeIdText{text(meaning)});
        case BuiltInType::StatusCode: return Value(StatusCode{meaning.to_number<std::uint32_t>()});
        case BuiltInType::QualifiedName:
            return Value(
                QualifiedName{meaning.at("namespace").to_number<std::uint16_t>(), text(meaning.at("name"))});
        case BuiltInType::LocalizedText:
            return Value(LocalizedText{text(meaning.at("locale")), text(meaning.at("text"))});
        case BuiltInType::ExtensionObject: return Value(structure(meaning));
        case BuiltInType::DataValue: return Value(dataValue(meaning));
        case BuiltInType::Variant: return dataValue(meaning).value;
        case BuiltInType::DiagnosticInfo: return Value(DiagnosticText{text(meaning)});
    }
    throw std::invalid_argument("type");
}

template <class T>
std::vector<T> inlineElements(BuiltInType type, const json::array& meaning) {
    std::vector<T> elements;
    for (const auto& one : meaning) elements.push_back(*scalar(type, one).getIf<T>());
    return elements;
}

inline ArrayElements elements(BuiltInType type, const json::array& meaning) {
    switch (type) {
        case BuiltInType::Boolean: return inlineElements<bool>(type, meaning);
        case BuiltInType::SByte: return inlineElements<std::int8_t>(type, meaning);
        case BuiltInType::Byte: return inlineElements<std::uint8_t>(type, meaning);
        case BuiltInType::Int16: return inlineElements<std::int16_t>(type, meaning);
        case BuiltInType::UInt16: return inlineElements<std::uint16_t>(type, meaning);
        case BuiltInType::Int32: return inlineElements<std::int32_t>(type, meaning);
        case BuiltInType::UInt32: return inlineElements<std::uint32_t>(type, meaning);
        case BuiltInType::Int64: return inlineElements<std::int64_t>(type, meaning);
        case BuiltInType::UInt64: return inlineElements<std::uint64_t>(type, meaning);
        case BuiltInType::Float: return inlineElements<float>(type, meaning);
        case BuiltInType::Double: return inlineElements<double>(type, meaning);
        case BuiltInType::DateTime: return inlineElements<Timestamp>(type, meaning);
        case BuiltInType::StatusCode: return inlineElements<StatusCode>(type, meaning);
        default: break;
    }
    std::vector<Value> values;
    for (const auto& one : meaning) values.push_back(scalar(type, one));
    return values;
}

inline Value value(BuiltInType type, const json::value& meaning) {
    const auto* array = meaning.if_array();
    return array == nullptr ? scalar(type, meaning) : Value(Array{type, elements(type, *array), {}});
}

/// A row of a data frame: `{"handle","type","value","time","status","dims"?}`.
inline DataValue rowValue(const json::value& row) {
    auto result = dataValue(row);
    if (const auto* dimensions = row.as_object().if_contains("dims")) {
        auto array = *result.value.getIf<Array>();
        array.dimensions = json::value_to<std::vector<std::uint32_t>>(*dimensions);
        result.value = Value(std::move(array));
    }
    return result;
}

/// Nothing known but the name.
inline TagInfo bareTagInfo(TagId id, std::string_view path) {
    return {id,           TagPath::parse(path).value(),
            {},           BuiltInType::Null,
            {},           {},
            {},           {},
            Access::Read, {},
            {},           {},
            {},           {},
            false};
}

inline TagInfo tagInfo(const json::value& meaning) {
    const auto& object = meaning.as_object();
    const auto optionalNumber = [&](const json::object& from, const char* name) {
        const auto* number = from.if_contains(name);
        return number == nullptr ? std::nullopt : std::optional(number->to_number<double>());
    };
    TagInfo info =
        bareTagInfo(TagId{object.at("handle").to_number<std::uint32_t>()}, text(object.at("path")));
    info.type = type(object.at("type"));
    if (const auto* dims = object.if_contains("dims"))
        info.dimensions = json::value_to<std::vector<std::uint32_t>>(*dims);
    if (const auto* unit = object.if_contains("unit")) info.units = EngineeringUnits{text(*unit), "", -1};
    if (const auto* range = object.if_contains("range")) {
        info.range = EURange{range->at(0).to_number<double>(), range->at(1).to_number<double>()};
    }
    if (const auto* limits = object.if_contains("limits")) {
        const auto& from = limits->as_object();
        info.limits = {optionalNumber(from, "lowLow"), optionalNumber(from, "low"),
                       optionalNumber(from, "high"), optionalNumber(from, "highHigh")};
    }
    const auto access = text(object.at("access"));
    info.access = access == "rw" ? Access::ReadWrite : access == "w" ? Access::Write : Access::Read;
    if (const auto* description = object.if_contains("description")) {
        if (description->is_string()) {
            info.description[""] = text(*description);
        } else {
            info.description = json::value_to<std::map<std::string, std::string>>(*description);
        }
    }
    if (const auto* labels = object.if_contains("labels")) {
        for (const auto& [number, label] : labels->as_object())
            info.enumLabels[std::stoll(number)] = text(label);
    }
    if (const auto* decimals = object.if_contains("decimals")) info.decimals = decimals->to_number<int>();
    if (const auto* interval = object.if_contains("samplingInterval")) {
        info.samplingInterval = std::chrono::milliseconds{interval->to_number<std::int64_t>()};
    }
    info.simulated = object.contains("simulated");
    return info;
}

}  // namespace tagwire::wire::golden
