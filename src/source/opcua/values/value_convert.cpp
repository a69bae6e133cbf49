#include <algorithm>
#include <cstring>
#include <type_traits>
#include <utility>

#include <fmt/format.h>
#include <utf8.h>

#include "source/opcua/values/built_in_type.h"
#include "source/opcua/values/structure_decode.h"
#include "source/opcua/values/value_converter.h"

namespace tagwire::source::opcua {
namespace {

template <class T>
const T& as(const void* data) noexcept {
    return *static_cast<const T*>(data);
}

template <class T>
std::vector<T> copied(const void* data, std::size_t count) {
    const auto* first = static_cast<const T*>(data);
    return std::vector<T>(first, first + count);
}

}  // namespace

std::string ValueConverter::bytes(const UA_ByteString& bytes) {
    const auto all = view(bytes);
    budget_.truncated = budget_.truncated || all.size() > budget_.bytes;
    std::string kept(all.substr(0, budget_.bytes));
    budget_.bytes -= kept.size();
    return kept;
}

std::string ValueConverter::text(const UA_String& text) {
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

Value ValueConverter::opaque(std::string reason) {
    // Long node ids of many elements add up, too.
    constexpr std::size_t kShort = 128;
    if (reason.size() > std::max(budget_.bytes, kShort)) {
        budget_.truncated = true;
        reason = "too large";
    }
    budget_.bytes -= std::min(budget_.bytes, reason.size());
    return Value(Structure{{}, std::move(reason)});
}

Value ValueConverter::structure(const UA_ExtensionObject& object) {
    if (object.encoding == UA_EXTENSIONOBJECT_ENCODED_NOBODY) return opaque("the structure is empty");
    if (object.encoding >= UA_EXTENSIONOBJECT_DECODED) {
        const auto& decoded = object.content.decoded;
        if (decoded.type == nullptr || decoded.data == nullptr) return opaque("the structure is empty");
        return libraryStructure(*decoded.type, decoded.data);
    }
    Structure structure = undecoded(object);
    return structure.json.empty() ? opaque(std::move(structure.opaqueReason)) : Value(std::move(structure));
}

Structure ValueConverter::undecoded(const UA_ExtensionObject& object) {
    const auto& encoded = object.content.encoded;
    const auto describe = [&](std::string_view what) {
        return Structure{{},
                         fmt::format("structure with encoding {} {}",
                                     addressOf(encoded.typeId, context_.namespaces).text(), what)};
    };
    if (object.encoding == UA_EXTENSIONOBJECT_ENCODED_XML) return describe("comes as XML, not binary");
    if (context_.types == nullptr) return describe("is not decoded");
    return decodeStructure(encoded.typeId, view(encoded.body), *context_.types, budget_);
}

Value ValueConverter::diagnostic(const UA_DiagnosticInfo& info) {
    std::string words = info.hasAdditionalInfo ? text(info.additionalInfo) : std::string{};
    if (info.hasInnerStatusCode) {
        words += fmt::format("{}{}", words.empty() ? "" : ": ", statusText(StatusCode{info.innerStatusCode}));
    }
    return Value(DiagnosticText{std::move(words)});
}

Value ValueConverter::scalar(const UA_DataType& type, const void* data) {
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
            std::string id = addressOf(as<UA_NodeId>(data), context_.namespaces).text();
            return Value(NodeIdText{text(borrow(id))});
        }
        case UA_DATATYPEKIND_EXPANDEDNODEID: {
            std::string id = textOf(as<UA_ExpandedNodeId>(data), context_.namespaces);
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
            if (budget_.depth >= ValueLimits::kMaxDepth) return opaque("nested too deeply");
            ++budget_.depth;
            Value inner = dataValue(as<UA_DataValue>(data));
            --budget_.depth;
            return inner;
        }
        case UA_DATATYPEKIND_VARIANT: {
            if (budget_.depth >= ValueLimits::kMaxDepth) return opaque("nested too deeply");
            ++budget_.depth;
            Value inner = value(as<UA_Variant>(data));
            --budget_.depth;
            return inner;
        }
        case UA_DATATYPEKIND_DIAGNOSTICINFO: return diagnostic(as<UA_DiagnosticInfo>(data));
        default:
            // The library has decoded a structure that it knows and left out the ExtensionObject around it.
            return libraryStructure(type, data);
    }
}

ArrayElements ValueConverter::elements(const UA_DataType& type, const void* data, std::size_t count) {
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

Value ValueConverter::array(const UA_DataType& type, const UA_Variant& variant) {
    const std::size_t count = std::min(variant.arrayLength, ValueLimits::kMaxElements);
    Array array{builtInTypeOf(type), elements(type, variant.data, count), {}};
    if (count < variant.arrayLength) {
        budget_.truncated = true;
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

Value ValueConverter::value(const UA_Variant& variant) {
    if (variant.type == nullptr) return Value();
    return UA_Variant_isScalar(&variant) ? scalar(*variant.type, variant.data)
                                         : array(*variant.type, variant);
}

Value ValueConverter::dataValue(const UA_DataValue& value) {
    DataValue out;
    if (value.hasValue) out.value = this->value(value.value);
    if (value.hasStatus) out.status = StatusCode{value.status};
    if (value.hasServerTimestamp) out.serverTime = timestampOr(value.serverTimestamp, {});
    out.sourceTime =
        value.hasSourceTimestamp ? timestampOr(value.sourceTimestamp, out.serverTime) : out.serverTime;
    return Value(std::move(out));
}

Value detail::convertSlowly(const UA_Variant& variant, ConvertContext& context, StatusCode& status) {
    ValueConverter converter(context);
    Value out = converter.value(variant);
    if (converter.budget().awaitsTypes) context.awaitsTypes = true;
    if (converter.budget().truncated && status.isGood())
        status = StatusCode{UA_STATUSCODE_UNCERTAINDATASUBNORMAL};
    return out;
}

}  // namespace tagwire::source::opcua
