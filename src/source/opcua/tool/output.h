/// What a command prints: tables for people, JSON for scripts.
/// Thread: main. Lifetime: for one command.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/value.h"

namespace tagwire::source::opcua {

struct Column {
    /// Its name in JSON.
    std::string_view key;
    /// Its heading.
    std::string_view title;
    /// Narrower cells are filled up; tables that are printed row by row cannot know their widest.
    std::size_t width = 0;
};

/// One value a column; a Null Value stands for "nothing": an empty cell, JSON null.
using Row = std::vector<Value>;

class Output {
public:
    explicit Output(bool json) noexcept : json_(json) {}

    [[nodiscard]] bool json() const noexcept { return json_; }

    /// A table with headings, or a JSON array of objects.
    void table(const std::vector<Column>& columns, const std::vector<Row>& rows) const;
    /// `title  value`, one a line, or one JSON object.
    void record(const std::vector<Column>& fields, const Row& values) const;
    /// One row at once: a line of text, or a JSON object in a line of its own.
    void row(const std::vector<Column>& columns, const Row& row) const;
    /// The headings above rows; nothing in JSON.
    void headings(const std::vector<Column>& columns) const;

    /// For people, on stderr: it never gets into what a script reads.
    static void note(std::string_view text);

private:
    bool json_;
};

/// Text as a cell; none where it is empty.
[[nodiscard]] inline Value textCell(std::string_view text) {
    return text.empty() ? Value{} : Value(std::string(text));
}

}  // namespace tagwire::source::opcua
