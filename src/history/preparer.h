/// Prepares several statements, until the first error.
/// Thread: the connection's. Lifetime: while a database is opened.
#pragma once

#include <string_view>
#include <utility>

#include "history/sqlite.h"

namespace tagwire::history {

class Preparer {
public:
    explicit Preparer(Database& database) : database_(database) {}

    void operator()(Statement& statement, std::string_view sql) {
        if (!result_) return;
        auto prepared = database_.prepare(sql);
        if (prepared) {
            statement = *std::move(prepared);
        } else {
            result_ = tl::unexpected(prepared.error());
        }
    }

    [[nodiscard]] const StorageResult<void>& result() const noexcept { return result_; }

private:
    Database& database_;
    StorageResult<void> result_;
};

}  // namespace tagwire::history
