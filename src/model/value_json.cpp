#include "model/value_json.h"

#include <span>

#include "base/json_text.h"
#include "model/data_value.h"

namespace tagwire {

namespace {

constexpr std::int64_t kMaxSafeInteger = 9007199254740991;  // JavaScript's Number.MAX_SAFE_INTEGER, 2^53-1

template <class Integer>
void appendWide(std::string& out, Integer number, bool safe) {
    if (!safe) out += '"';
    appendJsonInteger(out, number);
    if (!safe) out += '"';
}

/// One overload a stored type; used for scalars and for the elements of arrays alike.
struct JsonAppender {
    std::string& out;

    void operator()(std::monostate) const { out += "null"; }
    void operator()(bool value) const { out += value ? "true" : "false"; }
    void operator()(std::int8_t value) const { appendJsonInteger(out, std::int64_t{value}); }
    void operator()(std::uint8_t value) const { appendJsonInteger(out, std::uint64_t{value}); }
    void operator()(std::int16_t value) const { appendJsonInteger(out, std::int64_t{value}); }
    void operator()(std::uint16_t value) const { appendJsonInteger(out, std::uint64_t{value}); }
    void operator()(std::int32_t value) const { appendJsonInteger(out, std::int64_t{value}); }
    void operator()(std::uint32_t value) const { appendJsonInteger(out, std::uint64_t{value}); }
    void operator()(std::int64_t value) const {
        appendWide(out, value, value >= -kMaxSafeInteger && value <= kMaxSafeInteger);
    }
    void operator()(std::uint64_t value) const {
        appendWide(out, value, value <= static_cast<std::uint64_t>(kMaxSafeInteger));
    }
    void operator()(float value) const { appendJsonNumber(out, value); }
    void operator()(double value) const { appendJsonNumber(out, value); }
    void operator()(Timestamp value) const { appendJsonInteger(out, toUnixMillis(value)); }
    void operator()(StatusCode value) const { appendJsonInteger(out, std::uint64_t{value.code()}); }
    void operator()(const std::string& value) const { appendJsonString(out, value); }
    void operator()(const Guid& value) const {
        out += '"';
        appendGuid(out, value);
        out += '"';
    }
    void operator()(const NodeIdText& value) const { appendJsonString(out, value.text); }
    void operator()(const ExpandedNodeIdText& value) const { appendJsonString(out, value.text); }
    void operator()(const XmlText& value) const { appendJsonString(out, value.text); }
    void operator()(const ByteString& value) const {
        out += '"';
        appendBase64(out, value.bytes);
        out += '"';
    }
    void operator()(const QualifiedName& value) const {
        appendJsonString(out, std::to_string(value.namespaceIndex) + ':' + value.name);
    }
    void operator()(const LocalizedText& value) const {
        ObjectWriter object(out);
        object.member("locale", value.locale);
        object.member("text", value.text);
    }
    void operator()(const Structure& value) const {
        if (!value.json.empty()) {
            out += value.json;
            return;
        }
        ObjectWriter object(out);
        object.member("opaque", value.opaqueReason);
    }
    void operator()(const DiagnosticText& value) const { appendJsonString(out, value.text); }
    void operator()(const Array& value) const { appendArray(out, value); }
    void operator()(const DataValue& value) const {
        ObjectWriter object(out);
        appendValue(object.key("v"), value.value);
        if (value.status != StatusCode{}) object.member("q", value.status.code());
        if (value.sourceTime != Timestamp{}) object.member("ts", value.sourceTime);
    }
    void operator()(const Value& value) const { appendValue(out, value); }
};

/// `count` elements from `first`, as nested arrays when several dimensions are left.
template <class Elements>
void appendElements(std::string& out, const Elements& elements, std::size_t first, std::size_t count,
                    std::span<const std::uint32_t> dimensions) {
    const JsonAppender append{out};
    const bool nested = dimensions.size() > 1;
    const std::size_t parts = nested ? dimensions.front() : count;
    const std::size_t partSize = nested ? count / parts : 1;
    out += '[';
    for (std::size_t part = 0; part < parts; ++part) {
        if (part > 0) out += ',';
        if (nested) {
            appendElements(out, elements, first + part * partSize, partSize, dimensions.subspan(1));
        } else {
            append(elements[first + part]);
        }
    }
    out += ']';
}

/// Whether the dimensions describe `size` elements. The array of a server that lies is sent flat, and so is
/// an empty one, whose dimensions could ask for billions of empty arrays.
bool dimensionsFit(std::span<const std::uint32_t> dimensions, std::size_t size) {
    std::size_t product = 1;
    for (const auto length : dimensions) {
        if (length == 0 || product > size / length) return false;
        product *= length;
    }
    return product == size;
}

}  // namespace

void appendValue(std::string& out, const Value& value) { value.visit(JsonAppender{out}); }

void appendArray(std::string& out, const Array& array) {
    std::span<const std::uint32_t> dimensions = array.dimensions;
    if (!dimensionsFit(dimensions, array.size())) dimensions = {};
    std::visit([&](const auto& elements) { appendElements(out, elements, 0, elements.size(), dimensions); },
               array.elements);
}

void appendBase64(std::string& out, std::string_view bytes) {
    constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const auto group = bytes.substr(i, 3);
        std::uint32_t bits = 0;
        for (std::size_t k = 0; k < 3; ++k) {
            bits = bits << 8U | (k < group.size() ? static_cast<unsigned char>(group[k]) : 0U);
        }
        for (std::size_t k = 0; k < 4; ++k) {
            out += k <= group.size() ? kDigits[bits >> (18U - 6U * k) & 0x3FU] : '=';
        }
    }
}

void appendGuid(std::string& out, const Guid& guid) {
    constexpr std::string_view kHex = "0123456789abcdef";
    for (std::size_t i = 0; i < guid.bytes.size(); ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10) out += '-';
        out += kHex[guid.bytes.at(i) >> 4U];
        out += kHex[guid.bytes.at(i) & 0xFU];
    }
}

}  // namespace tagwire
