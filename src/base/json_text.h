/// Writes JSON text straight into a string: no tree, no allocation but the growth of the string.
/// Thread: any. Lifetime: functions, and a writer for the time of one object.
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/strong_id.h"
#include "base/time.h"

namespace tagwire {

/// Quoted and escaped. Bytes that are not UTF-8 become U+FFFD, so that the text is valid whatever a device
/// sent.
void appendJsonString(std::string& out, std::string_view text);

void appendJsonInteger(std::string& out, std::int64_t number);
void appendJsonInteger(std::string& out, std::uint64_t number);

/// The shortest text that reads back to the same number; "NaN", "Infinity", "-Infinity" as strings.
void appendJsonNumber(std::string& out, double number);
void appendJsonNumber(std::string& out, float number);

/// One object, member by member, closed when the writer goes. Keys are constants that need no escaping.
class ObjectWriter {
public:
    explicit ObjectWriter(std::string& out) : out_(out) { out_ += '{'; }
    ObjectWriter(const ObjectWriter&) = delete;
    ObjectWriter& operator=(const ObjectWriter&) = delete;
    ~ObjectWriter() { out_ += '}'; }

    /// For a value the caller appends to the returned string.
    std::string& key(std::string_view name) {
        if (first_) {
            first_ = false;
        } else {
            out_ += ',';
        }
        out_.append("\"").append(name).append("\":");
        return out_;
    }

    void member(std::string_view name, std::string_view text) { appendJsonString(key(name), text); }
    void member(std::string_view name, const char* text) { member(name, std::string_view(text)); }
    void member(std::string_view name, std::same_as<bool> auto value) {
        key(name) += value ? "true" : "false";
    }
    void member(std::string_view name, std::same_as<double> auto value) {
        appendJsonNumber(key(name), value);
    }
    void member(std::string_view name, std::signed_integral auto value) {
        appendJsonInteger(key(name), static_cast<std::int64_t>(value));
    }
    template <std::unsigned_integral T>
        requires(!std::same_as<T, bool>)
    void member(std::string_view name, T value) {
        appendJsonInteger(key(name), static_cast<std::uint64_t>(value));
    }
    template <class Tag, class Rep>
    void member(std::string_view name, StrongId<Tag, Rep> id) {
        member(name, id.value());
    }
    void member(std::string_view name, Timestamp time) { member(name, toUnixMillis(time)); }

private:
    std::string& out_;
    bool first_ = true;
};

}  // namespace tagwire
