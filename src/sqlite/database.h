/// SQLite with results instead of codes: a connection and its prepared statements.
/// Thread: one at a time for a connection and its statements. Lifetime: statements end before their
/// connection.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <sqlite3.h>

#include "base/free_with.h"
#include "base/result.h"

namespace tagwire::sqlite {

/// Why a file could not be read or written.
struct StorageError {
    std::string message;
    /// The file's content is at fault: it will not get better by trying again.
    bool damaged = false;
};

/// `what` could not be done with a file.
[[nodiscard]] StorageError fileError(std::string_view what, const std::filesystem::path& path,
                                     const std::error_code& error);

template <class T>
using StorageResult = Result<T, StorageError>;

/// Bound as text, where string_view alone is a blob: the two are never equal in SQL.
struct Text {
    std::string_view value;
};

class Statement {
public:
    Statement() = default;

    /// Parameters in order, from ?1. Texts and blobs must live until the statement has been run.
    template <class... Parameters>
    void bind(Parameters... parameters) {
        sqlite3_reset(statement_.get());
        int position = 0;
        (bindOne(++position, parameters), ...);
    }

    /// True: there is a row. False: done.
    [[nodiscard]] StorageResult<bool> step();
    /// For what gives no rows.
    [[nodiscard]] StorageResult<void> run();

    [[nodiscard]] std::int64_t integer(int column) const {
        return sqlite3_column_int64(statement_.get(), column);
    }
    /// Text or blob; until the next step.
    [[nodiscard]] std::string_view bytes(int column) const;
    /// Lets go of the row, and of what is locked for it.
    void reset() { sqlite3_reset(statement_.get()); }

private:
    friend class Database;
    explicit Statement(sqlite3_stmt* statement) : statement_(statement) {}

    void bindOne(int position, std::int64_t number) {
        sqlite3_bind_int64(statement_.get(), position, number);
    }
    void bindOne(int position, double number) { sqlite3_bind_double(statement_.get(), position, number); }
    void bindOne(int position, std::string_view blob) {
        sqlite3_bind_blob64(statement_.get(), position, blob.data(), blob.size(), SQLITE_STATIC);
    }

    void bindOne(int position, Text text) {
        // A null pointer would be bound as NULL.
        sqlite3_bind_text64(statement_.get(), position, text.value.empty() ? "" : text.value.data(),
                            text.value.size(), SQLITE_STATIC, SQLITE_UTF8);
    }

    std::unique_ptr<sqlite3_stmt, FreeWith<sqlite3_finalize>> statement_;
};

class Database {
public:
    enum class Access : std::uint8_t { ReadWrite, Read };

    Database() = default;
    [[nodiscard]] static StorageResult<Database> open(const std::filesystem::path& file, Access access);

    /// One or more statements without parameters.
    [[nodiscard]] StorageResult<void> run(const char* sql);
    [[nodiscard]] StorageResult<Statement> prepare(std::string_view sql);
    /// What a PRAGMA or SELECT gives as its only number.
    [[nodiscard]] StorageResult<std::int64_t> number(std::string_view sql);

private:
    explicit Database(sqlite3* connection) : connection_(connection) {}

    std::unique_ptr<sqlite3, FreeWith<sqlite3_close_v2>> connection_;
};

/// Undone unless it was committed. Lifetime: ends before its database.
class Transaction {
public:
    explicit Transaction(Database& database) : database_(database), begun_(database.run("BEGIN IMMEDIATE")) {}
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    ~Transaction() {
        if (begun_ && !done_) static_cast<void>(database_.run("ROLLBACK"));
    }

    /// The error: it could not be begun, and nothing will be committed.
    [[nodiscard]] const StorageResult<void>& begun() const noexcept { return begun_; }
    [[nodiscard]] StorageResult<void> commit() {
        auto committed = database_.run("COMMIT");
        done_ = committed.has_value();
        return committed;
    }

private:
    Database& database_;
    StorageResult<void> begun_;
    bool done_ = false;
};

}  // namespace tagwire::sqlite
