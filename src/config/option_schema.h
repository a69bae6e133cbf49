/// JSON Schema (draft 2020-12) of a struct of options, from which the pages make their forms.
/// Thread: any. Lifetime: no state.
#pragma once

#include <cmath>
#include <cstdint>
#include <string>
#include <utility>

#include <boost/json.hpp>

#include "config/option_type.h"

namespace tagwire::config {

template <Described T>
[[nodiscard]] boost::json::object schemaOf();

namespace detail {

/// Lengths and numbers without an end are left out.
void putBound(boost::json::object& schema, const char* name, double bound);

template <class M>
[[nodiscard]] boost::json::object schemaOfType(const Option& option) {
    boost::json::object schema;
    if constexpr (OptionalOption<M>) {
        return schemaOfType<typename OptionalTraits<M>::Inner>(option);
    } else if constexpr (Described<M>) {
        return schemaOf<M>();
    } else if constexpr (TableList<M>) {
        schema["type"] = "array";
        putBound(schema, "maxItems", option.max);
        schema["items"] = schemaOf<typename ListTraits<M>::Inner>();
    } else if constexpr (std::is_same_v<M, bool>) {
        schema["type"] = "boolean";
    } else if constexpr (IntegerOption<M> || std::is_same_v<M, std::chrono::milliseconds>) {
        using Integer = std::conditional_t<IntegerOption<M>, M, std::int64_t>;
        const IntegerBounds bounds = [&option] {
            if constexpr (std::is_same_v<M, std::chrono::milliseconds>) {
                return boundsOf<std::int64_t>(option);
            } else {
                return boundsOf<Integer>(option);
            }
        }();
        schema["type"] = "integer";
        schema["minimum"] = bounds.low;
        schema["maximum"] = bounds.high;
    } else if constexpr (std::is_same_v<M, double>) {
        schema["type"] = "number";
        putBound(schema, "minimum", option.min);
        putBound(schema, "maximum", option.max);
    } else if constexpr (std::is_same_v<M, std::string>) {
        schema["type"] = "string";
        putBound(schema, "minLength", option.min);
        putBound(schema, "maxLength", option.max);
    } else if constexpr (EnumOption<M>) {
        boost::json::array names;
        for (const auto name : namesOf<M>()) names.emplace_back(name);
        schema["enum"] = std::move(names);
    } else {
        static_assert(std::is_same_v<M, std::vector<std::string>>);
        schema["type"] = "array";
        putBound(schema, "maxItems", option.max);
        schema["items"] = {{"type", "string"}, {"minLength", 1}};
    }
    return schema;
}

template <class M>
[[nodiscard]] boost::json::value defaultOf(const M& value) {
    if constexpr (OptionalOption<M>) {
        return value ? defaultOf(*value) : boost::json::value{};
    } else if constexpr (std::is_same_v<M, std::chrono::milliseconds>) {
        return value.count();
    } else if constexpr (EnumOption<M>) {
        return boost::json::value(nameOf(value));
    } else if constexpr (std::is_same_v<M, std::vector<std::string>>) {
        boost::json::array items;
        for (const auto& item : value) items.emplace_back(item);
        return items;
    } else {
        return boost::json::value(value);
    }
}

template <Described T>
class SchemaVisitor {
public:
    template <class M>
    void field(M T::* member, const Option& option) {
        boost::json::object schema = schemaOfType<M>(option);
        schema["description"] = option.text;
        if (!option.unit.empty()) schema["x-unit"] = option.unit;
        if (option.secret) schema["writeOnly"] = true;
        if constexpr (!Described<M> && !TableList<M>) {
            if (auto value = defaultOf(T{}.*member); !value.is_null() && !option.required) {
                schema["default"] = std::move(value);
            }
        }
        properties_[option.key] = std::move(schema);
        if (option.required) required_.emplace_back(option.key);
    }

    [[nodiscard]] boost::json::object take() {
        boost::json::object schema;
        schema["type"] = "object";
        schema["additionalProperties"] = false;
        if (!required_.empty()) schema["required"] = std::move(required_);
        schema["properties"] = std::move(properties_);
        return schema;
    }

private:
    boost::json::object properties_;
    boost::json::array required_;
};

}  // namespace detail

template <Described T>
boost::json::object schemaOf() {
    detail::SchemaVisitor<T> visitor;
    T::describe(visitor);
    return visitor.take();
}

}  // namespace tagwire::config
