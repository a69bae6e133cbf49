/// Short ways to run one statement.
/// Thread: that of the database. Lifetime: functions.
#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "sqlite/database.h"

namespace tagwire::sqlite {

[[nodiscard]] inline Text text(std::string_view value) noexcept { return {.value = value}; }

/// Every row as `make` reads it.
template <class Make, class... Parameters>
[[nodiscard]] auto all(Database& database, std::string_view sql, Make make, Parameters... parameters)
    -> StorageResult<std::vector<decltype(make(std::declval<const Statement&>()))>> {
    auto statement = database.prepare(sql);
    if (!statement) return tl::unexpected(statement.error());
    statement->bind(parameters...);
    std::vector<decltype(make(std::declval<const Statement&>()))> rows;
    for (;;) {
        const auto row = statement->step();
        if (!row) return tl::unexpected(row.error());
        if (!*row) return rows;
        rows.push_back(make(*statement));
    }
}

/// Gives no rows.
template <class... Parameters>
[[nodiscard]] StorageResult<void> change(Database& database, std::string_view sql, Parameters... parameters) {
    auto statement = database.prepare(sql);
    if (!statement) return tl::unexpected(statement.error());
    statement->bind(parameters...);
    return statement->run();
}

}  // namespace tagwire::sqlite
