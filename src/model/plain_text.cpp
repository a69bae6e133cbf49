#include "model/plain_text.h"

#include <array>
#include <charconv>
#include <cmath>
#include <iterator>

#include <fmt/format.h>
#include <utf8.h>

#include "model/data_value.h"
#include "model/value_json.h"

namespace tagwire {

namespace {

void appendText(std::string& out, std::string_view text) {
    utf8::replace_invalid(text.begin(), text.end(), std::back_inserter(out));
}

template <class Real>
void appendReal(std::string& out, Real number) {
    if (std::isnan(number)) {
        out += "NaN";
        return;
    }
    if (std::isinf(number)) {
        out += number > 0 ? "Infinity" : "-Infinity";
        return;
    }
    const auto magnitude = std::fabs(number);
    const bool plain =
        magnitude == 0 || (magnitude >= static_cast<Real>(1e-6) && magnitude < static_cast<Real>(1e21));
    std::array<char, 64> buffer{};
    const auto format = plain ? std::chars_format::fixed : std::chars_format::scientific;
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number, format).ptr;
    out.append(buffer.data(), end);
}

void appendTime(std::string& out, Timestamp time) {
    const auto millis = std::chrono::floor<std::chrono::milliseconds>(time);
    const auto day = std::chrono::floor<std::chrono::days>(millis);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss clock{millis - day};
    fmt::format_to(std::back_inserter(out), "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z",
                   static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                   static_cast<unsigned>(date.day()), clock.hours().count(), clock.minutes().count(),
                   clock.seconds().count(), clock.subseconds().count());
}

}  // namespace

void appendPlainText(std::string& out, const Value& value) {
    if (value.isNull()) return;
    if (const auto* real = value.getIf<double>()) return appendReal(out, *real);
    if (const auto* real = value.getIf<float>()) return appendReal(out, *real);
    if (const auto* time = value.getIf<Timestamp>()) return appendTime(out, *time);
    if (const auto* number = value.getIf<std::int64_t>()) return void(out += std::to_string(*number));
    if (const auto* number = value.getIf<std::uint64_t>()) return void(out += std::to_string(*number));
    if (const auto* text = value.getIf<std::string>()) return appendText(out, *text);
    if (const auto* text = value.getIf<LocalizedText>()) return appendText(out, text->text);
    if (const auto* text = value.getIf<XmlText>()) return appendText(out, text->text);
    if (const auto* text = value.getIf<NodeIdText>()) return appendText(out, text->text);
    if (const auto* text = value.getIf<ExpandedNodeIdText>()) return appendText(out, text->text);
    if (const auto* text = value.getIf<DiagnosticText>()) return appendText(out, text->text);
    if (const auto* bytes = value.getIf<ByteString>()) return appendBase64(out, bytes->bytes);
    if (const auto* guid = value.getIf<Guid>()) return appendGuid(out, *guid);
    if (const auto* status = value.getIf<StatusCode>()) return void(out += statusText(*status));
    if (const auto* name = value.getIf<QualifiedName>()) {
        out += std::to_string(name->namespaceIndex);
        out += ':';
        return appendText(out, name->name);
    }
    if (const auto* nested = value.getIf<DataValue>()) return appendPlainText(out, nested->value);
    appendValue(out, value);
}

}  // namespace tagwire
