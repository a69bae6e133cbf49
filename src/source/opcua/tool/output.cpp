#include "source/opcua/tool/output.h"

#include <algorithm>
#include <cstddef>
#include <cstdio>

#include "model/plain_text.h"
#include "model/value_json.h"

namespace tagwire::source::opcua {
namespace {

constexpr std::string_view kGap = "  ";
/// Longer cells of a table are cut, but for those at the end of their line: JSON has all of it.
constexpr std::size_t kWidestCell = 80;

void write(std::FILE* stream, std::string_view text) {
    std::fwrite(text.data(), 1, text.size(), stream);
    std::fflush(stream);
}

/// In characters, as long as none is wide or combining: good enough for a table.
std::size_t widthOf(std::string_view text) noexcept {
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::string cut(std::string text) {
    if (widthOf(text) <= kWidestCell) return text;
    std::size_t end = 0;
    for (std::size_t width = 0; width < kWidestCell; ++end) {
        const bool startsNext =
            end + 1 == text.size() || (static_cast<unsigned char>(text[end + 1]) & 0xC0U) != 0x80U;
        if (startsNext) ++width;
    }
    text.resize(end);
    return text + "…";
}

void appendPadded(std::string& out, std::string_view text, std::size_t width) {
    out += text;
    const auto used = widthOf(text);
    if (used < width) out.append(width - used, ' ');
}

void endLine(std::string& out) {
    while (!out.empty() && out.back() == ' ') out.pop_back();
    out += '\n';
}

/// On one line: control characters, which could also be a terminal's commands, become spaces.
std::string cell(const Value& value) {
    std::string text;
    appendPlainText(text, value);
    std::ranges::replace_if(
        text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }, ' ');
    return text;
}

void appendObject(std::string& out, const std::vector<Column>& columns, const Row& row) {
    out += '{';
    for (std::size_t i = 0; i < columns.size(); ++i) {
        if (i > 0) out += ',';
        out.append("\"").append(columns[i].key).append("\":");
        appendValue(out, row[i]);
    }
    out += '}';
}

}  // namespace

void Output::table(const std::vector<Column>& columns, const std::vector<Row>& rows) const {
    std::string out;
    if (json_) {
        out += '[';
        for (const Row& row : rows) {
            if (out.size() > 1) out += ",\n ";
            appendObject(out, columns, row);
        }
        out += "]\n";
        write(stdout, out);
        return;
    }
    std::vector<std::vector<std::string>> cells;
    std::vector<std::size_t> widths;
    for (const Column& column : columns) widths.push_back(widthOf(column.title));
    for (const Row& row : rows) {
        auto& texts = cells.emplace_back();
        for (std::size_t i = 0; i < columns.size(); ++i) {
            const bool isLast = i + 1 == columns.size();
            texts.push_back(isLast ? cell(row[i]) : cut(cell(row[i])));
            widths[i] = std::max(widths[i], widthOf(texts.back()));
        }
    }
    const auto line = [&](auto&& textOf) {
        std::string text;
        for (std::size_t i = 0; i < columns.size(); ++i) {
            if (i > 0) text += kGap;
            appendPadded(text, textOf(i), widths[i]);
        }
        endLine(text);
        out += text;
    };
    line([&](std::size_t i) { return std::string(columns[i].title); });
    for (const auto& texts : cells) {
        line([&](std::size_t i) { return texts[i]; });
    }
    write(stdout, out);
}

void Output::record(const std::vector<Column>& fields, const Row& values) const {
    std::string out;
    if (json_) {
        appendObject(out, fields, values);
        out += '\n';
        write(stdout, out);
        return;
    }
    std::size_t width = 0;
    for (const Column& field : fields) width = std::max(width, widthOf(field.title));
    for (std::size_t i = 0; i < fields.size(); ++i) {
        if (values[i].isNull()) continue;
        appendPadded(out, fields[i].title, width);
        out.append(kGap).append(cell(values[i]));
        endLine(out);
    }
    write(stdout, out);
}

void Output::row(const std::vector<Column>& columns, const Row& row) const {
    std::string out;
    if (json_) {
        appendObject(out, columns, row);
        out += '\n';
    } else {
        for (std::size_t i = 0; i < columns.size(); ++i) {
            if (i > 0) out += kGap;
            appendPadded(out, cell(row[i]), columns[i].width);
        }
        endLine(out);
    }
    write(stdout, out);
}

void Output::headings(const std::vector<Column>& columns) const {
    if (json_) return;
    std::string out;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        if (i > 0) out += kGap;
        appendPadded(out, columns[i].title, columns[i].width);
    }
    endLine(out);
    write(stdout, out);
}

void Output::note(std::string_view text) {
    write(stderr, text);
    write(stderr, "\n");
}

}  // namespace tagwire::source::opcua
