#include "access/live_credentials.h"

#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "access/secret.h"

namespace tagwire::access {
namespace {

/// Whoever is disabled gives nothing to anybody.
std::optional<Principal> principalOf(const UserRecord& user) {
    auto scope = TagScope::parse(user.read, user.write);
    if (user.disabled || !scope) return std::nullopt;
    Principal principal{.kind = PrincipalKind::User,
                        .user = user.name,
                        .token = {},
                        .role = user.role,
                        .scopes = {},
                        .external = user.external};
    principal.scopes.push_back(*std::move(scope));
    return principal;
}

std::string textOf(Role role, const std::vector<std::string>& read, const std::vector<std::string>& write) {
    return fmt::format("{}\n{}\n\n{}\n\n", nameOf(role), fmt::join(read, "\n"), fmt::join(write, "\n"));
}

std::string rightsOf(const UserRecord& user) {
    return user.name + '\n' + textOf(user.role, user.read, user.write);
}

/// What was there with the same rights, or what `make` makes.
template <class Make>
std::shared_ptr<const LiveCredential> keptOr(const CredentialTable* before, const Sha256& hash,
                                             const std::string& rights, Make make) {
    if (before != nullptr) {
        const auto found = before->find(hash);
        if (found != before->end() && found->second->rights == rights) return found->second;
    }
    return make();
}

void addSession(CredentialTable& table, const CredentialTable* before, const StoredSession& session,
                const UserRecord& user) {
    auto principal = principalOf(user);
    if (!principal) return;
    const auto& record = session.record;
    const auto rights = fmt::format("{}{}", rightsOf(user), ticksOf(record.expires));
    table.emplace(session.hash, keptOr(before, session.hash, rights, [&] {
                      return std::make_shared<const LiveCredential>(
                          std::make_shared<Grant>(*std::move(principal), record.id, csrfOf(session.hash),
                                                  record.expires),
                          rights, record.seen);
                  }));
}

void addToken(CredentialTable& table, const CredentialTable* before, const StoredToken& token,
              const UserRecord& user) {
    const auto principal = principalOf(user);
    const auto& record = token.record;
    auto scope = TagScope::parse(record.read, record.write);
    if (!principal || !scope) return;
    const auto expires = record.expires.value_or(Timestamp::max());
    const auto rights = fmt::format("{}{}\n{}{}", rightsOf(user), record.name,
                                    textOf(record.role, record.read, record.write), ticksOf(expires));
    table.emplace(
        token.hash, keptOr(before, token.hash, rights, [&] {
            return std::make_shared<const LiveCredential>(
                std::make_shared<Grant>(narrowed(*principal, record.name, record.role, *std::move(scope)),
                                        record.id, std::string(), expires),
                rights, record.used.value_or(Timestamp{}));
        }));
}

void endMissing(const CredentialTable& before, const CredentialTable& now) {
    for (const auto& [hash, credential] : before) {
        const auto found = now.find(hash);
        if (found == now.end() || found->second != credential) credential->grant->end();
    }
}

}  // namespace

std::shared_ptr<const LiveCredentials> liveOf(const AccessRows& rows, const LiveCredentials* before) {
    std::unordered_map<std::string, const UserRecord*> users;
    for (const auto& user : rows.users) users.emplace(user.record.name, &user.record);
    auto live = std::make_shared<LiveCredentials>();
    live->users = rows.users.size();
    for (const auto& session : rows.sessions) {
        if (const auto user = users.find(session.record.user); user != users.end())
            addSession(live->sessions, before == nullptr ? nullptr : &before->sessions, session,
                       *user->second);
    }
    for (const auto& token : rows.tokens) {
        if (const auto user = users.find(token.record.user); user != users.end())
            addToken(live->tokens, before == nullptr ? nullptr : &before->tokens, token, *user->second);
    }
    if (before != nullptr) {
        endMissing(before->sessions, live->sessions);
        endMissing(before->tokens, live->tokens);
    }
    return live;
}

}  // namespace tagwire::access
