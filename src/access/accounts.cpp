#include "access/accounts.h"

#include <algorithm>

#include <fmt/format.h>

#include "access/account_rules.h"
#include "access/rights_text.h"
#include "access/secret.h"
#include "base/log.h"
#include "model/generated/status_codes.h"

namespace tagwire::access {
namespace {

using sqlite::StorageResult;

tl::unexpected<ServiceFailure> refused(const Error& error) {
    return failure(kBadInvalidArgument, error.message);
}

tl::unexpected<ServiceFailure> noSuchUser(const std::string& name) {
    return failure(kBadNotFound, fmt::format("there is no user '{}'", name));
}

/// What lists tell of stored sessions or tokens: of one user, or of everybody.
template <class Stored>
auto recordsOf(std::vector<Stored> stored, const std::optional<std::string>& user) {
    std::vector<decltype(Stored::record)> records;
    for (auto& each : stored) {
        if (!user || sameUserName(each.record.user, *user)) records.push_back(std::move(each.record));
    }
    return records;
}

ServiceResult<void> checkScope(const std::vector<std::string>& read, const std::vector<std::string>& write) {
    if (const auto scope = TagScope::parse(read, write); !scope) return refused(scope.error());
    return {};
}

}  // namespace

ServiceFailure storeFailure(const sqlite::StorageError& error) {
    auto message = fmt::format("the file of users cannot be used: {}", error.message);
    log::error("access", "{}", message);
    return {kBadInternalError, std::move(message)};
}

void Accounts::write(const Asking& asking, Timestamp now, Noted noted, AuditOutcome outcome,
                     std::string_view detail) {
    audit_.record({.time = now,
                   .user = asking.user,
                   .token = asking.token,
                   .address = asking.address,
                   .action = std::string(noted.action),
                   .target = std::move(noted.target),
                   .before = std::move(noted.before),
                   .after = std::move(noted.after),
                   .outcome = outcome,
                   .detail = std::string(detail)});
}

void Accounts::note(const Asking& asking, Timestamp now, std::string_view action, std::string_view target,
                    AuditOutcome outcome, std::string_view detail) {
    write(asking, now, {.action = action, .target = std::string(target)}, outcome, detail);
}

template <class T>
ServiceResult<T> Accounts::noted(ServiceResult<T> result, const Asking& asking, Timestamp now, Noted noted) {
    const bool failed = !result && result.error().status == kBadInternalError;
    write(asking, now, std::move(noted),
          result   ? AuditOutcome::Done
          : failed ? AuditOutcome::Failed
                   : AuditOutcome::Refused,
          result ? std::string_view() : std::string_view(result.error().message));
    return result;
}

ServiceResult<void> Accounts::mayBeNoted() const {
    if (audit_.ready()) return {};
    return failure(kBadInternalError,
                   "the audit log cannot be written at present, and nobody is given anything unrecorded: the "
                   "server's log says why");
}

ServiceResult<AccessRows> Accounts::rows() {
    auto rows = store_.rows();
    if (!rows) return tl::unexpected(storeFailure(rows.error()));
    return *std::move(rows);
}

ServiceResult<StoredUser> Accounts::userNamed(const std::string& name) {
    auto found = store_.user(name);
    if (!found) return tl::unexpected(storeFailure(found.error()));
    if (!*found) return noSuchUser(name);
    return **std::move(found);
}

ServiceResult<std::vector<UserRecord>> Accounts::users() {
    auto all = rows();
    if (!all) return tl::unexpected(all.error());
    std::vector<UserRecord> users;
    for (auto& user : all->users) users.push_back(std::move(user.record));
    return users;
}

ServiceResult<UserRecord> Accounts::addUser(UserRecord user, const std::string& password,
                                            const Asking& asking, Timestamp now) {
    user.created = now;
    user.lastLogin.reset();
    return noted(insertUser(user, password, false), asking, now,
                 {.action = "user.add", .target = user.name, .after = rightsText(user)});
}

ServiceResult<UserRecord> Accounts::addFirst(const std::string& name, const std::string& password,
                                             const Asking& asking, Timestamp now) {
    const UserRecord user{.name = name,
                          .role = Role::Administrator,
                          .read = {"**"},
                          .write = {"**"},
                          .disabled = false,
                          .created = now,
                          .lastLogin = {}};
    return noted(insertUser(user, password, true), asking, now,
                 {.action = "user.setup", .target = name, .after = rightsText(user)});
}

ServiceResult<UserRecord> Accounts::insertUser(const UserRecord& user, const std::string& password,
                                               bool onlyFirst) {
    if (auto may = mayBeNoted(); !may) return tl::unexpected(may.error());
    if (const auto checked = checkUserName(user.name); !checked) return refused(checked.error());
    if (const auto checked = checkPassword(user.name, password); !checked) return refused(checked.error());
    if (const auto checked = checkScope(user.read, user.write); !checked)
        return tl::unexpected(checked.error());
    auto hash = hasher_.hash(password);
    if (!hash) return failure(kBadInternalError, hash.error().message);
    // Another program may add one at the same time: looked at and added in one.
    auto whole = store_.transaction();
    if (!whole.begun()) return tl::unexpected(storeFailure(whole.begun().error()));
    const auto there = rows();
    if (!there) return tl::unexpected(there.error());
    if (onlyFirst && !there->users.empty())
        return failure(kBadInvalidState, "there is an administrator already: log in");
    if (there->users.empty() && user.role != Role::Administrator)
        return failure(kBadInvalidArgument,
                       "the first user has to be an administrator: who else would add others");
    if (std::ranges::any_of(there->users,
                            [&](const auto& each) { return sameUserName(each.record.name, user.name); }))
        return failure(kBadEntryExists, fmt::format("there is a user '{}' already", user.name));
    if (there->users.size() >= kMaxUsers)
        return failure(kBadInvalidArgument,
                       fmt::format("there are {} users, the most there can be", kMaxUsers));
    auto done = store_.putUser({.record = user, .password = *std::move(hash)});
    if (done) done = whole.commit();
    if (!done) return tl::unexpected(storeFailure(done.error()));
    return user;
}

ServiceResult<void> Accounts::notTheLastAdministrator(const std::string& name) {
    const auto all = rows();
    if (!all) return tl::unexpected(all.error());
    const bool another = std::ranges::any_of(all->users, [&](const auto& user) {
        return user.record.role == Role::Administrator && !user.record.disabled &&
               !sameUserName(user.record.name, name);
    });
    if (another) return {};
    return failure(kBadInvalidState,
                   fmt::format("'{}' is the last administrator: make another user one first", name));
}

ServiceResult<UserRecord> Accounts::changeUser(const UserChange& change, const Asking& asking,
                                               Timestamp now) {
    Noted what{.action = "user.change", .target = change.name};
    auto result = [&] {
        auto changed = applyChange(change, what);
        return noted(std::move(changed), asking, now, std::move(what));
    }();
    // What is not in the rights, and not to be read anywhere.
    if (result && change.password) note(asking, now, "password.set", change.name, AuditOutcome::Done);
    return result;
}

ServiceResult<UserRecord> Accounts::applyChange(const UserChange& change, Noted& noted) {
    if (auto may = mayBeNoted(); !may) return tl::unexpected(may.error());
    std::string hash;
    if (change.password) {
        if (const auto checked = checkPassword(change.name, *change.password); !checked)
            return refused(checked.error());
        auto made = hasher_.hash(*change.password);
        if (!made) return failure(kBadInternalError, made.error().message);
        hash = *std::move(made);
    }
    auto whole = store_.transaction();
    if (!whole.begun()) return tl::unexpected(storeFailure(whole.begun().error()));
    auto user = userNamed(change.name);
    if (!user) return tl::unexpected(user.error());
    auto& record = user->record;
    noted.before = rightsText(record);
    if (record.external && (change.password || change.role.value_or(record.role) != record.role)) {
        return failure(kBadInvalidState,
                       fmt::format("'{}' logs in by a provider, which has his password and his role: change "
                                   "them there, or disable him here",
                                   record.name));
    }
    const bool wasAdministrator = record.role == Role::Administrator && !record.disabled;
    if (change.role) record.role = *change.role;
    if (change.read) record.read = *change.read;
    if (change.write) record.write = *change.write;
    if (change.disabled) record.disabled = *change.disabled;
    if (!hash.empty()) user->password = std::move(hash);
    if (const auto checked = checkScope(record.read, record.write); !checked)
        return tl::unexpected(checked.error());
    if (wasAdministrator && (record.role != Role::Administrator || record.disabled)) {
        if (auto may = notTheLastAdministrator(record.name); !may) return tl::unexpected(may.error());
    }
    auto done = store_.putUser(*user);
    if (done) done = store_.removeSessionsOf(record.name, {});
    if (done) done = whole.commit();
    if (!done) return tl::unexpected(storeFailure(done.error()));
    noted.after = rightsText(record);
    return record;
}

ServiceResult<bool> Accounts::removeUser(const std::string& name, const Asking& asking, Timestamp now) {
    const auto removed = [&]() -> ServiceResult<bool> {
        auto whole = store_.transaction();
        if (!whole.begun()) return tl::unexpected(storeFailure(whole.begun().error()));
        const auto user = userNamed(name);
        if (!user) return tl::unexpected(user.error());
        if (user->record.role == Role::Administrator && !user->record.disabled) {
            if (auto may = notTheLastAdministrator(name); !may) return tl::unexpected(may.error());
        }
        auto done = store_.removeUser(name);
        if (done) done = whole.commit();
        if (!done) return tl::unexpected(storeFailure(done.error()));
        return true;
    }();
    return noted(removed, asking, now, {.action = "user.remove", .target = name});
}

ServiceResult<bool> Accounts::changeOwnPassword(const std::string& user, const std::string& old,
                                                const std::string& password, const std::string& keptSession,
                                                const Asking& asking, Timestamp now) {
    return noted(replacePassword(user, old, password, keptSession), asking, now,
                 {.action = "password.change", .target = user});
}

ServiceResult<bool> Accounts::replacePassword(const std::string& user, const std::string& old,
                                              const std::string& password, const std::string& keptSession) {
    if (auto may = mayBeNoted(); !may) return tl::unexpected(may.error());
    const auto stored = userNamed(user);
    if (!stored) return tl::unexpected(stored.error());
    if (stored->record.external)
        return failure(kBadInvalidState,
                       "you log in by a provider, and have no password here: change it there");
    if (old.size() > kMaxPasswordBytes || !hasher_.matches(stored->password, old))
        return failure(kBadUserAccessDenied, "the old password is not right");
    if (const auto checked = checkPassword(stored->record.name, password); !checked)
        return refused(checked.error());
    const auto hash = hasher_.hash(password);
    if (!hash) return failure(kBadInternalError, hash.error().message);
    auto whole = store_.transaction();
    if (!whole.begun()) return tl::unexpected(storeFailure(whole.begun().error()));
    auto done = store_.setPassword(stored->record.name, *hash);
    if (done) done = store_.removeSessionsOf(stored->record.name, keptSession);
    if (done) done = whole.commit();
    if (!done) return tl::unexpected(storeFailure(done.error()));
    return true;
}

ServiceResult<void> Accounts::addSession(const StoredUser& user, const StoredSession& session) {
    auto whole = store_.transaction();
    if (!whole.begun()) return tl::unexpected(storeFailure(whole.begun().error()));
    // Hashing took its time: another program may have changed the user meanwhile.
    const auto still = store_.user(user.record.name);
    if (!still) return tl::unexpected(storeFailure(still.error()));
    if (!*still || (*still)->record.disabled || (*still)->password != user.password)
        return failure(kBadUserAccessDenied, std::string(kWrongLogin));
    const auto others = sessions(user.record.name);  // the oldest first
    if (!others) return tl::unexpected(others.error());
    sqlite::StorageResult<void> done;
    for (std::size_t i = 0; done && i + kMaxSessionsPerUser <= others->size(); ++i)
        done = store_.removeSession((*others)[i].id);
    if (done) done = store_.noteLogin(user.record.name, session.record.begun);
    if (done) done = store_.addSession(session);
    if (done) done = whole.commit();
    if (!done) return tl::unexpected(storeFailure(done.error()));
    return {};
}

ServiceResult<std::vector<SessionRecord>> Accounts::sessions(const std::optional<std::string>& user) {
    auto all = rows();
    if (!all) return tl::unexpected(all.error());
    return recordsOf(std::move(all->sessions), user);
}

ServiceResult<bool> Accounts::endSession(const std::string& id, const std::optional<std::string>& of,
                                         std::string_view action, const Asking& asking, Timestamp now) {
    std::string target;
    const auto ended = [&]() -> ServiceResult<bool> {
        const auto all = sessions(of);
        if (!all) return tl::unexpected(all.error());
        const auto found = std::ranges::find(*all, id, &SessionRecord::id);
        if (found == all->end()) return failure(kBadNotFound, "there is no such session (any more)");
        target = found->user;
        if (auto done = store_.removeSession(id); !done) return tl::unexpected(storeFailure(done.error()));
        return true;
    }();
    return noted(ended, asking, now, {.action = action, .target = std::move(target)});
}

ServiceResult<std::vector<TokenRecord>> Accounts::tokens(const std::optional<std::string>& user) {
    auto all = rows();
    if (!all) return tl::unexpected(all.error());
    return recordsOf(std::move(all->tokens), user);
}

ServiceResult<MadeToken> Accounts::makeToken(const NewToken& token, const Asking& asking, Timestamp now) {
    return noted(insertToken(token, now), asking, now,
                 {.action = "token.make",
                  .target = fmt::format("{}: {}", token.user, token.name),
                  .after = rightsText(token.role, token.read, token.write, {})});
}

ServiceResult<MadeToken> Accounts::insertToken(const NewToken& token, Timestamp now) {
    if (auto may = mayBeNoted(); !may) return tl::unexpected(may.error());
    if (const auto checked = checkTokenName(token.name); !checked) return refused(checked.error());
    if (const auto checked = checkScope(token.read, token.write); !checked)
        return tl::unexpected(checked.error());
    if (token.expires && *token.expires <= now)
        return failure(kBadInvalidArgument, "the token would have expired already: give a time to come");
    auto whole = store_.transaction();
    if (!whole.begun()) return tl::unexpected(storeFailure(whole.begun().error()));
    const auto user = userNamed(token.user);
    if (!user) return tl::unexpected(user.error());
    if (user->record.role < token.role) {
        return failure(
            kBadInvalidArgument,
            fmt::format("'{}' is {}, and a token reaches no further than its user: '{}' is too much",
                        user->record.name, nameOf(user->record.role), nameOf(token.role)));
    }
    const auto others = tokens(user->record.name);
    if (!others) return tl::unexpected(others.error());
    if (others->size() >= kMaxTokensPerUser) {
        return failure(kBadInvalidArgument,
                       fmt::format("'{}' has {} tokens, the most there can be: revoke one that is not used",
                                   user->record.name, kMaxTokensPerUser));
    }
    if (std::ranges::find(*others, token.name, &TokenRecord::name) != others->end())
        return failure(kBadEntryExists,
                       fmt::format("'{}' has a token '{}' already", user->record.name, token.name));
    MadeToken made{.record = {.id = newId(),
                              .name = token.name,
                              .user = user->record.name,
                              .role = token.role,
                              .read = token.read,
                              .write = token.write,
                              .created = now,
                              .expires = token.expires,
                              .used = {}},
                   .secret = newTokenSecret()};
    auto done = store_.addToken({.record = made.record, .hash = sha256(made.secret)});
    if (done) done = whole.commit();
    if (!done) return tl::unexpected(storeFailure(done.error()));
    return made;
}

ServiceResult<bool> Accounts::revokeToken(const std::string& id, const std::optional<std::string>& of,
                                          const Asking& asking, Timestamp now) {
    std::string target;
    const auto revoked = [&]() -> ServiceResult<bool> {
        const auto all = tokens(of);
        if (!all) return tl::unexpected(all.error());
        const auto found = std::ranges::find(*all, id, &TokenRecord::id);
        if (found == all->end()) return failure(kBadNotFound, "there is no such token (any more)");
        target = fmt::format("{}: {}", found->user, found->name);
        if (auto done = store_.removeToken(id); !done) return tl::unexpected(storeFailure(done.error()));
        return true;
    }();
    return noted(revoked, asking, now, {.action = "token.revoke", .target = std::move(target)});
}

}  // namespace tagwire::access
