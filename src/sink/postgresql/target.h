/// The tables in the database: made where they are missing, and written so that samples and the position
/// behind them come in one transaction. Thread: one. Lifetime: of a connection.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "history/record_reader.h"
#include "sink/postgresql/connection.h"
#include "sink/postgresql/row_writer.h"

namespace tagwire::sink::postgresql {

class Target {
public:
    /// Makes what is missing. `record` is the record's id.
    [[nodiscard]] static Result<Target> open(Connection connection, const std::string& schema,
                                             const std::string& record);

    /// Where this record was left; none: nothing of it was sent.
    [[nodiscard]] Result<std::optional<history::RecordPosition>> position();
    [[nodiscard]] Result<void> addStops(const std::vector<history::Stop>& stops);

    /// Gives rows, a part at a time.
    using Put = Connection::Put;
    /// One transaction: the rows that `write` gives, without those that are there, and what `behind` says
    /// after them. How many were new. After an error it may have happened or not: position() of the next
    /// connection tells.
    [[nodiscard]] Result<std::uint64_t> add(const std::function<Result<void>(const Put&)>& write,
                                            const std::function<history::RecordPosition()>& behind);

private:
    Target(Connection connection, const std::string& schema, std::string record);

    [[nodiscard]] Result<void> ensureTables();
    [[nodiscard]] Result<void> makeTables();
    /// With {0} for the schema.
    [[nodiscard]] Result<Answer> run(std::string_view sql,
                                     std::initializer_list<std::string> parameters = {});

    Connection connection_;
    std::string schema_;
    std::string record_;
};

}  // namespace tagwire::sink::postgresql
