/// What can be asked about who may do what: logging in, one's own account, users, sessions, tokens.
/// Thread: any may ask. The look-ups never block (no disk, no password hash); the answers of the rest come
/// once, from another thread or at once. Lifetime: outlives whoever asks.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/external_user.h"
#include "access/grant.h"
#include "access/role.h"
#include "base/time.h"
#include "model/service_answer.h"

namespace tagwire::access {

/// Who asks, for the audit log.
struct Asking {
    std::string user = {};
    std::string token = {};
    std::string address = {};
};

struct UserRecord {
    std::string name = {};
    Role role = Role::Viewer;
    std::vector<std::string> read = {};   ///< tag patterns
    std::vector<std::string> write = {};  ///< tag patterns
    bool disabled = false;
    Timestamp created = {};
    std::optional<Timestamp> lastLogin = {};
    bool external = false;  ///< logs in by a provider, and has no password here
};

struct UserChange {
    std::string name = {};
    std::optional<std::string> password = {};
    std::optional<Role> role = {};
    std::optional<std::vector<std::string>> read = {};
    std::optional<std::vector<std::string>> write = {};
    std::optional<bool> disabled = {};
};

struct SessionRecord {
    std::string id;
    std::string user;
    std::string address;
    std::string agent;  ///< User-Agent
    Timestamp begun;
    Timestamp seen;
    Timestamp expires;
};

struct TokenRecord {
    std::string id;
    std::string name;
    std::string user;
    Role role = Role::Viewer;
    std::vector<std::string> read;
    std::vector<std::string> write;
    Timestamp created;
    std::optional<Timestamp> expires;
    std::optional<Timestamp> used;
};

struct NewToken {
    std::string name = {};
    std::string user = {};
    Role role = Role::Viewer;
    std::vector<std::string> read = {};
    std::vector<std::string> write = {};
    std::optional<Timestamp> expires = {};
};

/// Shown once.
struct MadeToken {
    TokenRecord record;
    std::string secret;
};

struct Login {
    std::string user;
    std::string password;
    std::string address;
    std::string agent;
};

struct LoggedIn {
    std::string cookie;  ///< the session's secret
    SharedGrant grant;
};

using LoginOutcome = Result<LoggedIn, LoginProblem>;

/// The first administrator, by the secret of the link on the console.
struct SetUp {
    std::string secret;
    std::string user;
    std::string password;
    std::string address;
    std::string agent;
};

/// Failures: BadUserAccessDenied (wrong name, password or secret: never which of them), BadTooManyOperations
/// (locked out for a while: the message says how long; or too much waits), BadInvalidArgument, BadNotFound,
/// BadEntryExists, BadInvalidState (the last administrator), BadInternalError, BadShutdown.
class AccessServices {
public:
    AccessServices() = default;
    AccessServices(const AccessServices&) = delete;
    AccessServices& operator=(const AccessServices&) = delete;
    virtual ~AccessServices() = default;

    /// Null: of nobody, or ended. Counts as a sign of life of the session.
    [[nodiscard]] virtual SharedGrant session(std::string_view cookie, Timestamp now) = 0;
    [[nodiscard]] virtual SharedGrant token(std::string_view secret, Timestamp now) = 0;
    /// Whether there is a user already; until then the link on the console is the only way in.
    [[nodiscard]] virtual bool hasUsers() const noexcept = 0;

    virtual void login(Login login, ServiceAnswer<LoggedIn> answer) = 0;
    virtual void setUp(SetUp setUp, ServiceAnswer<LoggedIn> answer) = 0;
    /// Before a provider is asked about whoever comes from there: too many may have failed from that address.
    virtual void mayLogIn(std::string address, ServiceAnswer<bool> answer) = 0;
    /// By a provider's word, or its refusal: what went wrong counts as a failed login. The user is made at
    /// the first login; later ones change the role.
    virtual void loginExternal(ExternalLogin login, ServiceAnswer<LoginOutcome> answer) = 0;
    /// Of a session: what it gave ends at once.
    virtual void logout(std::string sessionId, Asking asking, ServiceAnswer<bool> answer) = 0;
    /// Ends every other session of the user.
    virtual void changeOwnPassword(std::string user, std::string old, std::string password,
                                   std::string keptSession, Asking asking, ServiceAnswer<bool> answer) = 0;

    virtual void users(ServiceAnswer<std::vector<UserRecord>> answer) = 0;
    virtual void addUser(UserRecord user, std::string password, Asking asking,
                         ServiceAnswer<UserRecord> answer) = 0;
    /// What a user may do counts at once, also on open connections: they are ended.
    virtual void changeUser(UserChange change, Asking asking, ServiceAnswer<UserRecord> answer) = 0;
    virtual void removeUser(std::string name, Asking asking, ServiceAnswer<bool> answer) = 0;

    /// Nobody named: of everybody.
    virtual void sessions(std::optional<std::string> user,
                          ServiceAnswer<std::vector<SessionRecord>> answer) = 0;
    /// `of`: only if it is this user's.
    virtual void endSession(std::string id, std::optional<std::string> of, Asking asking,
                            ServiceAnswer<bool> answer) = 0;
    virtual void tokens(std::optional<std::string> user, ServiceAnswer<std::vector<TokenRecord>> answer) = 0;
    /// Reaches no further than its user.
    virtual void makeToken(NewToken token, Asking asking, ServiceAnswer<MadeToken> answer) = 0;
    virtual void revokeToken(std::string id, std::optional<std::string> of, Asking asking,
                             ServiceAnswer<bool> answer) = 0;
};

}  // namespace tagwire::access
