#include "model/value.h"

#include <cmath>
#include <limits>

#include "model/data_value.h"

namespace tagwire {
namespace {

/// Floating-point elements are equal when both are NaN, too.
template <class T>
bool same(const T& a, const T& b) noexcept {
    if constexpr (std::is_floating_point_v<T>) {
        return a == b || (std::isnan(a) && std::isnan(b));
    } else {
        return a == b;
    }
}

template <class T>
bool same(const std::vector<T>& a, const std::vector<T>& b) noexcept {
    if (a.size() != b.size()) return false;
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (!same<T>(a[i], b[i])) return false;
    }
    return true;
}

Value::Heap makeHeap(Value::HeapPart::Content content) {
    // The intrusive pointer takes the only reference at once.
    return Value::Heap(new Value::HeapPart(std::move(content)));
}

/// Types in the order of Value::Storage, up to the heap pointer.
constexpr std::array kInlineTypes{
    BuiltInType::Null,     BuiltInType::Boolean,    BuiltInType::SByte, BuiltInType::Byte,
    BuiltInType::Int16,    BuiltInType::UInt16,     BuiltInType::Int32, BuiltInType::UInt32,
    BuiltInType::Int64,    BuiltInType::UInt64,     BuiltInType::Float, BuiltInType::Double,
    BuiltInType::DateTime, BuiltInType::StatusCode,
};
static_assert(kInlineTypes.size() + 1 == std::variant_size_v<Value::Storage>);

struct HeapType {
    BuiltInType operator()(const std::string&) const noexcept { return BuiltInType::String; }
    BuiltInType operator()(const Guid&) const noexcept { return BuiltInType::Guid; }
    BuiltInType operator()(const NodeIdText&) const noexcept { return BuiltInType::NodeId; }
    BuiltInType operator()(const ExpandedNodeIdText&) const noexcept { return BuiltInType::ExpandedNodeId; }
    BuiltInType operator()(const XmlText&) const noexcept { return BuiltInType::XmlElement; }
    BuiltInType operator()(const ByteString&) const noexcept { return BuiltInType::ByteString; }
    BuiltInType operator()(const QualifiedName&) const noexcept { return BuiltInType::QualifiedName; }
    BuiltInType operator()(const LocalizedText&) const noexcept { return BuiltInType::LocalizedText; }
    BuiltInType operator()(const Structure&) const noexcept { return BuiltInType::ExtensionObject; }
    BuiltInType operator()(const DiagnosticText&) const noexcept { return BuiltInType::DiagnosticInfo; }
    BuiltInType operator()(const Array& array) const noexcept { return array.elementType; }
    BuiltInType operator()(const std::shared_ptr<const DataValue>&) const noexcept {
        return BuiltInType::DataValue;
    }
};

}  // namespace

std::size_t Array::size() const noexcept {
    return std::visit([](const auto& list) { return list.size(); }, elements);
}

bool operator==(const Array& a, const Array& b) noexcept {
    if (a.elementType != b.elementType || a.dimensions != b.dimensions ||
        a.elements.index() != b.elements.index()) {
        return false;
    }
    return std::visit(
        [&b](const auto& list) {
            return same(list, *std::get_if<std::decay_t<decltype(list)>>(&b.elements));
        },
        a.elements);
}

Value::Value(std::string text) : storage_(makeHeap(std::move(text))) {}
Value::Value(Guid guid) : storage_(makeHeap(guid)) {}
Value::Value(NodeIdText nodeId) : storage_(makeHeap(std::move(nodeId))) {}
Value::Value(ExpandedNodeIdText nodeId) : storage_(makeHeap(std::move(nodeId))) {}
Value::Value(XmlText xml) : storage_(makeHeap(std::move(xml))) {}
Value::Value(ByteString bytes) : storage_(makeHeap(std::move(bytes))) {}
Value::Value(QualifiedName name) : storage_(makeHeap(std::move(name))) {}
Value::Value(LocalizedText text) : storage_(makeHeap(std::move(text))) {}
Value::Value(Structure structure) : storage_(makeHeap(std::move(structure))) {}
Value::Value(DiagnosticText text) : storage_(makeHeap(std::move(text))) {}
Value::Value(DataValue value) : storage_(makeHeap(std::make_shared<const DataValue>(std::move(value)))) {}
Value::Value(Array array) : storage_(makeHeap(std::move(array))) {}

bool Value::isArray() const noexcept { return getIf<Array>() != nullptr; }

BuiltInType Value::type() const noexcept {
    if (const auto* heap = std::get_if<Heap>(&storage_)) return std::visit(HeapType{}, (*heap)->content);
    return kInlineTypes[storage_.index()];
}

double Value::toDouble() const noexcept {
    return visit([](const auto& stored) -> double {
        using T = std::decay_t<decltype(stored)>;
        if constexpr (std::is_arithmetic_v<T>) {
            return static_cast<double>(stored);
        } else if constexpr (std::is_same_v<T, Timestamp>) {
            return static_cast<double>(toUnixMillis(stored));
        } else {
            return std::numeric_limits<double>::quiet_NaN();
        }
    });
}

bool operator==(const Value& a, const Value& b) noexcept {
    if (a.storage_.index() != b.storage_.index()) return false;
    return std::visit(
        [&b](const auto& stored) {
            using T = std::decay_t<decltype(stored)>;
            const auto& other = *std::get_if<T>(&b.storage_);
            if constexpr (std::is_same_v<T, Value::Heap>) {
                if (stored == other) return true;
                if (stored->content.index() != other->content.index()) return false;
                const auto* nested = std::get_if<std::shared_ptr<const DataValue>>(&stored->content);
                if (nested != nullptr) {
                    return **nested == **std::get_if<std::shared_ptr<const DataValue>>(&other->content);
                }
                return stored->content == other->content;
            } else {
                return same(stored, other);
            }
        },
        a.storage_);
}

}  // namespace tagwire
