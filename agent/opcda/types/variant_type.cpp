#include "types/variant_type.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <concepts>
#include <limits>
#include <utility>
#include <vector>

#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "base/strict_json.h"
#include "base/time_text.h"
#include "types/currency.h"

namespace tagwire::da {
namespace {

struct TypeFacts {
    std::uint16_t type;
    std::string_view name;
    BuiltInType builtIn;
};

constexpr std::array kTypes{
    TypeFacts{vt::kEmpty, "VT_EMPTY", BuiltInType::Null},
    TypeFacts{vt::kNull, "VT_NULL", BuiltInType::Null},
    TypeFacts{vt::kI1, "VT_I1", BuiltInType::SByte},
    TypeFacts{vt::kUi1, "VT_UI1", BuiltInType::Byte},
    TypeFacts{vt::kI2, "VT_I2", BuiltInType::Int16},
    TypeFacts{vt::kUi2, "VT_UI2", BuiltInType::UInt16},
    TypeFacts{vt::kI4, "VT_I4", BuiltInType::Int32},
    TypeFacts{vt::kUi4, "VT_UI4", BuiltInType::UInt32},
    TypeFacts{vt::kInt, "VT_INT", BuiltInType::Int32},
    TypeFacts{vt::kUint, "VT_UINT", BuiltInType::UInt32},
    TypeFacts{vt::kError, "VT_ERROR", BuiltInType::Int32},
    TypeFacts{vt::kI8, "VT_I8", BuiltInType::Int64},
    TypeFacts{vt::kUi8, "VT_UI8", BuiltInType::UInt64},
    TypeFacts{vt::kR4, "VT_R4", BuiltInType::Float},
    TypeFacts{vt::kR8, "VT_R8", BuiltInType::Double},
    TypeFacts{vt::kBool, "VT_BOOL", BuiltInType::Boolean},
    TypeFacts{vt::kDate, "VT_DATE", BuiltInType::DateTime},
    TypeFacts{vt::kBstr, "VT_BSTR", BuiltInType::String},
    TypeFacts{vt::kCy, "VT_CY", BuiltInType::String},
    TypeFacts{vt::kDecimal, "VT_DECIMAL", BuiltInType::String},
    TypeFacts{vt::kVariant, "VT_VARIANT", BuiltInType::Variant},
};

template <std::integral T>
Result<Value> wholeNumber(std::string_view text) {
    T number{};
    const auto* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    const bool isNumber = stop == end && !text.empty();
    if (isNumber && error == std::errc{}) return Value(number);
    // A minus that an unsigned type does not take is a matter of range, too.
    const auto digits = text.starts_with('-') ? text.substr(1) : text;
    if (digits.empty() || digits.find_first_not_of("0123456789") != std::string_view::npos)
        return fail(fmt::format("\"{:.64}\" is not a whole number", text));
    return fail(fmt::format("{:.64} is not within the range of the item's type ({} to {})", text,
                            std::numeric_limits<T>::min(), std::numeric_limits<T>::max()));
}

template <std::floating_point T>
Result<Value> realNumber(std::string_view text) {
    double number = 0;
    const auto* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    if (stop != end || text.empty() || error == std::errc::invalid_argument)
        return fail(fmt::format("\"{:.64}\" is not a number", text));
    const bool fits = std::abs(number) <= static_cast<double>(std::numeric_limits<T>::max());
    if (error == std::errc::result_out_of_range || (std::isfinite(number) && !fits))
        return fail(fmt::format("{:.64} is not within the range of the item's type", text));
    return Value(static_cast<T>(number));
}

Result<Value> truth(std::string_view text) {
    if (text == "true" || text == "1") return Value(true);
    if (text == "false" || text == "0") return Value(false);
    return fail(fmt::format("\"{:.64}\" is neither true nor false", text));
}

Result<Value> decimal(std::string_view text) {
    const auto digits = text.starts_with('-') ? text.substr(1) : text;
    const bool isDecimal = !digits.empty() && digits.size() <= 30 && digits.front() != '.' &&
                           digits.find_first_not_of("0123456789.") == std::string_view::npos &&
                           std::ranges::count(digits, '.') <= 1;
    if (!isDecimal) return fail(fmt::format("\"{:.64}\" is not a decimal number of at most 29 digits", text));
    return Value(std::string(text));
}

Result<Value> scalar(std::string_view text, std::uint16_t type) {
    switch (type) {
        case vt::kI1: return wholeNumber<std::int8_t>(text);
        case vt::kUi1: return wholeNumber<std::uint8_t>(text);
        case vt::kI2: return wholeNumber<std::int16_t>(text);
        case vt::kUi2: return wholeNumber<std::uint16_t>(text);
        case vt::kError:
        case vt::kInt:
        case vt::kI4: return wholeNumber<std::int32_t>(text);
        case vt::kUint:
        case vt::kUi4: return wholeNumber<std::uint32_t>(text);
        case vt::kI8: return wholeNumber<std::int64_t>(text);
        case vt::kUi8: return wholeNumber<std::uint64_t>(text);
        case vt::kR4: return realNumber<float>(text);
        case vt::kR8: return realNumber<double>(text);
        case vt::kBool: return truth(text);
        case vt::kDate: return parseTime(text).map([](Timestamp time) { return Value(time); });
        case vt::kCy: {
            const auto money = parseCurrency(text);
            if (money) return Value(currencyText(*money));
            return fail(
                fmt::format("\"{:.64}\" is not an amount with at most four digits of fraction", text));
        }
        case vt::kDecimal: return decimal(text);
        case vt::kEmpty:
        case vt::kBstr: return Value(std::string(text));
        default: return fail("values of type " + variantTypeName(type) + " cannot be written");
    }
}

template <class T>
ArrayElements elementsAs(const std::vector<Value>& values) {
    std::vector<T> elements;
    elements.reserve(values.size());
    for (const auto& value : values) elements.push_back(*value.getIf<T>());
    return elements;
}

ArrayElements elementsOf(std::vector<Value> values, BuiltInType type) {
    switch (type) {
        case BuiltInType::Boolean: return elementsAs<bool>(values);
        case BuiltInType::SByte: return elementsAs<std::int8_t>(values);
        case BuiltInType::Byte: return elementsAs<std::uint8_t>(values);
        case BuiltInType::Int16: return elementsAs<std::int16_t>(values);
        case BuiltInType::UInt16: return elementsAs<std::uint16_t>(values);
        case BuiltInType::Int32: return elementsAs<std::int32_t>(values);
        case BuiltInType::UInt32: return elementsAs<std::uint32_t>(values);
        case BuiltInType::Int64: return elementsAs<std::int64_t>(values);
        case BuiltInType::UInt64: return elementsAs<std::uint64_t>(values);
        case BuiltInType::Float: return elementsAs<float>(values);
        case BuiltInType::Double: return elementsAs<double>(values);
        case BuiltInType::DateTime: return elementsAs<Timestamp>(values);
        default: return values;
    }
}

Result<Value> array(std::string_view text, std::uint16_t element) {
    const auto json = parseStrictJson(text, 1, {});
    if (!json || !json->is_array())
        return fail("an array is written as JSON, such as [1,2.5] or [\"a\",\"b\"]" +
                    (json ? std::string{} : ": " + json.error().message));
    std::vector<Value> values;
    for (const auto& one : json->get_array()) {
        const auto word = one.is_string() ? std::string(one.get_string()) : boost::json::serialize(one);
        auto value = scalar(word, element);
        if (!value) return value;
        values.push_back(std::move(*value));
    }
    const auto type = builtInTypeOf(element);
    return Value(
        Array{.elementType = type, .elements = elementsOf(std::move(values), type), .dimensions = {}});
}

}  // namespace

BuiltInType builtInTypeOf(std::uint16_t type) noexcept {
    const auto found = std::ranges::find(kTypes, type & vt::kElement, &TypeFacts::type);
    return found == kTypes.end() ? BuiltInType::Null : found->builtIn;
}

std::string variantTypeName(std::uint16_t type) {
    const std::string prefix = (type & vt::kArray) != 0 ? "VT_ARRAY|" : "";
    const auto found = std::ranges::find(kTypes, type & ~vt::kArray, &TypeFacts::type);
    return found == kTypes.end() ? prefix + fmt::format("VT_0x{:04X}", type & ~vt::kArray)
                                 : prefix + std::string(found->name);
}

Result<Value> parseValue(std::string_view text, std::uint16_t type) {
    const auto element = static_cast<std::uint16_t>(type & vt::kElement);
    return (type & vt::kArray) != 0 ? array(text, element) : scalar(text, element);
}

}  // namespace tagwire::da
