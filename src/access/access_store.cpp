#include "access/access_store.h"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/files.h"
#include "base/log.h"
#include "sqlite/query.h"

namespace tagwire::access {
namespace {

using sqlite::all;
using sqlite::change;
using sqlite::Database;
using sqlite::Statement;
using sqlite::StorageError;
using sqlite::StorageResult;
using sqlite::text;

constexpr std::int64_t kApplication = 0x54574143;  // "TWAC"
constexpr std::int64_t kFormat = 1;

constexpr const char* kPragmas =
    "PRAGMA journal_mode=WAL;"
    "PRAGMA synchronous=FULL;"  // what was answered outlives a power cut
    "PRAGMA secure_delete=ON;"  // what was revoked is not to be found in the file
    "PRAGMA journal_size_limit=1048576;"
    "PRAGMA trusted_schema=OFF;";

// Times are ticks since 1970; 0 stands for never.
constexpr const char* kSchema =
    "BEGIN IMMEDIATE;"
    "CREATE TABLE IF NOT EXISTS user(name TEXT PRIMARY KEY COLLATE NOCASE, role TEXT NOT NULL,"
    " read TEXT NOT NULL, write TEXT NOT NULL, password TEXT NOT NULL, disabled INTEGER NOT NULL,"
    " created INTEGER NOT NULL, last_login INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS session(id TEXT PRIMARY KEY, hash BLOB NOT NULL UNIQUE,"
    " user TEXT NOT NULL COLLATE NOCASE, address TEXT NOT NULL, agent TEXT NOT NULL, begun INTEGER NOT NULL,"
    " seen INTEGER NOT NULL, expires INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS token(id TEXT PRIMARY KEY, hash BLOB NOT NULL UNIQUE, name TEXT NOT NULL,"
    " user TEXT NOT NULL COLLATE NOCASE, role TEXT NOT NULL, read TEXT NOT NULL, write TEXT NOT NULL,"
    " created INTEGER NOT NULL, expires INTEGER NOT NULL, used INTEGER NOT NULL) WITHOUT ROWID;"
    "PRAGMA application_id=0x54574143;"
    "PRAGMA user_version=1;"
    "COMMIT;";

constexpr std::string_view kUserColumns =
    "SELECT name, role, read, write, password, disabled, created, last_login FROM user";

/// Patterns hold no line break.
std::string joined(const std::vector<std::string>& patterns) {
    return fmt::format("{}", fmt::join(patterns, "\n"));
}

std::vector<std::string> split(std::string_view text) {
    std::vector<std::string> parts;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        parts.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return parts;
}

Timestamp timeAt(const Statement& row, int column) { return Timestamp{Ticks{row.integer(column)}}; }

std::optional<Timestamp> someTimeAt(const Statement& row, int column) {
    return row.integer(column) == 0 ? std::nullopt : std::optional(timeAt(row, column));
}

std::int64_t ticksOrZero(const std::optional<Timestamp>& time) { return time ? ticksOf(*time) : 0; }

std::string textAt(const Statement& row, int column) { return std::string(row.bytes(column)); }

/// What was read, and the first thing that cannot be right.
struct Checks {
    std::string problem;

    void wrong(std::string what) {
        if (problem.empty()) problem = std::move(what);
    }
    Role role(std::string_view of, const std::string& text) {
        const auto role = parseRole(text);
        if (!role) wrong(fmt::format("of {} it says: {}", of, role.error().message));
        return role.value_or(Role::Viewer);
    }
    void patterns(std::string_view of, const std::vector<std::string>& read,
                  const std::vector<std::string>& write) {
        if (const auto scope = TagScope::parse(read, write); !scope)
            wrong(fmt::format("of {} it says: {}", of, scope.error().message));
    }
    Sha256 hash(std::string_view of, std::string_view bytes) {
        Sha256 hash{};
        if (bytes.size() == hash.size()) {
            std::ranges::transform(bytes, hash.begin(), [](char c) { return static_cast<std::uint8_t>(c); });
        } else {
            wrong(fmt::format("the hash of {} has {} bytes", of, bytes.size()));
        }
        return hash;
    }
};

StoredUser userAt(const Statement& row, Checks& checks) {
    StoredUser user{.record = {.name = textAt(row, 0),
                               .role = Role::Viewer,
                               .read = split(row.bytes(2)),
                               .write = split(row.bytes(3)),
                               .disabled = row.integer(5) != 0,
                               .created = timeAt(row, 6),
                               .lastLogin = someTimeAt(row, 7)},
                    .password = textAt(row, 4)};
    const auto of = fmt::format("the user '{}'", user.record.name);
    user.record.role = checks.role(of, textAt(row, 1));
    user.record.external = user.password.starts_with(kExternalMark);
    checks.patterns(of, user.record.read, user.record.write);
    return user;
}

StoredSession sessionAt(const Statement& row, Checks& checks) {
    StoredSession session{.record = {.id = textAt(row, 0),
                                     .user = textAt(row, 2),
                                     .address = textAt(row, 3),
                                     .agent = textAt(row, 4),
                                     .begun = timeAt(row, 5),
                                     .seen = timeAt(row, 6),
                                     .expires = timeAt(row, 7)}};
    session.hash = checks.hash(fmt::format("the session {}", session.record.id), row.bytes(1));
    return session;
}

StoredToken tokenAt(const Statement& row, Checks& checks) {
    StoredToken token{.record = {.id = textAt(row, 0),
                                 .name = textAt(row, 2),
                                 .user = textAt(row, 3),
                                 .role = Role::Viewer,
                                 .read = split(row.bytes(5)),
                                 .write = split(row.bytes(6)),
                                 .created = timeAt(row, 7),
                                 .expires = someTimeAt(row, 8),
                                 .used = someTimeAt(row, 9)}};
    const auto of = fmt::format("the token {}", token.record.id);
    token.hash = checks.hash(of, row.bytes(1));
    token.record.role = checks.role(of, textAt(row, 4));
    checks.patterns(of, token.record.read, token.record.write);
    return token;
}

std::string_view bytesOf(const Sha256& hash) noexcept {
    return {reinterpret_cast<const char*>(hash.data()), hash.size()};
}

StorageResult<void> checkFormat(Database& database) {
    const auto application = database.number("PRAGMA application_id");
    if (!application) return tl::unexpected(application.error());
    const auto format = database.number("PRAGMA user_version");
    if (!format) return tl::unexpected(format.error());
    if (*application != kApplication)
        return tl::unexpected(StorageError{.message = "it holds no users of Tagwire", .damaged = true});
    if (*format == kFormat) return {};
    return tl::unexpected(StorageError{
        .message =
            fmt::format("its format is version {}, this program knows version {}; use the program that "
                        "wrote it",
                        *format, kFormat),
        .damaged = false});
}

/// The first line of what SQLite finds; nothing where all is well.
StorageResult<void> checkContent(Database& database) {
    auto found = all(database, "PRAGMA quick_check(1)", [](const Statement& row) { return textAt(row, 0); });
    if (!found) return tl::unexpected(found.error());
    if (found->size() == 1 && found->front() == "ok") return {};
    return tl::unexpected(
        StorageError{.message = found->empty() ? "it cannot be checked" : found->front(), .damaged = true});
}

/// Beside the file, named by its content: starting again and again makes no more of them.
std::string keepCopy(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    auto copy = file;
    copy += fmt::format(".damaged-{}", toHex(sha256(bytes)).substr(0, 12));
    std::error_code failed;
    if (!std::filesystem::exists(copy, failed)) std::filesystem::copy_file(file, copy, failed);
    if (!failed)
        std::filesystem::permissions(
            copy, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write, failed);
    return failed ? std::string() : copy.string();
}

Result<void> closeOne(const std::filesystem::path& path, mode_t mode) {
    struct stat status{};
    if (::stat(path.c_str(), &status) != 0)
        return fail(
            fmt::format("{} cannot be used: {}", path.string(), std::generic_category().message(errno)));
    if ((status.st_mode & 0077U) == 0) return {};
    if (::chmod(path.c_str(), mode) != 0) {
        return fail(
            fmt::format("{} is open to other accounts of this machine, and cannot be closed to them: {}; "
                        "make it the server's own (chown), and close it (chmod {:o})",
                        path.string(), std::generic_category().message(errno), mode));
    }
    log::warning("access", "{} was open to other accounts of this machine (mode {:o}); it is {:o} now",
                 path.string(), status.st_mode & 0777U, mode);
    return {};
}

}  // namespace

Result<void> AccessStore::open() {
    if (auto made = makeFolder(folder_, 0700); !made) return made;
    if (auto closed = closeToOthers(); !closed) return closed;
    if (const auto opened = openFile(); !opened) return tl::unexpected(unusable(opened.error()));
    if (const auto read = rows(); !read) {
        auto error = unusable(read.error());
        database_.reset();
        return tl::unexpected(std::move(error));
    }
    return {};
}

Result<void> AccessStore::closeToOthers() const {
    if (auto closed = closeOne(folder_, 0700); !closed) return closed;
    // Before SQLite makes it by the umask.
    const int made = ::open(file().c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (made < 0) {
        return fail(
            fmt::format("{} cannot be opened: {}", file().string(), std::generic_category().message(errno)));
    }
    ::close(made);
    for (const auto* suffix : {"", "-wal", "-shm"}) {
        auto each = file();
        each += suffix;
        std::error_code ignored;
        if (!std::filesystem::exists(each, ignored)) continue;
        if (auto closed = closeOne(each, 0600); !closed) return closed;
    }
    return {};
}

StorageResult<void> AccessStore::openFile() {
    auto opened = Database::open(file(), Database::Access::ReadWrite);
    if (!opened) return tl::unexpected(opened.error());
    if (auto set = opened->run(kPragmas); !set) return set;
    const auto tables = opened->number("SELECT count(*) FROM sqlite_schema");
    if (!tables) return tl::unexpected(tables.error());
    if (*tables == 0) {
        if (auto made = opened->run(kSchema); !made) return made;
    }
    if (auto checked = checkFormat(*opened); !checked) return checked;
    if (auto checked = checkContent(*opened); !checked) return checked;
    database_ = *std::move(opened);
    return {};
}

Error AccessStore::unusable(const StorageError& error) const {
    if (!error.damaged) return {fmt::format("{} cannot be used: {}", file().string(), error.message)};
    const auto copy = keepCopy(file());
    return {
        fmt::format("{} is damaged ({}){}; stop the server, put a backup in its place, or take it away to "
                    "begin anew with a first administrator",
                    file().string(), error.message,
                    copy.empty() ? std::string() : fmt::format(", a copy is kept as {}", copy))};
}

StorageResult<AccessRows> AccessStore::rows() {
    Checks checks;
    auto users = all(*database_, fmt::format("{} ORDER BY name", kUserColumns),
                     [&](const Statement& row) { return userAt(row, checks); });
    if (!users) return tl::unexpected(users.error());
    auto sessions =
        all(*database_,
            "SELECT id, hash, user, address, agent, begun, seen, expires FROM session ORDER BY begun, id",
            [&](const Statement& row) { return sessionAt(row, checks); });
    if (!sessions) return tl::unexpected(sessions.error());
    auto tokens = all(*database_,
                      "SELECT id, hash, name, user, role, read, write, created, expires, used FROM token"
                      " ORDER BY created, id",
                      [&](const Statement& row) { return tokenAt(row, checks); });
    if (!tokens) return tl::unexpected(tokens.error());
    if (!checks.problem.empty())
        return tl::unexpected(StorageError{.message = checks.problem, .damaged = true});
    return AccessRows{
        .users = *std::move(users), .sessions = *std::move(sessions), .tokens = *std::move(tokens)};
}

StorageResult<std::optional<StoredUser>> AccessStore::user(std::string_view name) {
    Checks checks;
    auto found = all(
        *database_, fmt::format("{} WHERE name=?1", kUserColumns),
        [&](const Statement& row) { return userAt(row, checks); }, text(name));
    if (!found) return tl::unexpected(found.error());
    if (!checks.problem.empty())
        return tl::unexpected(StorageError{.message = checks.problem, .damaged = true});
    if (found->empty()) return std::optional<StoredUser>{};
    return std::optional(std::move(found->front()));
}

StorageResult<std::int64_t> AccessStore::version() { return database_->number("PRAGMA data_version"); }

StorageResult<void> AccessStore::putUser(const StoredUser& user) {
    const auto& record = user.record;
    const auto read = joined(record.read);
    const auto write = joined(record.write);
    return change(*database_,
                  "INSERT INTO user VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT(name) DO UPDATE SET"
                  " role=?2, read=?3, write=?4, password=?5, disabled=?6, last_login=?8",
                  text(record.name), text(nameOf(record.role)), text(read), text(write), text(user.password),
                  std::int64_t{record.disabled ? 1 : 0}, ticksOf(record.created),
                  ticksOrZero(record.lastLogin));
}

StorageResult<void> AccessStore::setPassword(std::string_view name, std::string_view hash) {
    return change(*database_, "UPDATE user SET password=?2 WHERE name=?1", text(name), text(hash));
}

StorageResult<void> AccessStore::noteLogin(std::string_view name, Timestamp time) {
    return change(*database_, "UPDATE user SET last_login=?2 WHERE name=?1", text(name), ticksOf(time));
}

StorageResult<void> AccessStore::removeUser(std::string_view name) {
    auto done = change(*database_, "DELETE FROM session WHERE user=?1", text(name));
    if (done) done = change(*database_, "DELETE FROM token WHERE user=?1", text(name));
    if (done) done = change(*database_, "DELETE FROM user WHERE name=?1", text(name));
    return done;
}

StorageResult<void> AccessStore::addSession(const StoredSession& session) {
    const auto& record = session.record;
    return change(*database_, "INSERT INTO session VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)", text(record.id),
                  bytesOf(session.hash), text(record.user), text(record.address), text(record.agent),
                  ticksOf(record.begun), ticksOf(record.seen), ticksOf(record.expires));
}

StorageResult<void> AccessStore::removeSession(std::string_view id) {
    return change(*database_, "DELETE FROM session WHERE id=?1", text(id));
}

StorageResult<void> AccessStore::removeSessionsOf(std::string_view user, std::string_view kept) {
    return change(*database_, "DELETE FROM session WHERE user=?1 AND id<>?2", text(user), text(kept));
}

StorageResult<void> AccessStore::addToken(const StoredToken& token) {
    const auto& record = token.record;
    const auto read = joined(record.read);
    const auto write = joined(record.write);
    return change(*database_, "INSERT INTO token VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
                  text(record.id), bytesOf(token.hash), text(record.name), text(record.user),
                  text(nameOf(record.role)), text(read), text(write), ticksOf(record.created),
                  ticksOrZero(record.expires), ticksOrZero(record.used));
}

StorageResult<void> AccessStore::removeToken(std::string_view id) {
    return change(*database_, "DELETE FROM token WHERE id=?1", text(id));
}

StorageResult<void> AccessStore::noteUse(const std::vector<LastUse>& sessions,
                                         const std::vector<LastUse>& tokens) {
    auto whole = transaction();
    if (!whole.begun()) return tl::unexpected(whole.begun().error());
    StorageResult<void> done;
    for (const auto& each : sessions) {
        done =
            change(*database_, "UPDATE session SET seen=?2 WHERE id=?1", text(each.id), ticksOf(each.time));
        if (!done) return done;
    }
    for (const auto& each : tokens) {
        done = change(*database_, "UPDATE token SET used=?2 WHERE id=?1", text(each.id), ticksOf(each.time));
        if (!done) return done;
    }
    return whole.commit();
}

}  // namespace tagwire::access
