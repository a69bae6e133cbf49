#include "source/opcda/value_reader.h"

#include <charconv>
#include <cmath>
#include <concepts>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace tagwire::source::opcda {
namespace {

namespace json = boost::json;

/// 64-bit integers beyond what JavaScript holds come as text.
template <std::integral T>
std::optional<T> integer(const json::value& from) {
    if (const auto* number = from.if_int64())
        return std::in_range<T>(*number) ? std::optional(static_cast<T>(*number)) : std::nullopt;
    if (const auto* number = from.if_uint64())
        return std::in_range<T>(*number) ? std::optional(static_cast<T>(*number)) : std::nullopt;
    const auto* text = from.if_string();
    if (text == nullptr || sizeof(T) < sizeof(std::int64_t)) return std::nullopt;
    T number{};
    const auto* end = text->data() + text->size();
    const auto [stop, error] = std::from_chars(text->data(), end, number);
    return error == std::errc{} && stop == end ? std::optional(number) : std::nullopt;
}

template <std::floating_point T>
std::optional<T> real(const json::value& from) {
    if (from.is_number()) {
        const auto number = from.to_number<double>();
        if (std::abs(number) > static_cast<double>(std::numeric_limits<T>::max())) return std::nullopt;
        return static_cast<T>(number);
    }
    const auto* text = from.if_string();
    if (text == nullptr) return std::nullopt;
    if (*text == "NaN") return std::numeric_limits<T>::quiet_NaN();
    if (*text == "Infinity") return std::numeric_limits<T>::infinity();
    if (*text == "-Infinity") return -std::numeric_limits<T>::infinity();
    return std::nullopt;
}

std::optional<bool> truth(const json::value& from) {
    const auto* value = from.if_bool();
    return value == nullptr ? std::nullopt : std::optional(*value);
}

std::optional<Timestamp> time(const json::value& from) {
    constexpr std::int64_t kFirst = -11'644'473'600'000;  // 1601
    constexpr std::int64_t kLast = 253'402'300'799'999;   // 9999
    const auto millis = integer<std::int64_t>(from);
    if (!from.is_number() || !millis || *millis < kFirst || *millis > kLast) return std::nullopt;
    return fromUnixMillis(*millis);
}

/// An element whose type is not told is what JSON says.
std::optional<Value> anything(const json::value& from) {
    if (const auto* text = from.if_string()) return Value(std::string(*text));
    if (const auto* value = from.if_bool()) return Value(*value);
    if (const auto* number = from.if_int64()) return Value(*number);
    if (from.is_number()) return Value(from.to_number<double>());
    return from.is_null() ? std::optional(Value{}) : std::nullopt;
}

std::optional<Value> text(const json::value& from) {
    const auto* found = from.if_string();
    return found == nullptr ? std::nullopt : std::optional(Value(std::string(*found)));
}

template <class T>
std::optional<Value> wrapped(std::optional<T> read) {
    return read ? std::optional(Value(std::move(*read))) : std::nullopt;
}

template <class T, class Read>
std::optional<Value> arrayOf(const json::array& list, BuiltInType type, Read read) {
    std::vector<T> elements;
    elements.reserve(list.size());
    for (const auto& one : list) {
        auto element = read(one);
        if (!element) return std::nullopt;
        elements.push_back(std::move(*element));
    }
    return Value(Array{.elementType = type, .elements = std::move(elements), .dimensions = {}});
}

/// `with(reader)` where reader turns one JSON value into an optional of the type's own C++ type.
template <class With>
std::optional<Value> dispatch(BuiltInType type, With with) {
    switch (type) {
        case BuiltInType::Boolean: return with.template operator()<bool>(truth);
        case BuiltInType::SByte: return with.template operator()<std::int8_t>(integer<std::int8_t>);
        case BuiltInType::Byte: return with.template operator()<std::uint8_t>(integer<std::uint8_t>);
        case BuiltInType::Int16: return with.template operator()<std::int16_t>(integer<std::int16_t>);
        case BuiltInType::UInt16: return with.template operator()<std::uint16_t>(integer<std::uint16_t>);
        case BuiltInType::Int32: return with.template operator()<std::int32_t>(integer<std::int32_t>);
        case BuiltInType::UInt32: return with.template operator()<std::uint32_t>(integer<std::uint32_t>);
        case BuiltInType::Int64: return with.template operator()<std::int64_t>(integer<std::int64_t>);
        case BuiltInType::UInt64: return with.template operator()<std::uint64_t>(integer<std::uint64_t>);
        case BuiltInType::Float: return with.template operator()<float>(real<float>);
        case BuiltInType::Double: return with.template operator()<double>(real<double>);
        case BuiltInType::DateTime: return with.template operator()<Timestamp>(time);
        case BuiltInType::String: return with.template operator()<Value>(text);
        case BuiltInType::Variant: return with.template operator()<Value>(anything);
        default: return std::nullopt;
    }
}

}  // namespace

std::optional<Value> readValue(const json::value& from, ValueShape shape) {
    if (from.is_null()) return Value{};
    if (!shape.array) {
        return dispatch(shape.type, [&]<class T>(auto read) -> std::optional<Value> {
            auto value = read(from);
            if constexpr (std::same_as<T, Value>) {
                return value;
            } else {
                return wrapped<T>(std::move(value));
            }
        });
    }
    const auto* list = from.if_array();
    if (list == nullptr) return std::nullopt;
    return dispatch(shape.type, [&]<class T>(auto read) { return arrayOf<T>(*list, shape.type, read); });
}

}  // namespace tagwire::source::opcda
