#include "base/json_text.h"

#include <array>
#include <charconv>
#include <cmath>
#include <iterator>

#include <utf8.h>

namespace tagwire {

namespace {

constexpr std::size_t kNumberBytes = 32;  // "-2.2250738585072014e-308" and every 64-bit integer fit

template <class T>
void appendChars(std::string& out, T number) {
    std::array<char, kNumberBytes> buffer{};
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number).ptr;
    out.append(buffer.data(), end);
}

template <class Real>
void appendReal(std::string& out, Real number) {
    // Whole numbers are the commonest readings: an integer is quicker to write, and 100000 reads better than
    // 1e+05.
    constexpr auto kWholeBound = static_cast<Real>(1e15);
    if (number > -kWholeBound && number < kWholeBound) {
        const auto whole = static_cast<std::int64_t>(number);
        if (static_cast<Real>(whole) == number && (whole != 0 || !std::signbit(number))) {
            return appendChars(out, whole);
        }
        return appendChars(out, number);
    }
    if (std::isfinite(number)) return appendChars(out, number);
    out += std::isnan(number) ? "\"NaN\"" : number > 0 ? "\"Infinity\"" : "\"-Infinity\"";
}

constexpr bool needsEscape(char c) noexcept {
    return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\';
}

void appendEscape(std::string& out, char c) {
    switch (c) {
        case '"': out += "\\\""; return;
        case '\\': out += "\\\\"; return;
        case '\b': out += "\\b"; return;
        case '\f': out += "\\f"; return;
        case '\n': out += "\\n"; return;
        case '\r': out += "\\r"; return;
        case '\t': out += "\\t"; return;
        default: break;
    }
    constexpr std::string_view kHex = "0123456789abcdef";
    const auto code = static_cast<unsigned char>(c);
    out.append("\\u00");
    out += kHex[code >> 4U];
    out += kHex[code & 0xFU];
}

void appendEscaped(std::string& out, std::string_view text) {
    std::size_t done = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (!needsEscape(text[i])) continue;
        out.append(text, done, i - done);
        appendEscape(out, text[i]);
        done = i + 1;
    }
    out.append(text, done);
}

}  // namespace

void appendJsonString(std::string& out, std::string_view text) {
    out += '"';
    if (utf8::is_valid(text.begin(), text.end())) {
        appendEscaped(out, text);
    } else {
        std::string valid;
        utf8::replace_invalid(text.begin(), text.end(), std::back_inserter(valid));
        appendEscaped(out, valid);
    }
    out += '"';
}

void appendJsonInteger(std::string& out, std::int64_t number) { appendChars(out, number); }

void appendJsonInteger(std::string& out, std::uint64_t number) { appendChars(out, number); }

void appendJsonNumber(std::string& out, double number) { appendReal(out, number); }

void appendJsonNumber(std::string& out, float number) { appendReal(out, number); }

}  // namespace tagwire
