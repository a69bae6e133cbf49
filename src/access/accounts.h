/// The rules of users, sessions and tokens over their store: what the server's thread and the commands at the
/// console do alike. Every change is written down in the audit trail; what gives somebody more than before is
/// refused where that cannot be.
/// Thread: one at a time. Lifetime: the trail outlives it.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "access/access_services.h"
#include "access/access_store.h"
#include "access/password.h"
#include "model/audit_trail.h"

namespace tagwire::access {

/// Never which of the two: that would tell who there is.
inline constexpr std::string_view kWrongLogin = "the name or the password is not right";

class Accounts {
public:
    Accounts(std::filesystem::path folder, PasswordHasher hasher, AuditTrail& audit)
        : store_(std::move(folder)), hasher_(std::move(hasher)), audit_(audit) {}

    /// The error names the file and what to do; then nothing else may be asked.
    [[nodiscard]] Result<void> open() { return store_.open(); }
    [[nodiscard]] bool isOpen() const noexcept { return store_.isOpen(); }
    [[nodiscard]] AccessStore& store() noexcept { return store_; }
    [[nodiscard]] const PasswordHasher& hasher() const noexcept { return hasher_; }

    [[nodiscard]] ServiceResult<std::vector<UserRecord>> users();
    [[nodiscard]] ServiceResult<UserRecord> addUser(UserRecord user, const std::string& password,
                                                    const Asking& asking, Timestamp now);
    /// Only while there is no user: an administrator of all tags.
    [[nodiscard]] ServiceResult<UserRecord> addFirst(const std::string& name, const std::string& password,
                                                     const Asking& asking, Timestamp now);
    /// The user's sessions end, whatever was changed of him.
    [[nodiscard]] ServiceResult<UserRecord> changeUser(const UserChange& change, const Asking& asking,
                                                       Timestamp now);
    [[nodiscard]] ServiceResult<bool> removeUser(const std::string& name, const Asking& asking,
                                                 Timestamp now);
    /// Asks for the old one. Every session of the user but `keptSession` ends.
    [[nodiscard]] ServiceResult<bool> changeOwnPassword(const std::string& user, const std::string& old,
                                                        const std::string& password,
                                                        const std::string& keptSession, const Asking& asking,
                                                        Timestamp now);

    [[nodiscard]] ServiceResult<std::vector<SessionRecord>> sessions(const std::optional<std::string>& user);
    [[nodiscard]] ServiceResult<bool> endSession(const std::string& id, const std::optional<std::string>& of,
                                                 std::string_view action, const Asking& asking,
                                                 Timestamp now);
    [[nodiscard]] ServiceResult<std::vector<TokenRecord>> tokens(const std::optional<std::string>& user);
    [[nodiscard]] ServiceResult<MadeToken> makeToken(const NewToken& token, const Asking& asking,
                                                     Timestamp now);
    [[nodiscard]] ServiceResult<bool> revokeToken(const std::string& id, const std::optional<std::string>& of,
                                                  const Asking& asking, Timestamp now);

    /// Whom a provider vouches for: made where there is none yet, with the role that it has there now.
    [[nodiscard]] Result<StoredUser, ExternalRefusal> takeExternal(const ExternalUser& user,
                                                                   const Asking& asking, Timestamp now);

    /// A session of a user whose password was right a moment ago; the oldest of too many ends.
    [[nodiscard]] ServiceResult<void> addSession(const StoredUser& user, const StoredSession& session);

    void note(const Asking& asking, Timestamp now, std::string_view action, std::string_view target,
              AuditOutcome outcome, std::string_view detail = {});

private:
    /// What is written down of a change besides how it came out.
    struct Noted {
        std::string_view action;
        std::string target;
        std::string before = {};
        std::string after = {};
    };

    void write(const Asking& asking, Timestamp now, Noted noted, AuditOutcome outcome,
               std::string_view detail);
    template <class T>
    [[nodiscard]] ServiceResult<T> noted(ServiceResult<T> result, const Asking& asking, Timestamp now,
                                         Noted noted);
    [[nodiscard]] ServiceResult<void> mayBeNoted() const;
    [[nodiscard]] ServiceResult<AccessRows> rows();
    [[nodiscard]] ServiceResult<UserRecord> insertUser(const UserRecord& user, const std::string& password,
                                                       bool onlyFirst);
    [[nodiscard]] ServiceResult<UserRecord> applyChange(const UserChange& change, Noted& noted);
    [[nodiscard]] ServiceResult<bool> replacePassword(const std::string& user, const std::string& old,
                                                      const std::string& password,
                                                      const std::string& keptSession);
    /// Both are written down by what `noted` becomes; nothing: there was nothing to change.
    [[nodiscard]] Result<StoredUser, ExternalRefusal> insertExternal(const ExternalUser& user,
                                                                     const AccessRows& there, Timestamp now,
                                                                     std::optional<Noted>& noted);
    [[nodiscard]] Result<StoredUser, ExternalRefusal> followProvider(StoredUser stored,
                                                                     const ExternalUser& user,
                                                                     std::optional<Noted>& noted);
    [[nodiscard]] ServiceResult<MadeToken> insertToken(const NewToken& token, Timestamp now);
    [[nodiscard]] ServiceResult<void> notTheLastAdministrator(const std::string& name);
    [[nodiscard]] ServiceResult<StoredUser> userNamed(const std::string& name);

    AccessStore store_;
    PasswordHasher hasher_;
    AuditTrail& audit_;
};

/// Of the file of users.
[[nodiscard]] ServiceFailure storeFailure(const sqlite::StorageError& error);

}  // namespace tagwire::access
