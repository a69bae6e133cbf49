#include "sqlite/database.h"

#include <fmt/format.h>

namespace tagwire::sqlite {
namespace {

StorageError errorOf(sqlite3* connection, int code) {
    const int primary = code & 0xFF;
    std::string reason =
        connection == nullptr ? std::string(sqlite3_errstr(code)) : std::string(sqlite3_errmsg(connection));
    if (const int number = connection == nullptr ? 0 : sqlite3_system_errno(connection); number != 0)
        reason += fmt::format(" ({})", std::generic_category().message(number));
    return {.message = std::move(reason), .damaged = primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB};
}

}  // namespace

StorageError fileError(std::string_view what, const std::filesystem::path& path,
                       const std::error_code& error) {
    return {.message = fmt::format("{} {}: {}", what, path.string(), error.message()), .damaged = false};
}

StorageResult<bool> Statement::step() {
    const int code = sqlite3_step(statement_.get());
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    auto error = errorOf(sqlite3_db_handle(statement_.get()), code);
    sqlite3_reset(statement_.get());
    return tl::unexpected(std::move(error));
}

StorageResult<void> Statement::run() {
    const auto row = step();
    if (!row) return tl::unexpected(row.error());
    reset();
    return {};
}

std::string_view Statement::bytes(int column) const {
    // The pointer first: asking for it may convert the value and change its length.
    const void* data = sqlite3_column_blob(statement_.get(), column);
    const int length = sqlite3_column_bytes(statement_.get(), column);
    return data == nullptr
               ? std::string_view{}
               : std::string_view(static_cast<const char*>(data), static_cast<std::size_t>(length));
}

StorageResult<Database> Database::open(const std::filesystem::path& file, Access access) {
    sqlite3* connection = nullptr;
    const int flags =
        access == Access::Read ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    const int code = sqlite3_open_v2(file.c_str(), &connection, flags | SQLITE_OPEN_NOMUTEX, nullptr);
    Database database(connection);
    if (code != SQLITE_OK) return tl::unexpected(errorOf(connection, code));
    sqlite3_extended_result_codes(connection, 1);
    // Only when another program has the file, or a WAL is just being finished.
    sqlite3_busy_timeout(connection, 1000);
    return database;
}

StorageResult<void> Database::run(const char* sql) {
    const int code = sqlite3_exec(connection_.get(), sql, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) return tl::unexpected(errorOf(connection_.get(), code));
    return {};
}

StorageResult<Statement> Database::prepare(std::string_view sql) {
    sqlite3_stmt* statement = nullptr;
    const int code = sqlite3_prepare_v3(connection_.get(), sql.data(), static_cast<int>(sql.size()),
                                        SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
    if (code != SQLITE_OK) return tl::unexpected(errorOf(connection_.get(), code));
    return Statement(statement);
}

StorageResult<std::int64_t> Database::number(std::string_view sql) {
    auto statement = prepare(sql);
    if (!statement) return tl::unexpected(statement.error());
    const auto row = statement->step();
    if (!row) return tl::unexpected(row.error());
    return *row ? statement->integer(0) : 0;
}

}  // namespace tagwire::sqlite
