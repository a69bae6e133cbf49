#include "wire/json_fields.h"

#include <cmath>
#include <limits>

#include <boost/system/error_code.hpp>
#include <fmt/format.h>

#include "model/tag_path.h"

namespace tagwire::wire {

namespace {

std::string_view kindOf(const boost::json::value& value) {
    switch (value.kind()) {
        case boost::json::kind::null: return "null";
        case boost::json::kind::bool_: return "a boolean";
        case boost::json::kind::int64:
        case boost::json::kind::uint64:
        case boost::json::kind::double_: return "a number";
        case boost::json::kind::string: return "a string";
        case boost::json::kind::array: return "an array";
        case boost::json::kind::object: return "an object";
    }
    return "something else";
}

/// What the sender needs to see of the wrong value: its type, and its number or size where that is what is
/// wrong.
std::string describe(const boost::json::value& value) {
    if (const auto* number = value.if_int64()) return fmt::format("{}", *number);
    if (const auto* number = value.if_uint64()) return fmt::format("{}", *number);
    if (const auto* number = value.if_double()) return fmt::format("{}", *number);
    if (const auto* text = value.if_string()) return fmt::format("a string of {} bytes", text->size());
    if (const auto* array = value.if_array()) return fmt::format("an array of {}", array->size());
    return std::string(kindOf(value));
}

}  // namespace

FieldPath FieldPath::member(std::string_view name) const {
    return {fmt::format("{}.{}", path_, name), error_};
}

FieldPath FieldPath::element(std::size_t index) const {
    return {fmt::format("{}[{}]", path_, index), error_};
}

void FieldPath::missing(std::string_view expected) const {
    error_ = {ErrorCode::BadRequest, fmt::format("{}: missing, expected {}", path_, expected)};
}

void FieldPath::wrong(std::string_view expected, const boost::json::value& got, ErrorCode code) const {
    error_ = {code, fmt::format("{}: expected {}, got {}", path_, expected, describe(got))};
}

std::string IntegerRule::expected() const { return fmt::format("an integer {}..{}", min, max); }

std::optional<std::int64_t> IntegerRule::accept(const boost::json::value& value) const {
    std::int64_t number = 0;
    if (const auto* exact = value.if_int64()) {
        number = *exact;
    } else if (const auto* real = value.if_double()) {
        constexpr double kExact = 9007199254740992.0;  // beyond 2^53 a double no longer counts by ones
        if (!(std::fabs(*real) < kExact) || std::trunc(*real) != *real) return std::nullopt;
        number = static_cast<std::int64_t>(*real);
    } else {
        return std::nullopt;
    }
    if (number < min || number > max) return std::nullopt;
    return number;
}

void NumberRule::read(const boost::json::value& value, double& to, const FieldPath& at) {
    boost::system::error_code notOne;
    const auto number = value.to_number<double>(notOne);
    if (notOne || !std::isfinite(number)) return at.wrong(expected(), value);
    to = number;
}

void BooleanRule::read(const boost::json::value& value, bool& to, const FieldPath& at) const {
    const auto* given = value.if_bool();
    if (given == nullptr) return at.wrong(expected(), value);
    to = *given;
}

std::string StringRule::expected() const {
    return fmt::format("a string of {}..{} bytes", bytes.min, bytes.max);
}

bool StringRule::accepts(const boost::json::value& value) const noexcept {
    const auto* text = value.if_string();
    return text != nullptr && bytes.contains(text->size());
}

void StringRule::read(const boost::json::value& value, std::string& to, const FieldPath& at) const {
    if (!accepts(value)) return at.wrong(expected(), value);
    to = value.get_string();
}

void ValueRule::read(const boost::json::value& value, boost::json::value& to, const FieldPath& /*at*/) {
    // The message's own memory goes before the value does.
    to = boost::json::value(value, boost::json::storage_ptr{});
}

std::string WriteItemRule::expected() { return "[handle, value] or [path, value]"; }

void WriteItemRule::read(const boost::json::value& value, WriteItem& to, const FieldPath& at) {
    constexpr IntegerRule kHandle{0, std::numeric_limits<std::uint32_t>::max()};
    constexpr StringRule kPath{{1, TagPath::kMaxBytes}};
    const auto* pair = value.if_array();
    if (pair == nullptr || pair->size() != 2) return at.wrong(expected(), value);
    const auto& tag = (*pair)[0];
    if (const auto handle = kHandle.accept(tag)) {
        to.tag = TagId{static_cast<std::uint32_t>(*handle)};
    } else if (kPath.accepts(tag)) {
        to.tag = std::string(tag.get_string());
    } else {
        return at.element(0).wrong("a handle, or a path of 1..512 bytes", tag);
    }
    ValueRule::read((*pair)[1], to.value, at.element(1));
}

std::string WriteListRule::expected() const {
    return fmt::format("an array of {}..{} pairs {}", items.min, items.max, WriteItemRule::expected());
}

void WriteListRule::read(const boost::json::value& value, std::vector<WriteItem>& to,
                         const FieldPath& at) const {
    const auto* array = value.if_array();
    if (array == nullptr || !items.contains(array->size())) return at.wrong(expected(), value);
    to.resize(array->size());
    for (std::size_t i = 0; i < to.size() && !at.failed(); ++i)
        WriteItemRule::read((*array)[i], to[i], at.element(i));
}

std::string ObjectListRule::expected() const {
    return fmt::format("an array of {}..{} objects", items.min, items.max);
}

std::string StringListRule::expected() const {
    return fmt::format("an array of {}..{} strings", items.min, items.max);
}

void StringListRule::read(const boost::json::value& value, std::vector<std::string>& to,
                          const FieldPath& at) const {
    const auto* array = value.if_array();
    if (array == nullptr || array->size() < items.min) return at.wrong(expected(), value);
    if (array->size() > items.max) return at.wrong(expected(), value, tooMany);
    to.resize(array->size());
    for (std::size_t i = 0; i < to.size(); ++i) {
        if (!text.accepts((*array)[i])) return at.element(i).wrong(text.expected(), (*array)[i]);
        to[i] = (*array)[i].get_string();
    }
}

}  // namespace tagwire::wire
