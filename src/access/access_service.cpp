#include "access/access_service.h"

#include <algorithm>
#include <memory>

#include <fmt/format.h>

#include "access/account_rules.h"
#include "access/secret.h"
#include "base/clip.h"
#include "base/log.h"
#include "model/generated/status_codes.h"

namespace tagwire::access {
namespace {

/// A name is everybody's to guess at: whoever it belongs to is not to be kept out for long. An address has
/// few users.
constexpr Throttle::Limits kOfNames{.longest = std::chrono::seconds{60}};
constexpr Throttle::Limits kOfAddresses{.freeFailures = 10, .longest = std::chrono::seconds{900}};

std::string lowerCaseName(std::string_view name) {
    std::string key(name.substr(0, kMaxUserNameBytes));
    std::ranges::transform(
        key, key.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return key;
}

}  // namespace

AccessService::AccessService(const AccessOptions& options, const std::filesystem::path& base,
                             AuditTrail& audit, AccessSurroundings surroundings)
    : idle_(options.sessionIdleMinutes),
      longest_(options.sessionMaxHours),
      surroundings_(std::move(surroundings)),
      accounts_(folderOf(options, base), PasswordHasher(surroundings_.cost), audit),
      nameThrottle_(kOfNames),
      addressThrottle_(kOfAddresses) {
    live_.set(std::make_shared<const LiveCredentials>());
}

void AccessService::start() {
    if (const auto opened = accounts_.open(); !opened) {
        problem_ = opened.error().message;
        log::error("access", "{}. Until then nobody can log in, and nobody unknown may change anything",
                   problem_);
    } else {
        publish();
        if (!hasUsers()) setUpSecret_ = newSecret();
    }
    useWritten_ = surroundings_.steadyNow();
    thread_.every(kTurn, [this] { turn(); });
    thread_.start();
}

void AccessService::stop() noexcept {
    thread_.stop();
    if (accounts_.isOpen()) writeUse(true);
}

std::string AccessService::setUpSecret() const { return hasUsers() ? std::string() : setUpSecret_; }

AccessService::Status AccessService::status() const {
    const auto live = live_.get();
    return {.users = live->users,
            .sessions = live->sessions.size(),
            .tokens = live->tokens.size(),
            .logins = logins_.value(),
            .failedLogins = failedLogins_.value(),
            .lockOuts = lockOuts_.value()};
}

SharedGrant AccessService::session(std::string_view cookie, Timestamp now) {
    if (!looksLikeSecret(cookie)) return nullptr;
    const auto live = live_.get();
    const auto found = live->sessions.find(sha256(cookie));
    if (found == live->sessions.end()) return nullptr;
    const auto& session = *found->second;
    const bool idle = !session.isOpen() && now - Timestamp{Ticks{session.used.load()}} >= idle_;
    if (idle || !session.grant->stands(now)) return nullptr;
    session.used.store(ticksOf(now));
    return session.grant;
}

SharedGrant AccessService::token(std::string_view secret, Timestamp now) {
    if (!looksLikeToken(secret)) return nullptr;
    const auto live = live_.get();
    const auto found = live->tokens.find(sha256(secret));
    if (found == live->tokens.end() || !found->second->grant->stands(now)) return nullptr;
    found->second->used.store(ticksOf(now));
    return found->second->grant;
}

template <class T, class Work>
void AccessService::post(const ServiceAnswer<T>& answer, Work work) {
    thread_.post(answer, 1, [this, work = std::move(work)]() mutable -> ServiceResult<T> {
        if (!accounts_.isOpen()) return failure(kBadInternalError, problem_);
        turn();
        auto result = work();
        publish();
        return result;
    });
}

template <class T, class Work>
void AccessService::postPassword(const ServiceAnswer<T>& answer, Work work) {
    if (waitingPasswords_.fetch_add(1) >= kMaxWaitingPasswords) {
        waitingPasswords_.fetch_sub(1);
        answer(
            failure(kBadTooManyOperations, "too many log in at the same time: try again in a few seconds"));
        return;
    }
    // Also where the question is dropped.
    const std::shared_ptr<void> waiting(nullptr, [this](void*) { waitingPasswords_.fetch_sub(1); });
    post<T>(answer, [waiting, work = std::move(work)]() mutable { return work(); });
}

void AccessService::login(Login login, ServiceAnswer<LoggedIn> answer) {
    postPassword<LoggedIn>(answer, [this, login = std::move(login)] { return loginNow(login); });
}

void AccessService::setUp(SetUp setUp, ServiceAnswer<LoggedIn> answer) {
    postPassword<LoggedIn>(answer, [this, setUp = std::move(setUp)] { return setUpNow(setUp); });
}

void AccessService::mayLogIn(std::string address, ServiceAnswer<bool> answer) {
    post<bool>(answer, [this, address = std::move(address)]() -> ServiceResult<bool> {
        if (auto locked = lockedOut({}, address)) return tl::unexpected(*std::move(locked));
        return true;
    });
}

void AccessService::loginExternal(ExternalLogin login, ServiceAnswer<LoginOutcome> answer) {
    post<LoginOutcome>(answer, [this, login = std::move(login)] { return loginExternalNow(login); });
}

Asking AccessService::strangerAt(const std::string& address) {
    return {.user = {}, .token = {}, .address = clipped(address, kMaxAddressBytes)};
}

std::optional<ServiceFailure> AccessService::lockedOut(const std::string& user,
                                                       const std::string& address) const {
    const auto now = surroundings_.steadyNow();
    const auto wait = std::max(nameThrottle_.wait(user, now), addressThrottle_.wait(address, now));
    if (!wait) return std::nullopt;
    return ServiceFailure{kBadTooManyOperations,
                          fmt::format("too many logins failed: try again in {} s", wait->count()), *wait};
}

void AccessService::failedLogin(const std::string& user, const std::string& address,
                                std::string_view action) {
    failedLogins_.add();
    const auto now = surroundings_.steadyNow();
    const auto wait = std::max(nameThrottle_.failed(user, now), addressThrottle_.failed(address, now));
    if (wait) lockOuts_.add();
    accounts_.note(
        strangerAt(address), surroundings_.now(), action, user, AuditOutcome::Refused,
        wait ? fmt::format("wrong; no further one for {} s", wait->count()) : std::string("wrong"));
}

ServiceResult<LoggedIn> AccessService::loginNow(const Login& login) {
    const auto name = lowerCaseName(login.user);
    if (auto locked = lockedOut(name, login.address)) return tl::unexpected(*std::move(locked));
    auto user = accounts_.store().user(login.user);
    if (!user) return tl::unexpected(storeFailure(user.error()));
    // Whoever is not there, may not in, or has no password takes as long as everybody else.
    const bool hasPassword = *user && !(*user)->record.external;
    const bool right =
        login.password.size() <= kMaxPasswordBytes &&
        accounts_.hasher().matches(hasPassword ? (*user)->password : std::string(), login.password);
    if (!right || (*user)->record.disabled) {
        failedLogin(name, login.address, "login");
        return failure(kBadUserAccessDenied, std::string(kWrongLogin));
    }
    if (accounts_.hasher().isOutdated((*user)->password)) {
        if (auto hash = accounts_.hasher().hash(login.password)) {
            (*user)->password = *std::move(hash);
            if (const auto kept = accounts_.store().setPassword((*user)->record.name, (*user)->password);
                !kept)
                return tl::unexpected(storeFailure(kept.error()));
        }
    }
    nameThrottle_.succeeded(name);
    return begin(**user, login.address, login.agent);
}

ServiceResult<LoggedIn> AccessService::setUpNow(const SetUp& setUp) {
    if (hasUsers()) return failure(kBadInvalidState, "there is an administrator already: log in");
    const std::string name("set up");  // of no user: it has a blank
    if (auto locked = lockedOut(name, setUp.address)) return tl::unexpected(*std::move(locked));
    if (!sameHash(sha256(setUp.secret), sha256(setUpSecret_))) {
        failedLogin(name, setUp.address, "user.setup");
        return failure(
            kBadUserAccessDenied,
            "the link is not right: take the one that the server printed when it was started last");
    }
    const auto added =
        accounts_.addFirst(setUp.user, setUp.password, strangerAt(setUp.address), surroundings_.now());
    if (!added) return tl::unexpected(added.error());
    const auto user = accounts_.store().user(setUp.user);
    if (!user) return tl::unexpected(storeFailure(user.error()));
    if (!*user) return failure(kBadUserAccessDenied, std::string(kWrongLogin));
    return begin(**user, setUp.address, setUp.agent);
}

ServiceResult<LoggedIn> AccessService::begin(const StoredUser& user, const std::string& address,
                                             const std::string& agent) {
    const auto now = surroundings_.now();
    const auto cookie = newSecret();
    const StoredSession session{.record = {.id = newId(),
                                           .user = user.record.name,
                                           .address = clipped(address, kMaxAddressBytes),
                                           .agent = clipped(agent, kMaxAgentBytes),
                                           .begun = now,
                                           .seen = now,
                                           .expires = now + longest_},
                                .hash = sha256(cookie)};
    if (auto added = accounts_.addSession(user, session); !added) return tl::unexpected(added.error());
    publish();
    logins_.add();
    auto asking = strangerAt(address);
    asking.user = user.record.name;
    accounts_.note(asking, now, "login", user.record.name, AuditOutcome::Done);
    auto grant = this->session(cookie, now);
    if (!grant)
        return failure(kBadInternalError, "the session could not be begun: the server's log says why");
    return LoggedIn{.cookie = cookie, .grant = std::move(grant)};
}

void AccessService::logout(std::string sessionId, Asking asking, ServiceAnswer<bool> answer) {
    post<bool>(answer, [this, id = std::move(sessionId), asking = std::move(asking)] {
        return accounts_.endSession(id, {}, "logout", asking, surroundings_.now());
    });
}

void AccessService::changeOwnPassword(std::string user, std::string old, std::string password,
                                      std::string keptSession, Asking asking, ServiceAnswer<bool> answer) {
    postPassword<bool>(answer,
                       [this, user = std::move(user), old = std::move(old), password = std::move(password),
                        kept = std::move(keptSession), asking = std::move(asking)]() -> ServiceResult<bool> {
                           const auto name = lowerCaseName(user);
                           // Whoever found an open page may not guess at leisure either.
                           if (auto locked = lockedOut(name, asking.address))
                               return tl::unexpected(*std::move(locked));
                           auto result = accounts_.changeOwnPassword(user, old, password, kept, asking,
                                                                     surroundings_.now());
                           if (!result && result.error().status == kBadUserAccessDenied)
                               nameThrottle_.failed(name, surroundings_.steadyNow());
                           return result;
                       });
}

void AccessService::users(ServiceAnswer<std::vector<UserRecord>> answer) {
    post<std::vector<UserRecord>>(answer, [this] { return accounts_.users(); });
}

void AccessService::addUser(UserRecord user, std::string password, Asking asking,
                            ServiceAnswer<UserRecord> answer) {
    postPassword<UserRecord>(
        answer, [this, user = std::move(user), password = std::move(password), asking = std::move(asking)] {
            return accounts_.addUser(user, password, asking, surroundings_.now());
        });
}

void AccessService::changeUser(UserChange change, Asking asking, ServiceAnswer<UserRecord> answer) {
    post<UserRecord>(answer, [this, change = std::move(change), asking = std::move(asking)] {
        return accounts_.changeUser(change, asking, surroundings_.now());
    });
}

void AccessService::removeUser(std::string name, Asking asking, ServiceAnswer<bool> answer) {
    post<bool>(answer, [this, name = std::move(name), asking = std::move(asking)] {
        return accounts_.removeUser(name, asking, surroundings_.now());
    });
}

template <class Record>
std::vector<Record> AccessService::withLastUse(std::vector<Record> records, const CredentialTable& live) {
    std::unordered_map<std::string_view, const LiveCredential*> byId;
    for (const auto& [hash, credential] : live) byId.emplace(credential->grant->id(), credential.get());
    for (auto& record : records) {
        const auto found = byId.find(record.id);
        if (found == byId.end() || found->second->used.load() == 0) continue;
        const Timestamp used{Ticks{found->second->used.load()}};
        if constexpr (requires { record.seen; }) {
            record.seen = used;
        } else {
            record.used = used;
        }
    }
    return records;
}

void AccessService::sessions(std::optional<std::string> user,
                             ServiceAnswer<std::vector<SessionRecord>> answer) {
    using Records = std::vector<SessionRecord>;
    post<Records>(answer, [this, user = std::move(user)] {
        return accounts_.sessions(user).map(
            [this](Records records) { return withLastUse(std::move(records), live_.get()->sessions); });
    });
}

void AccessService::endSession(std::string id, std::optional<std::string> of, Asking asking,
                               ServiceAnswer<bool> answer) {
    post<bool>(answer, [this, id = std::move(id), of = std::move(of), asking = std::move(asking)] {
        return accounts_.endSession(id, of, "session.end", asking, surroundings_.now());
    });
}

void AccessService::tokens(std::optional<std::string> user, ServiceAnswer<std::vector<TokenRecord>> answer) {
    using Records = std::vector<TokenRecord>;
    post<Records>(answer, [this, user = std::move(user)] {
        return accounts_.tokens(user).map(
            [this](Records records) { return withLastUse(std::move(records), live_.get()->tokens); });
    });
}

void AccessService::makeToken(NewToken token, Asking asking, ServiceAnswer<MadeToken> answer) {
    post<MadeToken>(answer, [this, token = std::move(token), asking = std::move(asking)] {
        return accounts_.makeToken(token, asking, surroundings_.now());
    });
}

void AccessService::revokeToken(std::string id, std::optional<std::string> of, Asking asking,
                                ServiceAnswer<bool> answer) {
    post<bool>(answer, [this, id = std::move(id), of = std::move(of), asking = std::move(asking)] {
        return accounts_.revokeToken(id, of, asking, surroundings_.now());
    });
}

void AccessService::publish() {
    const auto version = accounts_.store().version();
    const auto rows = accounts_.store().rows();
    if (!version || !rows) {
        // What was known goes on to count: a disk that is full is no reason to lock everybody out.
        log::error("access", "{}", storeFailure(version ? rows.error() : version.error()).message);
        return;
    }
    version_ = *version;
    const auto before = live_.get();
    live_.set(liveOf(*rows, before.get()));
    hasUsers_.store(!rows->users.empty());
}

void AccessService::turn() {
    if (!accounts_.isOpen()) return;
    const auto version = accounts_.store().version();
    if (version && *version != version_) publish();
    endIdle(surroundings_.now());
    writeUse(false);
}

void AccessService::endIdle(Timestamp now) {
    const auto live = live_.get();
    bool any = false;
    for (const auto& [hash, session] : live->sessions) {
        if (session->isOpen()) session->used.store(ticksOf(now));
        const bool idle = now - Timestamp{Ticks{session->used.load()}} >= idle_;
        if (!idle && session->grant->stands(now)) continue;
        session->grant->end();
        any = true;
        const auto& user = session->grant->principal().user;
        accounts_.note({.user = user, .token = {}, .address = {}}, now, "session.expire", user,
                       AuditOutcome::Done, idle ? "nothing was asked any more" : "its time was over");
        if (const auto removed = accounts_.store().removeSession(session->grant->id()); !removed)
            log::error("access", "{}", storeFailure(removed.error()).message);
    }
    if (any) publish();
}

void AccessService::writeUse(bool all) {
    const auto now = surroundings_.steadyNow();
    if (!all && now - useWritten_ < kWriteUse) return;
    useWritten_ = now;
    const auto live = live_.get();
    const auto newer = [](const CredentialTable& table) {
        std::vector<LastUse> uses;
        for (const auto& [hash, credential] : table) {
            const auto used = credential->used.load();
            if (used != credential->stored.exchange(used))
                uses.push_back({.id = credential->grant->id(), .time = Timestamp{Ticks{used}}});
        }
        return uses;
    };
    const auto sessions = newer(live->sessions);
    const auto tokens = newer(live->tokens);
    if (sessions.empty() && tokens.empty()) return;
    if (const auto written = accounts_.store().noteUse(sessions, tokens); !written)
        log::error("access", "{}", storeFailure(written.error()).message);
}

}  // namespace tagwire::access
