#include "control/typed_value.h"

#include <charconv>
#include <cmath>
#include <concepts>
#include <limits>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "control/json_words.h"
#include "model/generated/status_codes.h"

namespace tagwire::control {
namespace {

constexpr std::uint64_t kMaxExact = 9'007'199'254'740'991;  // JavaScript's Number.MAX_SAFE_INTEGER, 2^53-1
constexpr std::int64_t kFirstMillis = -11'644'473'600'000;  // the years 1601 to 9999 of OPC UA
constexpr std::int64_t kLastMillis = 253'402'300'799'999;

/// The beginning of what was sent, for messages.
std::string shown(const boost::json::value& sent) {
    constexpr std::size_t kMaxBytes = 40;
    if (sent.is_object()) return "an object";
    if (const auto* array = sent.if_array()) return fmt::format("an array of {}", array->size());
    auto text = jsonText(sent);
    return text.size() <= kMaxBytes ? text : fmt::format("a text of {} bytes", text.size());
}

tl::unexpected<Refusal> mismatch(std::string_view expected, const boost::json::value& sent) {
    return refuse(kBadTypeMismatch, fmt::format("expected {}, got {}", expected, shown(sent)));
}

struct WholeNumber {
    bool negative = false;
    std::uint64_t magnitude = 0;
};

WholeNumber wholeOf(std::int64_t number) noexcept {
    const auto bits = static_cast<std::uint64_t>(number);
    return number < 0 ? WholeNumber{true, ~bits + 1} : WholeNumber{false, bits};
}

/// Decimal digits, with a minus before them or not.
std::optional<WholeNumber> wholeOf(std::string_view text) noexcept {
    WholeNumber whole;
    whole.negative = text.starts_with('-');
    if (whole.negative) text.remove_prefix(1);
    const auto [stopped, error] = std::from_chars(text.begin(), text.end(), whole.magnitude);
    if (text.empty() || error != std::errc{} || stopped != text.end()) return std::nullopt;
    return whole;
}

/// A number without a fraction, whichever way it is written; nothing for what is none.
std::optional<WholeNumber> wholeNumber(const boost::json::value& sent) noexcept {
    if (const auto* exact = sent.if_int64()) return wholeOf(*exact);
    if (const auto* exact = sent.if_uint64()) return WholeNumber{false, *exact};
    const auto* real = sent.if_double();
    if (real == nullptr || !(std::fabs(*real) <= static_cast<double>(kMaxExact)) ||
        std::trunc(*real) != *real)
        return std::nullopt;
    return wholeOf(static_cast<std::int64_t>(*real));
}

/// One overload a type: what it is called, and how it is read.
template <class T>
struct Reader;

template <class T>
    requires std::integral<T>
struct Reader<T> {
    static std::string expected() {
        return fmt::format("a whole number {}..{}", std::numeric_limits<T>::min(),
                           std::numeric_limits<T>::max());
    }
    static Result<T, Refusal> read(const boost::json::value& sent) {
        constexpr bool kWide = sizeof(T) == sizeof(std::int64_t);
        std::optional<WholeNumber> whole;
        if (const auto* text = sent.if_string(); text != nullptr && kWide) {
            whole = wholeOf(std::string_view(*text));
        } else {
            whole = wholeNumber(sent);
            if (whole && kWide && whole->magnitude > kMaxExact)
                return refuse(kBadTypeMismatch,
                              "whole numbers beyond 9007199254740991 are written as strings, because many "
                              "programs round them");
        }
        if (!whole) return mismatch(expected(), sent);
        const auto most = static_cast<std::uint64_t>(std::numeric_limits<T>::max());
        const auto bound = !whole->negative ? most : std::is_signed_v<T> ? most + 1 : 0;
        if (whole->magnitude > bound)
            return refuse(kBadOutOfRange, fmt::format("expected {}, got {}", expected(), shown(sent)));
        return static_cast<T>(whole->negative ? ~whole->magnitude + 1 : whole->magnitude);
    }
};

template <>
struct Reader<bool> {
    static Result<bool, Refusal> read(const boost::json::value& sent) {
        if (const auto* value = sent.if_bool()) return *value;
        return mismatch("true or false", sent);
    }
};

template <class T>
    requires std::floating_point<T>
struct Reader<T> {
    static Result<T, Refusal> read(const boost::json::value& sent) {
        if (const auto* real = sent.if_double()) {
            const auto value = static_cast<T>(*real);
            if (std::isfinite(value)) return value;
            return refuse(kBadOutOfRange,
                          fmt::format("{} is beyond what the tag's type {} holds", shown(sent), kName));
        }
        const auto whole = wholeNumber(sent);
        if (!whole) return mismatch("a number", sent);
        const auto value = static_cast<T>(whole->magnitude);
        // The next power of two would not fit back.
        constexpr T kLimit = static_cast<T>(18'446'744'073'709'551'616.0);
        if (value >= kLimit || static_cast<std::uint64_t>(value) != whole->magnitude)
            return refuse(kBadTypeMismatch,
                          fmt::format("{} would be rounded in the tag's type {}; write it as a real number "
                                      "if that is meant",
                                      shown(sent), kName));
        return whole->negative ? -value : value;
    }

private:
    static constexpr std::string_view kName = sizeof(T) == sizeof(float) ? "Float" : "Double";
};

template <>
struct Reader<std::string> {
    static Result<std::string, Refusal> read(const boost::json::value& sent) {
        if (const auto* text = sent.if_string()) return std::string(*text);
        return mismatch("a string", sent);
    }
};

template <>
struct Reader<Timestamp> {
    static Result<Timestamp, Refusal> read(const boost::json::value& sent) {
        const auto whole = wholeNumber(sent);
        if (!whole) return mismatch("a time in milliseconds since 1970", sent);
        if (whole->magnitude > static_cast<std::uint64_t>(kLastMillis))
            return refuse(kBadOutOfRange, "the time is beyond the years 1601 to 9999");
        const auto millis =
            static_cast<std::int64_t>(whole->negative ? ~whole->magnitude + 1 : whole->magnitude);
        if (millis < kFirstMillis) return refuse(kBadOutOfRange, "the time is beyond the years 1601 to 9999");
        return fromUnixMillis(millis);
    }
};

/// The leaves of nested arrays in their order, and how long each dimension is.
struct Shape {
    std::vector<const boost::json::value*> leaves;
    std::vector<std::uint32_t> lengths;
};

/// `most`: the largest length of each dimension that is left; 0: any.
std::optional<Refusal> flatten(const boost::json::value& sent, std::span<const std::uint32_t> most,
                               std::size_t level, Shape& shape) {
    if (level == most.size()) {
        shape.leaves.push_back(&sent);
        return std::nullopt;
    }
    const auto* array = sent.if_array();
    if (array == nullptr)
        return mismatch(fmt::format("an array of {} dimension(s)", most.size()), sent).value();
    const auto length = static_cast<std::uint32_t>(array->size());
    if (most[level] > 0 && length > most[level])
        return Refusal{kBadOutOfRange,
                       fmt::format("the tag holds at most {} elements in dimension {}, got {}", most[level],
                                   level + 1, length)};
    if (length == 0 && most.size() > 1)
        return Refusal{kBadTypeMismatch, "an array of several dimensions cannot be empty"};
    if (level == shape.lengths.size()) {
        shape.lengths.push_back(length);
    } else if (shape.lengths[level] != length) {
        return Refusal{kBadTypeMismatch, "the rows of the array have different lengths"};
    }
    for (const auto& each : *array) {
        if (auto refusal = flatten(each, most, level + 1, shape)) return refusal;
    }
    return std::nullopt;
}

/// What stands in the elements of an array of T.
template <class T>
using Stored = std::conditional_t<std::is_same_v<T, std::string>, Value, T>;

template <class T>
Result<Value, Refusal> arrayOf(const boost::json::value& sent, const TagInfo& tag) {
    Shape shape;
    if (auto refusal = flatten(sent, tag.dimensions, 0, shape)) return tl::unexpected(*std::move(refusal));
    std::vector<Stored<T>> elements;
    elements.reserve(shape.leaves.size());
    for (std::size_t i = 0; i < shape.leaves.size(); ++i) {
        auto element = Reader<T>::read(*shape.leaves[i]);
        if (!element)
            return refuse(element.error().status,
                          fmt::format("element {}: {}", i, std::move(element.error().message)));
        elements.push_back(Stored<T>(*std::move(element)));
    }
    if (shape.lengths.size() < 2) shape.lengths.clear();
    return Value(Array{
        .elementType = tag.type, .elements = std::move(elements), .dimensions = std::move(shape.lengths)});
}

template <class T>
Result<Value, Refusal> valueOf(const boost::json::value& sent, const TagInfo& tag) {
    if (!tag.dimensions.empty()) return arrayOf<T>(sent, tag);
    return Reader<T>::read(sent).map([](T value) { return Value(std::move(value)); });
}

}  // namespace

Result<Value, Refusal> typedValue(const boost::json::value& sent, const TagInfo& tag) {
    switch (tag.type) {
        case BuiltInType::Boolean: return valueOf<bool>(sent, tag);
        case BuiltInType::SByte: return valueOf<std::int8_t>(sent, tag);
        case BuiltInType::Byte: return valueOf<std::uint8_t>(sent, tag);
        case BuiltInType::Int16: return valueOf<std::int16_t>(sent, tag);
        case BuiltInType::UInt16: return valueOf<std::uint16_t>(sent, tag);
        case BuiltInType::Int32: return valueOf<std::int32_t>(sent, tag);
        case BuiltInType::UInt32: return valueOf<std::uint32_t>(sent, tag);
        case BuiltInType::Int64: return valueOf<std::int64_t>(sent, tag);
        case BuiltInType::UInt64: return valueOf<std::uint64_t>(sent, tag);
        case BuiltInType::Float: return valueOf<float>(sent, tag);
        case BuiltInType::Double: return valueOf<double>(sent, tag);
        case BuiltInType::String: return valueOf<std::string>(sent, tag);
        case BuiltInType::DateTime: return valueOf<Timestamp>(sent, tag);
        case BuiltInType::Null:
            return refuse(kBadTypeMismatch,
                          "the type of the tag is not known yet: write it when its source has told");
        default:
            return refuse(kBadNotSupported,
                          "tags of this type cannot be written: only booleans, numbers, texts, times, and "
                          "arrays of those");
    }
}

}  // namespace tagwire::control
