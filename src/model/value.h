/// A process value: any OPC UA built-in type (OPC 10000-6, 5.1.2), scalar or array, in 16 bytes.
/// Thread: any; values are immutable and share their heap part. Lifetime: value type.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include <boost/smart_ptr/intrusive_ptr.hpp>

#include "base/time.h"
#include "model/status_code.h"

namespace tagwire {

struct DataValue;

/// Numbers are those of the specification (OPC 10000-6, Table 1); Null is a Variant without a value.
enum class BuiltInType : std::uint8_t {
    Null = 0,
    Boolean = 1,
    SByte = 2,
    Byte = 3,
    Int16 = 4,
    UInt16 = 5,
    Int32 = 6,
    UInt32 = 7,
    Int64 = 8,
    UInt64 = 9,
    Float = 10,
    Double = 11,
    String = 12,
    DateTime = 13,
    Guid = 14,
    ByteString = 15,
    XmlElement = 16,
    NodeId = 17,
    ExpandedNodeId = 18,
    StatusCode = 19,
    QualifiedName = 20,
    LocalizedText = 21,
    ExtensionObject = 22,
    DataValue = 23,
    Variant = 24,
    DiagnosticInfo = 25,
};

struct Guid {
    std::array<std::uint8_t, 16> bytes{};  ///< in the order of the text form
    friend bool operator==(const Guid&, const Guid&) = default;
};

/// Text in the standard form with a namespace URI where it has one: `nsu=http://x;s=Boiler.Temp`, `i=2258`.
struct NodeIdText {
    std::string text;
    friend bool operator==(const NodeIdText&, const NodeIdText&) = default;
};

struct ExpandedNodeIdText {
    std::string text;
    friend bool operator==(const ExpandedNodeIdText&, const ExpandedNodeIdText&) = default;
};

struct XmlText {
    std::string text;
    friend bool operator==(const XmlText&, const XmlText&) = default;
};

struct ByteString {
    std::string bytes;
    friend bool operator==(const ByteString&, const ByteString&) = default;
};

struct QualifiedName {
    std::uint16_t namespaceIndex = 0;
    std::string name;
    friend bool operator==(const QualifiedName&, const QualifiedName&) = default;
};

struct LocalizedText {
    std::string locale;
    std::string text;
    friend bool operator==(const LocalizedText&, const LocalizedText&) = default;
};

/// A structure: as a JSON object when its type is known, otherwise empty with the reason why it stayed
/// opaque.
struct Structure {
    std::string json;
    std::string opaqueReason;
    friend bool operator==(const Structure&, const Structure&) = default;
};

/// Diagnostic text of a server.
struct DiagnosticText {
    std::string text;
    friend bool operator==(const DiagnosticText&, const DiagnosticText&) = default;
};

class Value;

/// Elements of an array, all of one type.
using ArrayElements =
    std::variant<std::vector<bool>, std::vector<std::int8_t>, std::vector<std::uint8_t>,
                 std::vector<std::int16_t>, std::vector<std::uint16_t>, std::vector<std::int32_t>,
                 std::vector<std::uint32_t>, std::vector<std::int64_t>, std::vector<std::uint64_t>,
                 std::vector<float>, std::vector<double>, std::vector<Timestamp>, std::vector<StatusCode>,
                 std::vector<Value>>;

/// An array of `elementType`; elements that are not stored inline in a Value stand in a std::vector<Value>.
struct Array {
    BuiltInType elementType = BuiltInType::Null;
    ArrayElements elements;
    /// Empty for one dimension; otherwise the lengths, slowest first, whose product is size().
    std::vector<std::uint32_t> dimensions;

    [[nodiscard]] std::size_t size() const noexcept;
    friend bool operator==(const Array& a, const Array& b) noexcept;
};

class Value {
public:
    struct HeapPart;
    using Heap = boost::intrusive_ptr<const HeapPart>;
    using Storage = std::variant<std::monostate, bool, std::int8_t, std::uint8_t, std::int16_t, std::uint16_t,
                                 std::int32_t, std::uint32_t, std::int64_t, std::uint64_t, float, double,
                                 Timestamp, StatusCode, Heap>;

    Value() noexcept = default;
    explicit Value(bool value) noexcept : storage_(value) {}
    explicit Value(std::int8_t value) noexcept : storage_(value) {}
    explicit Value(std::uint8_t value) noexcept : storage_(value) {}
    explicit Value(std::int16_t value) noexcept : storage_(value) {}
    explicit Value(std::uint16_t value) noexcept : storage_(value) {}
    explicit Value(std::int32_t value) noexcept : storage_(value) {}
    explicit Value(std::uint32_t value) noexcept : storage_(value) {}
    explicit Value(std::int64_t value) noexcept : storage_(value) {}
    explicit Value(std::uint64_t value) noexcept : storage_(value) {}
    explicit Value(float value) noexcept : storage_(value) {}
    explicit Value(double value) noexcept : storage_(value) {}
    explicit Value(Timestamp value) noexcept : storage_(value) {}
    explicit Value(StatusCode value) noexcept : storage_(value) {}
    explicit Value(std::string text);
    explicit Value(const char* text) : Value(std::string(text)) {}
    explicit Value(Guid guid);
    explicit Value(NodeIdText nodeId);
    explicit Value(ExpandedNodeIdText nodeId);
    explicit Value(XmlText xml);
    explicit Value(ByteString bytes);
    explicit Value(QualifiedName name);
    explicit Value(LocalizedText text);
    explicit Value(Structure structure);
    explicit Value(DiagnosticText text);
    explicit Value(DataValue value);
    explicit Value(Array array);

    [[nodiscard]] bool isNull() const noexcept { return storage_.index() == 0; }
    [[nodiscard]] bool isArray() const noexcept;
    /// Of the scalar, or of the array's elements.
    [[nodiscard]] BuiltInType type() const noexcept;

    /// Null unless the value is exactly of type T: an inline scalar, std::string, Guid, …, Array.
    template <class T>
    [[nodiscard]] const T* getIf() const noexcept;

    /// As a number: booleans 0 or 1, DateTime as Unix milliseconds; NaN for what is no number.
    [[nodiscard]] double toDouble() const noexcept;

    /// Same type and content; NaN equals NaN, because a sensor that stays NaN has not changed.
    friend bool operator==(const Value& a, const Value& b) noexcept;

    [[nodiscard]] const Storage& storage() const noexcept { return storage_; }

    /// Calls `visitor` with what is stored: std::monostate, an inline scalar, a type of HeapPart, or
    /// DataValue.
    template <class Visitor>
    decltype(auto) visit(Visitor&& visitor) const;

private:
    Storage storage_;
};

/// The shared, immutable part of values that do not fit into 8 bytes.
struct Value::HeapPart {
    using Content =
        std::variant<std::string, Guid, NodeIdText, ExpandedNodeIdText, XmlText, ByteString, QualifiedName,
                     LocalizedText, Structure, DiagnosticText, Array, std::shared_ptr<const DataValue>>;

    explicit HeapPart(Content c) : content(std::move(c)) {}

    Content content;
    mutable std::atomic<std::uint32_t> references{0};

    friend void intrusive_ptr_add_ref(const HeapPart* part) noexcept {
        part->references.fetch_add(1, std::memory_order_relaxed);
    }
    friend void intrusive_ptr_release(const HeapPart* part) noexcept {
        if (part->references.fetch_sub(1, std::memory_order_acq_rel) == 1) delete part;
    }
};

template <class T>
const T* Value::getIf() const noexcept {
    if constexpr (std::is_arithmetic_v<T> || std::is_same_v<T, Timestamp> || std::is_same_v<T, StatusCode>) {
        return std::get_if<T>(&storage_);
    } else {
        const auto* heap = std::get_if<Heap>(&storage_);
        if (heap == nullptr) return nullptr;
        if constexpr (std::is_same_v<T, DataValue>) {
            const auto* nested = std::get_if<std::shared_ptr<const DataValue>>(&(*heap)->content);
            return nested == nullptr ? nullptr : nested->get();
        } else {
            return std::get_if<T>(&(*heap)->content);
        }
    }
}

template <class Visitor>
decltype(auto) Value::visit(Visitor&& visitor) const {
    const auto onContent = [&visitor](const auto& content) -> decltype(auto) {
        if constexpr (std::is_same_v<std::decay_t<decltype(content)>, std::shared_ptr<const DataValue>>) {
            return visitor(*content);
        } else {
            return visitor(content);
        }
    };
    return std::visit(
        [&](const auto& stored) -> decltype(auto) {
            if constexpr (std::is_same_v<std::decay_t<decltype(stored)>, Heap>) {
                return std::visit(onContent, stored->content);
            } else {
                return visitor(stored);
            }
        },
        storage_);
}

}  // namespace tagwire
