/// Samples as a table that can be read back: `tagwire history export` and `import` (RFC 4180).
/// Thread: any, one at a time. Lifetime: functions; a reader lives as long as its stream.
#pragma once

#include <cstddef>
#include <istream>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/history_query.h"

namespace tagwire::history {

/// The byte order mark and the columns.
void appendCsvHead(std::string& out);

/// One line. Texts that a spreadsheet would take for a formula get an apostrophe in front, which the reader
/// takes away again.
void appendCsvLine(std::string& out, const TagPath& tag, const HistorySample& sample);

struct CsvSample {
    TagPath tag;
    HistorySample sample;  ///< origin Imported
};

class CsvReader {
public:
    /// No line is longer.
    static constexpr std::size_t kMaxLine = std::size_t{2} << 20U;

    explicit CsvReader(std::istream& in) : in_(in) {}

    /// The next sample; none at the end. The error says what is wrong with line(): further lines can be read,
    /// unless the first is not the columns'.
    [[nodiscard]] Result<std::optional<CsvSample>> next();
    /// Where what was read last began, from 1.
    [[nodiscard]] std::size_t line() const noexcept { return line_; }
    [[nodiscard]] bool isTable() const noexcept { return isTable_; }

private:
    [[nodiscard]] Result<bool> readFields();
    [[nodiscard]] Result<void> readColumns();

    std::istream& in_;
    std::vector<std::string> fields_;
    std::size_t line_ = 0;
    std::size_t nextLine_ = 1;
    bool begun_ = false;
    bool isTable_ = false;
};

}  // namespace tagwire::history
