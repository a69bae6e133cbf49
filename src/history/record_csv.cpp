#include "history/record_csv.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/time_text.h"
#include "history/number.h"
#include "model/plain_text.h"

namespace tagwire::history {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

/// Positions in a line; what is not named is for people.
struct Column {
    static constexpr std::size_t kTag = 0;
    static constexpr std::size_t kSourceTime = 1;
    static constexpr std::size_t kServerTime = 2;
    static constexpr std::size_t kType = 3;
    static constexpr std::size_t kValue = 4;
    static constexpr std::size_t kStatusCode = 5;
};
constexpr std::array<std::string_view, 8> kColumns{"tag",   "source time", "server time", "type",
                                                   "value", "status code", "status",      "origin"};

/// By the numbers of BuiltInType.
constexpr std::array<std::string_view, 26> kTypes{
    "Null",           "Boolean",       "SByte",         "Byte",          "Int16",           "UInt16",
    "Int32",          "UInt32",        "Int64",         "UInt64",        "Float",           "Double",
    "String",         "DateTime",      "Guid",          "ByteString",    "XmlElement",      "NodeId",
    "ExpandedNodeId", "StatusCode",    "QualifiedName", "LocalizedText", "ExtensionObject", "DataValue",
    "Variant",        "DiagnosticInfo"};

constexpr std::string_view kGuarded = "=+-@\t\r'";

bool isGuarded(std::string_view text) noexcept {
    return !text.empty() && kGuarded.find(text.front()) != std::string_view::npos;
}

void appendText(std::string& out, std::string_view text) {
    const bool quoted = text.find_first_of(",\"\r\n") != std::string_view::npos;
    if (quoted) out += '"';
    if (isGuarded(text)) out += '\'';
    for (const char c : text) {
        if (c == '"') out += '"';
        out += c;
    }
    if (quoted) out += '"';
}

/// Takes away the apostrophe that appendText() put there.
std::string textOf(std::string field) {
    if (field.starts_with('\'') && isGuarded(std::string_view(field).substr(1))) field.erase(0, 1);
    return field;
}

/// To the tick, which parseTime() reads.
void appendExactTime(std::string& out, Timestamp time) {
    // Not by fmt's {:%F}: it goes by way of nanoseconds, which end in 2262.
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const auto second = std::chrono::floor<std::chrono::seconds>(time);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss clock(second - day);
    fmt::format_to(std::back_inserter(out), "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:07}Z",
                   static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                   static_cast<unsigned>(date.day()), clock.hours().count(), clock.minutes().count(),
                   clock.seconds().count(), (time - second).count());
}

std::string_view originName(SampleOrigin origin) noexcept {
    switch (origin) {
        case SampleOrigin::Live: return "live";
        case SampleOrigin::Backfill: return "backfill";
        case SampleOrigin::Imported: return "imported";
    }
    return "live";
}

template <class T>
Result<Value> numberFrom(std::string_view text) {
    T number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (text.empty() || error != std::errc{} || end != text.data() + text.size())
        return fail(fmt::format("value: '{}' is no number of this type", text));
    return Value(number);
}

Result<Value> valueFrom(std::string_view type, std::string field) {
    const auto known = std::ranges::find(kTypes, type);
    if (known == kTypes.end() && !type.ends_with("[]"))
        return fail(fmt::format("type: '{}' is none; such as Double, Int32, Boolean, String", type));
    switch (known == kTypes.end() ? BuiltInType::Variant : static_cast<BuiltInType>(known - kTypes.begin())) {
        case BuiltInType::Null:
            if (!field.empty()) return fail("value: type Null has none");
            return Value{};
        case BuiltInType::Boolean:
            if (field != "true" && field != "false")
                return fail(fmt::format("value: expected true or false, not '{}'", field));
            return Value(field == "true");
        case BuiltInType::SByte: return numberFrom<std::int8_t>(field);
        case BuiltInType::Byte: return numberFrom<std::uint8_t>(field);
        case BuiltInType::Int16: return numberFrom<std::int16_t>(field);
        case BuiltInType::UInt16: return numberFrom<std::uint16_t>(field);
        case BuiltInType::Int32: return numberFrom<std::int32_t>(field);
        case BuiltInType::UInt32: return numberFrom<std::uint32_t>(field);
        case BuiltInType::Int64: return numberFrom<std::int64_t>(field);
        case BuiltInType::UInt64: return numberFrom<std::uint64_t>(field);
        case BuiltInType::Float: return numberFrom<float>(field);
        case BuiltInType::Double: return numberFrom<double>(field);
        case BuiltInType::String: return Value(textOf(std::move(field)));
        case BuiltInType::DateTime: {
            const auto time = parseTime(field);
            if (!time) return fail("value: " + time.error().message);
            return Value(*time);
        }
        default: return fail(fmt::format("type: values of type {} can be exported, but not imported", type));
    }
}

Result<Timestamp> timeFrom(std::string_view column, std::string_view field) {
    const auto time = parseTime(field);
    if (!time) return fail(fmt::format("{}: {}", column, time.error().message));
    return *time;
}

Result<CsvSample> sampleFrom(std::vector<std::string>& fields) {
    if (fields.size() != kColumns.size())
        return fail(fmt::format("{} columns instead of {}", fields.size(), kColumns.size()));
    const auto tag = TagPath::parse(textOf(std::move(fields[Column::kTag])));
    if (!tag) return fail("tag: " + tag.error().message);
    const auto source = timeFrom(kColumns[Column::kSourceTime], fields[Column::kSourceTime]);
    if (!source) return tl::unexpected(source.error());
    auto server = source;
    if (!fields[Column::kServerTime].empty())
        server = timeFrom(kColumns[Column::kServerTime], fields[Column::kServerTime]);
    if (!server) return tl::unexpected(server.error());
    const auto value = valueFrom(fields[Column::kType], std::move(fields[Column::kValue]));
    if (!value) return tl::unexpected(value.error());
    std::uint32_t status = 0;
    const std::string_view code = fields[Column::kStatusCode];
    const auto [end, error] = std::from_chars(code.data(), code.data() + code.size(), status);
    if (!code.empty() && (error != std::errc{} || end != code.data() + code.size()))
        return fail(fmt::format("status code: expected a number from 0 to 4294967295, not '{}'", code));
    return CsvSample{.tag = *tag,
                     .sample = {.value = {.value = *value,
                                          .status = StatusCode{status},
                                          .sourceTime = *source,
                                          .serverTime = *server},
                                .origin = SampleOrigin::Imported}};
}

}  // namespace

void appendCsvHead(std::string& out) {
    out.append(kByteOrderMark).append(fmt::format("{}\r\n", fmt::join(kColumns, ",")));
}

void appendCsvLine(std::string& out, const TagPath& tag, const HistorySample& sample) {
    const auto& [value, origin] = sample;
    appendText(out, tag.text());
    out += ',';
    appendExactTime(out, value.sourceTime);
    out += ',';
    if (value.serverTime != Timestamp{}) appendExactTime(out, value.serverTime);
    out.append(",").append(kTypes.at(static_cast<std::size_t>(value.value.type())));
    out += value.value.isArray() ? "[]," : ",";
    std::string content;
    appendPlainText(content, value.value);
    if (isText(value.value)) {
        appendText(out, content);
    } else {
        out += content;
    }
    fmt::format_to(std::back_inserter(out), ",{},{},{}\r\n", value.status.code(), statusText(value.status),
                   originName(origin));
}

/// Into fields_; false at the end.
Result<bool> CsvReader::readFields() {
    auto& source = *in_.rdbuf();
    constexpr int kEnd = std::istream::traits_type::eof();
    fields_.assign(1, {});
    line_ = nextLine_;
    bool quoted = false;
    bool wrong = false;
    std::size_t length = 0;
    for (int c = source.sbumpc();; c = source.sbumpc()) {
        if (c == kEnd && length == 0) return false;
        if (c == kEnd && quoted) return fail("a quoted text does not end");
        if (c == '\n') ++nextLine_;
        if (c == kEnd || (c == '\n' && !quoted)) break;
        if (++length > kMaxLine) {
            wrong = true;  // the rest is passed over
            fields_.assign(1, {});
        }
        auto& field = fields_.back();
        if (c == '"') {
            if (!quoted && field.empty()) {
                quoted = true;
            } else if (quoted && source.sgetc() == '"') {
                field += static_cast<char>(source.sbumpc());
            } else {
                wrong = wrong || !quoted;
                quoted = false;
            }
        } else if (c == ',' && !quoted) {
            fields_.emplace_back();
        } else {
            field += static_cast<char>(c);
        }
    }
    if (fields_.back().ends_with('\r')) fields_.back().pop_back();
    if (length > kMaxLine) return fail(fmt::format("it is longer than {} bytes", kMaxLine));
    if (wrong) return fail("a quotation mark in a text that is not quoted");
    return true;
}

Result<void> CsvReader::readColumns() {
    begun_ = true;
    const auto read = readFields();
    if (!read) return tl::unexpected(read.error());
    if (*read && fields_[0].starts_with(kByteOrderMark)) fields_[0].erase(0, kByteOrderMark.size());
    isTable_ = *read && std::ranges::equal(fields_, kColumns);
    if (isTable_) return {};
    return fail(fmt::format("expected the columns {}", fmt::join(kColumns, ",")));
}

Result<std::optional<CsvSample>> CsvReader::next() {
    if (!begun_) {
        if (const auto columns = readColumns(); !columns) return tl::unexpected(columns.error());
    }
    for (;;) {
        const auto read = readFields();
        if (!read) return tl::unexpected(read.error());
        if (!*read) return std::nullopt;
        if (fields_.size() == 1 && fields_[0].empty()) continue;  // an empty line
        auto sample = sampleFrom(fields_);
        if (!sample) return tl::unexpected(sample.error());
        return *std::move(sample);
    }
}

}  // namespace tagwire::history
