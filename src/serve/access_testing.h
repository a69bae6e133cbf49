/// For tests only: access services and an audit trail in memory, which answer at once.
/// Thread: the test's. Lifetime: of the test.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "access/access_services.h"
#include "model/audit_trail.h"
#include "model/generated/status_codes.h"

namespace tagwire::serve {

class FakeAccess final : public access::AccessServices {
public:
    /// A grant that `secret` opens, as a session's cookie or as a token.
    std::shared_ptr<access::Grant> let(std::string secret, access::PrincipalKind kind, access::Role role,
                                       access::TagScope scope = access::TagScope::everything()) {
        const bool token = kind == access::PrincipalKind::Token;
        auto grant = std::make_shared<access::Grant>(access::Principal{.kind = kind,
                                                                       .user = "anna",
                                                                       .token = token ? "script" : "",
                                                                       .role = role,
                                                                       .scopes = {std::move(scope)}},
                                                     "id-of-" + secret, token ? "" : "csrf-of-" + secret,
                                                     Timestamp::max());
        (token ? tokens_ : sessions_)[std::move(secret)] = grant;
        return grant;
    }

    access::SharedGrant session(std::string_view cookie, Timestamp now) override {
        return find(sessions_, cookie, now);
    }
    access::SharedGrant token(std::string_view secret, Timestamp now) override {
        return find(tokens_, secret, now);
    }
    [[nodiscard]] bool hasUsers() const noexcept override { return users_; }
    void makeUsers() noexcept { users_ = true; }

    void login(access::Login login, ServiceAnswer<access::LoggedIn> answer) override {
        if (failure) return answer(tl::unexpected(*failure));
        if (login.password != "right")
            return answer(tagwire::failure(kBadUserAccessDenied, "wrong name or password"));
        auto grant =
            let("cookie" + std::to_string(++logins), access::PrincipalKind::User, access::Role::Operator);
        answer(access::LoggedIn{.cookie = "cookie" + std::to_string(logins), .grant = std::move(grant)});
    }
    void setUp(access::SetUp setUp, ServiceAnswer<access::LoggedIn> answer) override {
        login({.user = setUp.user,
               .password = setUp.secret == "secret" ? "right" : "",
               .address = setUp.address,
               .agent = setUp.agent},
              std::move(answer));
    }
    void mayLogIn(std::string /*address*/, ServiceAnswer<bool> answer) override { answer(true); }
    void loginExternal(access::ExternalLogin login, ServiceAnswer<access::LoginOutcome> answer) override {
        if (!login.user) return answer(access::LoginOutcome(tl::unexpected(login.user.error().problem)));
        auto grant = let("cookie", access::PrincipalKind::User, login.user->role);
        answer(access::LoginOutcome(access::LoggedIn{.cookie = "cookie", .grant = std::move(grant)}));
    }
    void logout(std::string sessionId, access::Asking asking, ServiceAnswer<bool> answer) override {
        done("logout " + sessionId, asking, answer);
    }
    void changeOwnPassword(std::string user, std::string old, std::string password, std::string keptSession,
                           access::Asking asking, ServiceAnswer<bool> answer) override {
        done("password " + user + " " + old + " " + password + " " + keptSession, asking, answer);
    }
    void users(ServiceAnswer<std::vector<access::UserRecord>> answer) override {
        answer(std::vector{access::UserRecord{.name = "anna",
                                              .role = access::Role::Operator,
                                              .read = {"**"},
                                              .write = {},
                                              .disabled = false,
                                              .created = fromUnixMillis(5),
                                              .lastLogin = std::nullopt}});
    }
    void addUser(access::UserRecord user, std::string password, access::Asking asking,
                 ServiceAnswer<access::UserRecord> answer) override {
        done("add " + user.name + " " + password + " " + std::string(access::nameOf(user.role)), asking,
             [&](const auto& result) {
                 if (!result) return answer(tl::unexpected(result.error()));
                 answer(user);
             });
    }
    void changeUser(access::UserChange change, access::Asking asking,
                    ServiceAnswer<access::UserRecord> answer) override {
        done("change " + change.name + (change.role ? " role" : "") + (change.disabled ? " disabled" : ""),
             asking, [&](const auto& result) {
                 if (!result) return answer(tl::unexpected(result.error()));
                 answer(access::UserRecord{.name = change.name,
                                           .role = change.role.value_or(access::Role::Viewer),
                                           .read = {},
                                           .write = {},
                                           .disabled = change.disabled.value_or(false),
                                           .created = {},
                                           .lastLogin = fromUnixMillis(7)});
             });
    }
    void removeUser(std::string name, access::Asking asking, ServiceAnswer<bool> answer) override {
        done("remove " + name, asking, answer);
    }
    void sessions(std::optional<std::string> user,
                  ServiceAnswer<std::vector<access::SessionRecord>> answer) override {
        asked.push_back("sessions of " + user.value_or("all"));
        answer(std::vector{access::SessionRecord{.id = "id-of-cookie",
                                                 .user = "anna",
                                                 .address = "10.0.0.5",
                                                 .agent = "Browser",
                                                 .begun = fromUnixMillis(1),
                                                 .seen = fromUnixMillis(2),
                                                 .expires = fromUnixMillis(3)}});
    }
    void endSession(std::string id, std::optional<std::string> of, access::Asking asking,
                    ServiceAnswer<bool> answer) override {
        done("end " + id + " of " + of.value_or("all"), asking, answer);
    }
    void tokens(std::optional<std::string> user,
                ServiceAnswer<std::vector<access::TokenRecord>> answer) override {
        asked.push_back("tokens of " + user.value_or("all"));
        answer(std::vector<access::TokenRecord>{});
    }
    void makeToken(access::NewToken token, access::Asking asking,
                   ServiceAnswer<access::MadeToken> answer) override {
        done("make " + token.name + " for " + token.user, asking, [&](const auto& result) {
            if (!result) return answer(tl::unexpected(result.error()));
            answer(access::MadeToken{.record = {.id = "t1",
                                                .name = token.name,
                                                .user = token.user,
                                                .role = token.role,
                                                .read = token.read,
                                                .write = token.write,
                                                .created = fromUnixMillis(9),
                                                .expires = token.expires,
                                                .used = std::nullopt},
                                     .secret = "twt_secret"});
        });
    }
    void revokeToken(std::string id, std::optional<std::string> of, access::Asking asking,
                     ServiceAnswer<bool> answer) override {
        done("revoke " + id + " of " + of.value_or("all"), asking, answer);
    }

    std::optional<ServiceFailure> failure;
    std::vector<std::string> asked;
    int logins = 0;

private:
    using Grants = std::map<std::string, std::shared_ptr<access::Grant>, std::less<>>;

    static access::SharedGrant find(const Grants& grants, std::string_view secret, Timestamp now) {
        const auto found = grants.find(secret);
        return found != grants.end() && found->second->stands(now) ? found->second : nullptr;
    }
    template <class Answer>
    void done(std::string what, const access::Asking& asking, const Answer& answer) {
        asked.push_back(std::move(what) + " by " + asking.user);
        if (failure) return answer(ServiceResult<bool>(tl::unexpected(*failure)));
        answer(ServiceResult<bool>(true));
    }

    Grants sessions_;
    Grants tokens_;
    bool users_ = false;
};

class FakeTrail final : public AuditTrail {
public:
    [[nodiscard]] bool ready() const noexcept override { return true; }
    void record(AuditEntry entry) override { entries.push_back(std::move(entry)); }

    std::vector<AuditEntry> entries;
};

}  // namespace tagwire::serve
