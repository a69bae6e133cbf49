#include "source/opcda/frame_members.h"

#include <algorithm>
#include <array>
#include <limits>

#include <fmt/format.h>

namespace tagwire::source::opcda {
namespace {

constexpr std::size_t kMaxText = 1024;

struct TypeName {
    std::string_view name;
    BuiltInType type;
};
constexpr std::array kTypes{
    TypeName{"Null", BuiltInType::Null},       TypeName{"Boolean", BuiltInType::Boolean},
    TypeName{"SByte", BuiltInType::SByte},     TypeName{"Byte", BuiltInType::Byte},
    TypeName{"Int16", BuiltInType::Int16},     TypeName{"UInt16", BuiltInType::UInt16},
    TypeName{"Int32", BuiltInType::Int32},     TypeName{"UInt32", BuiltInType::UInt32},
    TypeName{"Int64", BuiltInType::Int64},     TypeName{"UInt64", BuiltInType::UInt64},
    TypeName{"Float", BuiltInType::Float},     TypeName{"Double", BuiltInType::Double},
    TypeName{"String", BuiltInType::String},   TypeName{"DateTime", BuiltInType::DateTime},
    TypeName{"Variant", BuiltInType::Variant},
};

}  // namespace

std::int64_t Members::integer(std::string_view name, std::int64_t low, std::int64_t high,
                              std::optional<std::int64_t> absent) {
    const auto* found = find(name, absent.has_value());
    if (found == nullptr) return absent.value_or(low);
    const auto* number = found->if_int64();
    const bool good = number != nullptr && *number >= low && *number <= high;
    if (!good) wrong(name, fmt::format("an integer {}..{}", low, high));
    return good ? *number : low;
}

std::string Members::text(std::string_view name, bool optional) {
    const auto* found = find(name, optional);
    if (found == nullptr) return {};
    const auto* held = found->if_string();
    if (held == nullptr || held->size() > kMaxText) {
        wrong(name, "a string of at most 1024 bytes");
        return {};
    }
    return std::string(*held);
}

bool Members::truth(std::string_view name, std::optional<bool> absent) {
    const auto* found = find(name, absent.has_value());
    if (found == nullptr) return absent.value_or(false);
    if (!found->is_bool()) wrong(name, "true or false");
    return found->is_bool() && found->get_bool();
}

std::optional<double> Members::number(std::string_view name) {
    const auto* found = find(name, true);
    if (found == nullptr) return std::nullopt;
    if (found->is_number()) return found->to_number<double>();
    wrong(name, "a number");
    return std::nullopt;
}

std::optional<Timestamp> Members::time(std::string_view name) {
    if (object_.if_contains(name) == nullptr) return std::nullopt;
    return fromUnixMillis(integer(name, kFirstMillis, kLastMillis));
}

StatusCode Members::status(std::string_view name) {
    return StatusCode{
        static_cast<std::uint32_t>(integer(name, 0, std::numeric_limits<std::uint32_t>::max(), 0))};
}

ValueShape Members::shape(bool optional) {
    ValueShape shape;
    const auto type = text("type", optional);
    const auto known = std::ranges::find(kTypes, type, &TypeName::name);
    if (known != kTypes.end()) {
        shape.type = known->type;
    } else if (!optional) {
        wrong("type", "a type that OPC DA has");
    }
    shape.array = truth("array", false);
    return shape;
}

std::uint16_t Members::variantType() {
    return static_cast<std::uint16_t>(integer("vt", 0, std::numeric_limits<std::uint16_t>::max(), 0));
}

std::uint64_t Members::id() {
    return static_cast<std::uint64_t>(integer("id", 1, std::numeric_limits<std::int64_t>::max()));
}

const boost::json::array* Members::list(std::string_view name) {
    const auto* found = find(name, false);
    if (found == nullptr) return nullptr;
    if (!found->is_array()) wrong(name, "an array");
    return found->if_array();
}

boost::json::value Members::value(std::string_view name) {
    const auto* found = find(name, true);
    return found == nullptr ? boost::json::value{} : *found;
}

void Members::wrong(std::string_view name, std::string_view expected) {
    if (problem_.empty()) problem_ = fmt::format("{}.{}: expected {}", frame_, name, expected);
}

const boost::json::value* Members::find(std::string_view name, bool optional) {
    if (!good()) return nullptr;
    const auto* found = object_.if_contains(name);
    if (found == nullptr && !optional) problem_ = fmt::format("{}.{} is missing", frame_, name);
    return found;
}

}  // namespace tagwire::source::opcda
