/// Cells of files for spreadsheets (RFC 4180).
/// Thread: any. Lifetime: functions. All append to `out`.
#pragma once

#include <string>
#include <string_view>

#include "base/time.h"

namespace tagwire::wire {

/// Without it spreadsheets take UTF-8 for something else.
inline constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

/// A cell of text that came from outside: a spreadsheet must not take it for a formula.
void appendTextCell(std::string& out, std::string_view text);

/// Empty where there is no time.
void appendTimeCell(std::string& out, Timestamp time);

}  // namespace tagwire::wire
