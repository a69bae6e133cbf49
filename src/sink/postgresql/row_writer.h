/// Samples as rows of COPY in its binary form (PostgreSQL, "COPY", Binary Format): what PostgreSQL cannot
/// hold becomes what it can, and is counted. Thread: any, one at a time. Lifetime: value type.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "model/history_query.h"

namespace tagwire::sink::postgresql {

/// In the order of the fields of a row.
inline constexpr std::string_view kColumns =
    "tag, time, value, text, type, status, server_time, origin, digest";

class RowWriter {
public:
    void begin();
    /// Appends a row. A NUL in a text becomes U+FFFD; a source time before 4714 BC becomes the first that
    /// PostgreSQL has, without a value, with BadOutOfRange.
    void append(std::string_view tag, const HistorySample& sample);
    void end();

    [[nodiscard]] const std::string& bytes() const noexcept { return bytes_; }
    void clear() noexcept { bytes_.clear(); }
    /// Rows that are not as they were recorded.
    [[nodiscard]] std::uint64_t altered() const noexcept { return altered_; }

private:
    template <class T>
    void number(T value);
    void field(std::string_view bytes);
    template <class T>
    void numberField(T value);
    void nullField() { number(std::int32_t{-1}); }
    void timeField(std::int64_t micros);

    std::string bytes_;
    std::string scratch_;
    std::uint64_t altered_ = 0;
};

/// Tells samples of one tag apart: exact time, status, type and value. The same for what counts once in the
/// record.
[[nodiscard]] std::uint64_t digestOf(const DataValue& value);

}  // namespace tagwire::sink::postgresql
