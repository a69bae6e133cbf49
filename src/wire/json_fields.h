/// Reads the members of a client's JSON object into typed fields. Each rule knows what it accepts and can say
/// so; the first problem is kept, as `sub.min: expected an integer 0..60000, got a string`. Thread: any.
/// Lifetime: for one request.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "base/strong_id.h"
#include "base/time.h"
#include "wire/generated/protocol.h"

namespace tagwire::wire {

struct FieldError {
    ErrorCode code = ErrorCode::BadRequest;
    std::string message;
};

/// A member's place, `sub` + `tags`, and where to leave what is wrong with it.
class FieldPath {
public:
    FieldPath(std::string path, std::optional<FieldError>& error) : path_(std::move(path)), error_(error) {}

    [[nodiscard]] FieldPath member(std::string_view name) const;
    [[nodiscard]] FieldPath element(std::size_t index) const;
    void missing(std::string_view expected) const;
    void wrong(std::string_view expected, const boost::json::value& got,
               ErrorCode code = ErrorCode::BadRequest) const;
    [[nodiscard]] bool failed() const noexcept { return error_.has_value(); }

private:
    std::string path_;
    std::optional<FieldError>& error_;
};

struct SizeRange {
    std::size_t min = 0;
    std::size_t max = 0;
    [[nodiscard]] bool contains(std::size_t size) const noexcept { return size >= min && size <= max; }
};

/// Whole numbers, also written as `100.0` or `1e2`.
struct IntegerRule {
    std::int64_t min = 0;
    std::int64_t max = 0;

    [[nodiscard]] std::string expected() const;
    [[nodiscard]] std::optional<std::int64_t> accept(const boost::json::value& value) const;

    template <class T>
    void read(const boost::json::value& value, T& to, const FieldPath& at) const {
        const auto number = accept(value);
        if (!number) return at.wrong(expected(), value);
        assign(to, *number);
    }

private:
    template <class Tag, class Rep>
    static void assign(StrongId<Tag, Rep>& to, std::int64_t number) {
        to = StrongId<Tag, Rep>{static_cast<Rep>(number)};
    }
    static void assign(std::uint32_t& to, std::int64_t number) { to = static_cast<std::uint32_t>(number); }
    static void assign(std::uint64_t& to, std::int64_t number) { to = static_cast<std::uint64_t>(number); }
    static void assign(std::chrono::milliseconds& to, std::int64_t number) {
        to = std::chrono::milliseconds{number};
    }
    static void assign(Timestamp& to, std::int64_t number) { to = fromUnixMillis(number); }
};

/// Numbers with a fraction or without.
struct NumberRule {
    [[nodiscard]] static std::string expected() { return "a number"; }
    static void read(const boost::json::value& value, double& to, const FieldPath& at);
};

struct BooleanRule {
    [[nodiscard]] static std::string expected() { return "true or false"; }
    void read(const boost::json::value& value, bool& to, const FieldPath& at) const;
};

struct StringRule {
    SizeRange bytes;

    [[nodiscard]] std::string expected() const;
    [[nodiscard]] bool accepts(const boost::json::value& value) const noexcept;
    void read(const boost::json::value& value, std::string& to, const FieldPath& at) const;
};

struct StringListRule {
    SizeRange items;
    StringRule text;
    /// Code of the error for a list that is too long.
    ErrorCode tooMany = ErrorCode::BadRequest;

    [[nodiscard]] std::string expected() const;
    void read(const boost::json::value& value, std::vector<std::string>& to, const FieldPath& at) const;
};

/// Anything at all; what is right for a tag is known later.
struct ValueRule {
    [[nodiscard]] static std::string expected() { return "a value"; }
    static void read(const boost::json::value& value, boost::json::value& to, const FieldPath& at);
};

/// `[handle, value]` or `[path, value]`.
struct WriteItemRule {
    [[nodiscard]] static std::string expected();
    static void read(const boost::json::value& value, WriteItem& to, const FieldPath& at);
};

struct WriteListRule {
    SizeRange items;

    [[nodiscard]] std::string expected() const;
    void read(const boost::json::value& value, std::vector<WriteItem>& to, const FieldPath& at) const;
};

/// One of the names of an enum, in the order of its enumerators.
template <std::size_t N>
struct ChoiceRule {
    const std::array<std::string_view, N>& names;

    [[nodiscard]] std::string expected() const {
        std::string text = "one of";
        for (const auto name : names) text.append(" \"").append(name).append("\"");
        return text;
    }

    template <class Enum>
    void read(const boost::json::value& value, Enum& to, const FieldPath& at) const {
        if (const auto* text = value.if_string()) {
            for (std::size_t i = 0; i < N; ++i) {
                if (*text != names[i]) continue;
                to = static_cast<Enum>(i);
                return;
            }
        }
        at.wrong(expected(), value);
    }
};
template <std::size_t N>
ChoiceRule(const std::array<std::string_view, N>&) -> ChoiceRule<N>;

/// A nested object with a `readFields` of its own.
struct ObjectRule {
    [[nodiscard]] static std::string expected() { return "an object"; }

    template <class Struct>
    void read(const boost::json::value& value, Struct& to, const FieldPath& at) const;
};

/// An array of such objects.
struct ObjectListRule {
    SizeRange items;

    [[nodiscard]] std::string expected() const;

    template <class Struct>
    void read(const boost::json::value& value, std::vector<Struct>& to, const FieldPath& at) const;
};

/// The members of one object. After the first problem nothing more is read.
class FieldReader {
public:
    FieldReader(const boost::json::object& object, FieldPath path)
        : object_(object), path_(std::move(path)) {}

    template <class T, class Rule>
    void required(std::string_view name, T& to, const Rule& rule) {
        if (!readIfPresent(name, to, rule) && !path_.failed()) path_.member(name).missing(rule.expected());
    }

    template <class T, class Rule>
    void optional(std::string_view name, std::optional<T>& to, const Rule& rule) {
        T value{};
        if (readIfPresent(name, value, rule)) to = std::move(value);
    }

    /// Leaves the default of `to` where the member is absent.
    template <class T, class Rule>
    void defaulted(std::string_view name, T& to, const Rule& rule) {
        readIfPresent(name, to, rule);
    }

private:
    template <class T, class Rule>
    bool readIfPresent(std::string_view name, T& to, const Rule& rule) {
        if (path_.failed()) return false;
        const auto* value = object_.if_contains(name);
        if (value == nullptr) return false;
        rule.read(*value, to, path_.member(name));
        return true;
    }

    const boost::json::object& object_;
    FieldPath path_;
};

template <class Struct>
void ObjectRule::read(const boost::json::value& value, Struct& to, const FieldPath& at) const {
    const auto* object = value.if_object();
    if (object == nullptr) return at.wrong(expected(), value);
    FieldReader fields(*object, at);
    readFields(fields, to);
}

template <class Struct>
void ObjectListRule::read(const boost::json::value& value, std::vector<Struct>& to,
                          const FieldPath& at) const {
    const auto* array = value.if_array();
    if (array == nullptr || !items.contains(array->size())) return at.wrong(expected(), value);
    to.resize(array->size());
    for (std::size_t i = 0; i < to.size() && !at.failed(); ++i) {
        ObjectRule{}.read((*array)[i], to[i], at.element(i));
    }
}

}  // namespace tagwire::wire
