/// Users, sessions and tokens in one SQLite file. What was answered is on the disk. Several programs may use
/// it at once: the server, and the commands at the console.
/// Thread: one at a time. Lifetime: owned by Accounts.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "access/access_services.h"
#include "base/sha256.h"
#include "sqlite/database.h"

namespace tagwire::access {

inline constexpr const char* kAccessFile = "access.db";

/// In place of a hash: whom a provider vouches for has no password. No hash begins like that.
inline constexpr std::string_view kExternalMark = "oidc:";

struct StoredUser {
    UserRecord record;
    std::string password;  ///< its hash, or kExternalMark, issuer and subject
};

struct StoredSession {
    SessionRecord record;
    Sha256 hash{};
};

struct StoredToken {
    TokenRecord record;
    Sha256 hash{};
};

struct AccessRows {
    std::vector<StoredUser> users;
    std::vector<StoredSession> sessions;
    std::vector<StoredToken> tokens;
};

/// When a session or token was used last.
struct LastUse {
    std::string id;
    Timestamp time;
};

class AccessStore {
public:
    /// Nothing is opened or made yet.
    explicit AccessStore(std::filesystem::path folder) : folder_(std::move(folder)) {}

    [[nodiscard]] const std::filesystem::path& folder() const noexcept { return folder_; }

    /// Makes what is missing, and closes folder and file to other accounts. What is damaged stays as it is,
    /// and a copy is kept beside it; the error names the file and what to do.
    [[nodiscard]] Result<void> open();
    [[nodiscard]] bool isOpen() const noexcept { return database_.has_value(); }

    /// Of a row that cannot be right the error says which.
    [[nodiscard]] sqlite::StorageResult<AccessRows> rows();
    [[nodiscard]] sqlite::StorageResult<std::optional<StoredUser>> user(std::string_view name);
    /// Another number than before: another program has changed something.
    [[nodiscard]] sqlite::StorageResult<std::int64_t> version();

    /// In place of one with this name, if there is one.
    [[nodiscard]] sqlite::StorageResult<void> putUser(const StoredUser& user);
    [[nodiscard]] sqlite::StorageResult<void> setPassword(std::string_view name, std::string_view hash);
    [[nodiscard]] sqlite::StorageResult<void> noteLogin(std::string_view name, Timestamp time);
    /// With its sessions and tokens.
    [[nodiscard]] sqlite::StorageResult<void> removeUser(std::string_view name);
    [[nodiscard]] sqlite::StorageResult<void> addSession(const StoredSession& session);
    [[nodiscard]] sqlite::StorageResult<void> removeSession(std::string_view id);
    /// All of the user but one.
    [[nodiscard]] sqlite::StorageResult<void> removeSessionsOf(std::string_view user, std::string_view kept);
    [[nodiscard]] sqlite::StorageResult<void> addToken(const StoredToken& token);
    [[nodiscard]] sqlite::StorageResult<void> removeToken(std::string_view id);
    [[nodiscard]] sqlite::StorageResult<void> noteUse(const std::vector<LastUse>& sessions,
                                                      const std::vector<LastUse>& tokens);

    /// Several changes, all or none.
    [[nodiscard]] sqlite::Transaction transaction() { return sqlite::Transaction(*database_); }

private:
    [[nodiscard]] Result<void> closeToOthers() const;
    [[nodiscard]] sqlite::StorageResult<void> openFile();
    [[nodiscard]] Error unusable(const sqlite::StorageError& error) const;
    [[nodiscard]] std::filesystem::path file() const { return folder_ / kAccessFile; }

    const std::filesystem::path folder_;
    std::optional<sqlite::Database> database_;
};

}  // namespace tagwire::access
