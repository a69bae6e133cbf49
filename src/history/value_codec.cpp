#include "history/value_codec.h"

#include <array>
#include <memory>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "model/data_value.h"

namespace tagwire::history {
namespace {

constexpr ValueKind kindOfType(BuiltInType type) noexcept { return static_cast<ValueKind>(type); }

class ContentWriter {
public:
    ContentWriter(ByteWriter& out, unsigned depth) : out_(out), depth_(depth) {}

    /// False where it lies too deep.
    template <class T>
    bool operator()(const T& value) const {
        if constexpr (std::is_same_v<T, DataValue>) {
            if (!nested(value.value)) return false;
            put(value.status);
            put(value.sourceTime);
            put(value.serverTime);
            return true;
        } else if constexpr (std::is_same_v<T, Array>) {
            return array(value);
        } else {
            put(value);
            return true;
        }
    }

private:
    void put(std::monostate /*null*/) const {}
    void put(bool value) const { out_.u8(value ? 1 : 0); }
    template <class T>
        requires std::is_arithmetic_v<T>
    void put(T value) const {
        out_.fixed(value);
    }
    void put(Timestamp time) const { out_.fixed(ticksOf(time)); }
    void put(StatusCode status) const { out_.fixed(status.code()); }
    void put(const std::string& text) const { out_.text(text); }
    void put(const Guid& guid) const { out_.fixed(guid.bytes); }
    void put(const NodeIdText& id) const { out_.text(id.text); }
    void put(const ExpandedNodeIdText& id) const { out_.text(id.text); }
    void put(const XmlText& xml) const { out_.text(xml.text); }
    void put(const ByteString& string) const { out_.text(string.bytes); }
    void put(const QualifiedName& name) const {
        out_.fixed(name.namespaceIndex);
        out_.text(name.name);
    }
    void put(const LocalizedText& text) const {
        out_.text(text.locale);
        out_.text(text.text);
    }
    void put(const Structure& structure) const {
        out_.text(structure.json);
        out_.text(structure.opaqueReason);
    }
    void put(const DiagnosticText& text) const { out_.text(text.text); }

    [[nodiscard]] bool array(const Array& array) const {
        out_.u8(static_cast<std::uint8_t>(array.elements.index()));
        out_.varint(array.dimensions.size());
        for (const auto length : array.dimensions) out_.varint(length);
        return std::visit(
            [this](const auto& elements) {
                using Element = typename std::decay_t<decltype(elements)>::value_type;
                out_.varint(elements.size());
                // By index: std::vector<bool> has no elements to refer to.
                for (std::size_t i = 0; i < elements.size(); ++i) {
                    if constexpr (std::is_same_v<Element, Value>) {
                        if (!nested(elements[i])) return false;
                    } else {
                        put(static_cast<Element>(elements[i]));
                    }
                }
                return true;
            },
            array.elements);
    }

    [[nodiscard]] bool nested(const Value& value) const {
        if (depth_ == 0) return false;
        out_.u8(kindOf(value));
        return value.visit(ContentWriter(out_, depth_ - 1));
    }

    ByteWriter& out_;
    unsigned depth_;
};

/// Whether the product of the lengths is `size`, as whoever walks through an array relies on.
bool fits(const std::vector<std::uint32_t>& dimensions, std::size_t size) noexcept {
    std::uint64_t product = 1;
    for (const auto length : dimensions) {
        if (length != 0 && product > UINT64_MAX / length) return false;
        product *= length;
    }
    return product == size;
}

class ContentReader {
public:
    explicit ContentReader(ByteReader& in, unsigned depth) : in_(in), depth_(depth) {}

    [[nodiscard]] Value read(ValueKind kind) const {
        if (kind >= kArrayKind) return array(static_cast<ValueKind>(kind - kArrayKind));
        switch (static_cast<BuiltInType>(kind)) {
            case BuiltInType::Null: return Value{};
            case BuiltInType::Boolean: return Value(element<bool>());
            case BuiltInType::SByte: return Value(element<std::int8_t>());
            case BuiltInType::Byte: return Value(element<std::uint8_t>());
            case BuiltInType::Int16: return Value(element<std::int16_t>());
            case BuiltInType::UInt16: return Value(element<std::uint16_t>());
            case BuiltInType::Int32: return Value(element<std::int32_t>());
            case BuiltInType::UInt32: return Value(element<std::uint32_t>());
            case BuiltInType::Int64: return Value(element<std::int64_t>());
            case BuiltInType::UInt64: return Value(element<std::uint64_t>());
            case BuiltInType::Float: return Value(element<float>());
            case BuiltInType::Double: return Value(element<double>());
            case BuiltInType::DateTime: return Value(element<Timestamp>());
            case BuiltInType::StatusCode: return Value(element<StatusCode>());
            case BuiltInType::String: return Value(text());
            case BuiltInType::Guid: return Value(Guid{in_.fixed<decltype(Guid::bytes)>()});
            case BuiltInType::ByteString: return Value(ByteString{text()});
            case BuiltInType::XmlElement: return Value(XmlText{text()});
            case BuiltInType::NodeId: return Value(NodeIdText{text()});
            case BuiltInType::ExpandedNodeId: return Value(ExpandedNodeIdText{text()});
            case BuiltInType::QualifiedName: {
                const auto index = in_.fixed<std::uint16_t>();
                return Value(QualifiedName{index, text()});
            }
            case BuiltInType::LocalizedText: {
                auto locale = text();
                return Value(LocalizedText{std::move(locale), text()});
            }
            case BuiltInType::ExtensionObject: {
                auto json = text();
                return Value(Structure{std::move(json), text()});
            }
            case BuiltInType::DiagnosticInfo: return Value(DiagnosticText{text()});
            case BuiltInType::DataValue: return Value(dataValue());
            case BuiltInType::Variant: break;
        }
        in_.fail();
        return Value{};
    }

private:
    [[nodiscard]] std::string text() const { return std::string(in_.text()); }

    template <class T>
    [[nodiscard]] T element() const {
        if constexpr (std::is_same_v<T, bool>) {
            const auto byte = in_.u8();
            if (byte > 1) in_.fail();
            return byte == 1;
        } else if constexpr (std::is_same_v<T, Timestamp>) {
            return Timestamp{Ticks{in_.fixed<std::int64_t>()}};
        } else if constexpr (std::is_same_v<T, StatusCode>) {
            return StatusCode{in_.fixed<std::uint32_t>()};
        } else if constexpr (std::is_same_v<T, Value>) {
            return nested();
        } else {
            return in_.fixed<T>();
        }
    }

    [[nodiscard]] Value nested() const {
        if (depth_ == 0) in_.fail();
        const auto kind = in_.u8();
        if (!in_.ok()) return Value{};
        return ContentReader(in_, depth_ - 1).read(kind);
    }

    [[nodiscard]] DataValue dataValue() const {
        auto value = nested();
        const auto status = element<StatusCode>();
        const auto sourceTime = element<Timestamp>();
        return {.value = std::move(value),
                .status = status,
                .sourceTime = sourceTime,
                .serverTime = element<Timestamp>()};
    }

    template <std::size_t Index = 0>
    [[nodiscard]] ArrayElements elements(std::size_t index) const {
        if constexpr (Index < std::variant_size_v<ArrayElements>) {
            if (index != Index) return elements<Index + 1>(index);
            using List = std::variant_alternative_t<Index, ArrayElements>;
            using Element = typename List::value_type;
            constexpr std::size_t kLeast = std::is_same_v<Element, Value> ? 1 : sizeof(Element);
            const auto size = in_.count(kLeast);
            List list;
            list.reserve(size);
            for (std::size_t i = 0; i < size && in_.ok(); ++i) list.push_back(element<Element>());
            return list;
        } else {
            in_.fail();
            return {};
        }
    }

    [[nodiscard]] Value array(ValueKind elementKind) const {
        if (elementKind > kindOfType(BuiltInType::DiagnosticInfo)) in_.fail();
        Array array;
        array.elementType = static_cast<BuiltInType>(elementKind);
        const std::size_t index = in_.u8();
        const auto dimensions = in_.count(1);
        for (std::size_t i = 0; i < dimensions; ++i) {
            const auto length = in_.varint();
            if (length > UINT32_MAX) in_.fail();
            array.dimensions.push_back(static_cast<std::uint32_t>(length));
        }
        array.elements = elements(index);
        if (!in_.ok()) return Value{};
        if (!fits(array.dimensions, array.size())) array.dimensions.clear();
        return Value(std::move(array));
    }

    ByteReader& in_;
    unsigned depth_;
};

}  // namespace

ValueKind kindOf(const Value& value) noexcept {
    const auto kind = kindOfType(value.type());
    return value.isArray() ? static_cast<ValueKind>(kind | kArrayKind) : kind;
}

bool writeContent(ByteWriter& out, const Value& value) {
    return value.visit(ContentWriter(out, kMaxValueDepth));
}

Value readContent(ByteReader& in, ValueKind kind) {
    auto value = ContentReader(in, kMaxValueDepth).read(kind);
    return in.ok() ? std::move(value) : Value{};
}

}  // namespace tagwire::history
