#include "source/opcua/values/value_convert.h"

#include <algorithm>
#include <cstring>
#include <type_traits>
#include <utility>

#include <fmt/format.h>
#include <utf8.h>

namespace tagwire::source::opcua {
namespace {

/// 9999-12-31T23:59:59Z: later times, and those up to 1601, mean that the time is not known.
constexpr UA_DateTime kEndOfTime = 2'650'467'743'990'000'000;

bool isKnown(UA_DateTime time) noexcept { return time > 0 && time < kEndOfTime; }

/// Converts one value and counts what it costs.
class Converter {
public:
    explicit Converter(NamespaceArray namespaces) noexcept : namespaces_(namespaces) {}

    [[nodiscard]] Value value(const UA_Variant& variant);
    [[nodiscard]] DataValue dataValue(const UA_DataValue& value, Timestamp received);
    [[nodiscard]] bool truncated() const noexcept { return truncated_; }

private:
    [[nodiscard]] Value scalar(const UA_DataType& type, const void* data);
    [[nodiscard]] Value array(const UA_DataType& type, const UA_Variant& variant);
    [[nodiscard]] ArrayElements elements(const UA_DataType& type, const void* data, std::size_t count);
    [[nodiscard]] std::string bytes(const UA_ByteString& bytes);
    [[nodiscard]] std::string text(const UA_String& text);
    [[nodiscard]] Value structure(const UA_ExtensionObject& object);
    [[nodiscard]] Value diagnostic(const UA_DiagnosticInfo& info);

    NamespaceArray namespaces_;
    std::size_t bytesLeft_ = ValueLimits::kMaxBytes;
    int depth_ = 0;
    bool truncated_ = false;
};

template <class T>
const T& as(const void* data) noexcept {
    return *static_cast<const T*>(data);
}

BuiltInType builtInTypeOf(const UA_DataType& type) noexcept {
    if (type.typeKind == UA_DATATYPEKIND_ENUM) return BuiltInType::Int32;
    if (type.typeKind <= UA_DATATYPEKIND_DIAGNOSTICINFO) return static_cast<BuiltInType>(type.typeKind + 1);
    return BuiltInType::ExtensionObject;
}

template <class T>
std::vector<T> copied(const void* data, std::size_t count) {
    const auto* first = static_cast<const T*>(data);
    return std::vector<T>(first, first + count);
}

Value opaque(std::string reason) { return Value(Structure{{}, std::move(reason)}); }

std::string Converter::bytes(const UA_ByteString& bytes) {
    const auto all = view(bytes);
    truncated_ = truncated_ || all.size() > bytesLeft_;
    std::string kept(all.substr(0, bytesLeft_));
    bytesLeft_ -= kept.size();
    return kept;
}

std::string Converter::text(const UA_String& text) {
    std::string kept = bytes(text);
    if (kept.size() < text.length) {
        // Not within a character: at most three bytes follow its first one.
        const auto isContinuation = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; };
        std::size_t end = kept.size();
        while (end > 0 && kept.size() - end < 3 && isContinuation(kept[end - 1])) --end;
        if (end > 0 && (static_cast<unsigned char>(kept[end - 1]) & 0x80U) != 0) kept.resize(end - 1);
    }
    if (utf8::is_valid(kept.begin(), kept.end())) return kept;
    std::string mended;
    utf8::replace_invalid(kept.begin(), kept.end(), std::back_inserter(mended));
    return mended;
}

Value Converter::structure(const UA_ExtensionObject& object) {
    if (object.encoding == UA_EXTENSIONOBJECT_ENCODED_NOBODY) return opaque("the structure is empty");
    const bool decoded = object.encoding >= UA_EXTENSIONOBJECT_DECODED;
    const auto id =
        addressOf(decoded ? object.content.decoded.type->typeId : object.content.encoded.typeId, namespaces_);
    return opaque(fmt::format("structure {} is not decoded", id.text()));
}

Value Converter::diagnostic(const UA_DiagnosticInfo& info) {
    std::string words = info.hasAdditionalInfo ? text(info.additionalInfo) : std::string{};
    if (info.hasInnerStatusCode) {
        words += fmt::format("{}{}", words.empty() ? "" : ": ", statusText(StatusCode{info.innerStatusCode}));
    }
    return Value(DiagnosticText{std::move(words)});
}

Value Converter::scalar(const UA_DataType& type, const void* data) {
    switch (type.typeKind) {
        case UA_DATATYPEKIND_BOOLEAN: return Value(as<UA_Boolean>(data));
        case UA_DATATYPEKIND_SBYTE: return Value(as<UA_SByte>(data));
        case UA_DATATYPEKIND_BYTE: return Value(as<UA_Byte>(data));
        case UA_DATATYPEKIND_INT16: return Value(as<UA_Int16>(data));
        case UA_DATATYPEKIND_UINT16: return Value(as<UA_UInt16>(data));
        case UA_DATATYPEKIND_ENUM:
        case UA_DATATYPEKIND_INT32: return Value(as<UA_Int32>(data));
        case UA_DATATYPEKIND_UINT32: return Value(as<UA_UInt32>(data));
        case UA_DATATYPEKIND_INT64: return Value(std::int64_t{as<UA_Int64>(data)});
        case UA_DATATYPEKIND_UINT64: return Value(std::uint64_t{as<UA_UInt64>(data)});
        case UA_DATATYPEKIND_FLOAT: return Value(as<UA_Float>(data));
        case UA_DATATYPEKIND_DOUBLE: return Value(as<UA_Double>(data));
        case UA_DATATYPEKIND_STRING: return Value(text(as<UA_String>(data)));
        case UA_DATATYPEKIND_DATETIME: return Value(timestampOf(as<UA_DateTime>(data)));
        case UA_DATATYPEKIND_GUID: return Value(guidOf(as<UA_Guid>(data)));
        case UA_DATATYPEKIND_BYTESTRING: return Value(ByteString{bytes(as<UA_ByteString>(data))});
        case UA_DATATYPEKIND_XMLELEMENT: return Value(XmlText{text(as<UA_String>(data))});
        case UA_DATATYPEKIND_NODEID: {
            std::string id = addressOf(as<UA_NodeId>(data), namespaces_).text();
            return Value(NodeIdText{text(borrow(id))});
        }
        case UA_DATATYPEKIND_EXPANDEDNODEID: {
            std::string id = textOf(as<UA_ExpandedNodeId>(data), namespaces_);
            return Value(ExpandedNodeIdText{text(borrow(id))});
        }
        case UA_DATATYPEKIND_STATUSCODE: return Value(StatusCode{as<UA_StatusCode>(data)});
        case UA_DATATYPEKIND_QUALIFIEDNAME: {
            const auto& name = as<UA_QualifiedName>(data);
            return Value(QualifiedName{name.namespaceIndex, text(name.name)});
        }
        case UA_DATATYPEKIND_LOCALIZEDTEXT: {
            const auto& words = as<UA_LocalizedText>(data);
            return Value(LocalizedText{text(words.locale), text(words.text)});
        }
        case UA_DATATYPEKIND_EXTENSIONOBJECT: return structure(as<UA_ExtensionObject>(data));
        case UA_DATATYPEKIND_DATAVALUE: {
            if (depth_ >= ValueLimits::kMaxDepth) return opaque("nested too deeply");
            ++depth_;
            Value inner(dataValue(as<UA_DataValue>(data), Timestamp{}));
            --depth_;
            return inner;
        }
        case UA_DATATYPEKIND_VARIANT: {
            if (depth_ >= ValueLimits::kMaxDepth) return opaque("nested too deeply");
            ++depth_;
            Value inner = value(as<UA_Variant>(data));
            --depth_;
            return inner;
        }
        case UA_DATATYPEKIND_DIAGNOSTICINFO: return diagnostic(as<UA_DiagnosticInfo>(data));
        default:
            // The library has decoded a structure that it knows and left out the ExtensionObject around it.
            return opaque(
                fmt::format("structure {} is not decoded", addressOf(type.typeId, namespaces_).text()));
    }
}

ArrayElements Converter::elements(const UA_DataType& type, const void* data, std::size_t count) {
    switch (type.typeKind) {
        case UA_DATATYPEKIND_BOOLEAN: return copied<bool>(data, count);
        case UA_DATATYPEKIND_SBYTE: return copied<std::int8_t>(data, count);
        case UA_DATATYPEKIND_BYTE: return copied<std::uint8_t>(data, count);
        case UA_DATATYPEKIND_INT16: return copied<std::int16_t>(data, count);
        case UA_DATATYPEKIND_UINT16: return copied<std::uint16_t>(data, count);
        case UA_DATATYPEKIND_ENUM:
        case UA_DATATYPEKIND_INT32: return copied<std::int32_t>(data, count);
        case UA_DATATYPEKIND_UINT32: return copied<std::uint32_t>(data, count);
        case UA_DATATYPEKIND_INT64: return copied<std::int64_t>(data, count);
        case UA_DATATYPEKIND_UINT64: return copied<std::uint64_t>(data, count);
        case UA_DATATYPEKIND_FLOAT: return copied<float>(data, count);
        case UA_DATATYPEKIND_DOUBLE: return copied<double>(data, count);
        case UA_DATATYPEKIND_DATETIME: {
            std::vector<Timestamp> times(count);
            const auto* first = static_cast<const UA_DateTime*>(data);
            std::transform(first, first + count, times.begin(), timestampOf);
            return times;
        }
        case UA_DATATYPEKIND_STATUSCODE: {
            std::vector<StatusCode> codes(count);
            const auto* first = static_cast<const UA_StatusCode*>(data);
            std::transform(first, first + count, codes.begin(),
                           [](UA_StatusCode code) { return StatusCode{code}; });
            return codes;
        }
        default: {
            std::vector<Value> values;
            values.reserve(count);
            const auto* element = static_cast<const std::byte*>(data);
            for (std::size_t i = 0; i < count; ++i, element += type.memSize)
                values.push_back(scalar(type, element));
            return values;
        }
    }
}

Value Converter::array(const UA_DataType& type, const UA_Variant& variant) {
    const std::size_t count = std::min(variant.arrayLength, ValueLimits::kMaxElements);
    Array array{builtInTypeOf(type), elements(type, variant.data, count), {}};
    if (count < variant.arrayLength) {
        truncated_ = true;
    } else if (variant.arrayDimensionsSize > 1 && variant.arrayDimensionsSize <= ValueLimits::kMaxElements) {
        std::uint64_t product = 1;
        for (std::size_t i = 0; i < variant.arrayDimensionsSize && product <= count; ++i) {
            product *= variant.arrayDimensions[i];
        }
        if (product == count) {
            array.dimensions.assign(variant.arrayDimensions,
                                    variant.arrayDimensions + variant.arrayDimensionsSize);
        }
    }
    return Value(std::move(array));
}

Value Converter::value(const UA_Variant& variant) {
    if (variant.type == nullptr) return Value();
    return UA_Variant_isScalar(&variant) ? scalar(*variant.type, variant.data)
                                         : array(*variant.type, variant);
}

DataValue Converter::dataValue(const UA_DataValue& value, Timestamp received) {
    DataValue out;
    if (value.hasValue) out.value = this->value(value.value);
    if (value.hasStatus) out.status = StatusCode{value.status};
    out.serverTime = value.hasServerTimestamp && isKnown(value.serverTimestamp)
                         ? timestampOf(value.serverTimestamp)
                         : received;
    out.sourceTime = value.hasSourceTimestamp && isKnown(value.sourceTimestamp)
                         ? timestampOf(value.sourceTimestamp)
                         : out.serverTime;
    return out;
}

}  // namespace

DataValue convert(const UA_DataValue& value, NamespaceArray namespaces, Timestamp received) {
    Converter converter(namespaces);
    DataValue out = converter.dataValue(value, received);
    if (converter.truncated() && out.status.isGood())
        out.status = StatusCode{UA_STATUSCODE_UNCERTAINDATASUBNORMAL};
    return out;
}

}  // namespace tagwire::source::opcua
