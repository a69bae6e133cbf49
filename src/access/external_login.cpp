// Logins by a provider: the service's part, and that of the accounts.
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "access/access_service.h"
#include "access/account_rules.h"
#include "access/rights_text.h"
#include "model/generated/status_codes.h"

namespace tagwire::access {
namespace {

tl::unexpected<ExternalRefusal> broken(const ExternalUser& user, const ServiceFailure& failure) {
    return refuseLogin(LoginProblem::Failed, failure.message, user.name);
}

/// Subjects of two issuers may be the same; an issuer has no blank.
std::string markOf(const ExternalUser& user) {
    return fmt::format("{}{} {}", kExternalMark, user.issuer, user.subject);
}

std::vector<std::string> everythingFor(Role role) {
    return role >= Role::Operator ? std::vector<std::string>{"**"} : std::vector<std::string>{};
}

/// Whether whoever tried had a part in it. What only the provider or we could not do is nobody's guess.
bool isOfWhoeverTried(LoginProblem problem) noexcept {
    return problem != LoginProblem::Provider && problem != LoginProblem::Busy &&
           problem != LoginProblem::Failed;
}

}  // namespace

LoginOutcome AccessService::loginExternalNow(const ExternalLogin& login) {
    if (lockedOut({}, login.address)) return tl::unexpected(LoginProblem::Locked);
    const auto refuse = [&](const ExternalRefusal& why) {
        failedExternal(why, login.address);
        return tl::unexpected(why.problem);
    };
    if (!login.user) return refuse(login.user.error());
    auto asking = strangerAt(login.address);
    asking.user = login.user->name;
    const auto user = accounts_.takeExternal(*login.user, asking, surroundings_.now());
    if (!user) return refuse(user.error());
    auto begun = begin(*user, login.address, login.agent);
    if (!begun)
        return refuse(
            {.problem = LoginProblem::Failed, .detail = begun.error().message, .name = user->record.name});
    return *std::move(begun);
}

void AccessService::failedExternal(const ExternalRefusal& refusal, const std::string& address) {
    failedLogins_.add();
    auto detail = refusal.detail;
    const bool guessed = isOfWhoeverTried(refusal.problem);
    if (guessed) {
        if (const auto wait = addressThrottle_.failed(address, surroundings_.steadyNow())) {
            lockOuts_.add();
            detail += fmt::format("; no further one for {} s", wait->count());
        }
    }
    accounts_.note(strangerAt(address), surroundings_.now(), "login", refusal.name,
                   guessed ? AuditOutcome::Refused : AuditOutcome::Failed, detail);
}

Result<StoredUser, ExternalRefusal> Accounts::takeExternal(const ExternalUser& user, const Asking& asking,
                                                           Timestamp now) {
    std::optional<Noted> what;
    auto taken = [&]() -> Result<StoredUser, ExternalRefusal> {
        auto whole = store_.transaction();
        if (!whole.begun()) return broken(user, storeFailure(whole.begun().error()));
        auto there = rows();
        if (!there) return broken(user, there.error());
        const auto known = std::ranges::find(there->users, markOf(user), &StoredUser::password);
        auto stored = known == there->users.end() ? insertExternal(user, *there, now, what)
                                                  : followProvider(std::move(*known), user, what);
        if (!stored || !what) return stored;
        auto done = store_.putUser(*stored);
        if (done) done = whole.commit();
        if (!done) return broken(user, storeFailure(done.error()));
        return stored;
    }();
    if (taken && what) write(asking, now, *std::move(what), AuditOutcome::Done, {});
    return taken;
}

Result<StoredUser, ExternalRefusal> Accounts::insertExternal(const ExternalUser& user,
                                                             const AccessRows& there, Timestamp now,
                                                             std::optional<Noted>& noted) {
    if (const auto may = mayBeNoted(); !may) return broken(user, may.error());
    if (const auto checked = checkUserName(user.name); !checked)
        return refuseLogin(
            LoginProblem::BadName,
            fmt::format("the provider calls the user '{:.80}', but {}", user.name, checked.error().message),
            user.name);
    if (std::ranges::any_of(there.users,
                            [&](const auto& each) { return sameUserName(each.record.name, user.name); }))
        return refuseLogin(
            LoginProblem::NameTaken,
            fmt::format("there is another user '{}' already, who does not log in as this one of "
                        "the provider: remove one, or let the provider call this one otherwise",
                        user.name),
            user.name);
    if (there.users.empty() && user.role != Role::Administrator)
        return refuseLogin(LoginProblem::FirstUser,
                           "the first user has to be an administrator: who else would add others", user.name);
    if (there.users.size() >= kMaxUsers)
        return refuseLogin(LoginProblem::Failed,
                           fmt::format("there are {} users, the most there can be", kMaxUsers), user.name);
    StoredUser stored{.record = {.name = user.name,
                                 .role = user.role,
                                 .read = {"**"},
                                 .write = everythingFor(user.role),
                                 .disabled = false,
                                 .created = now,
                                 .lastLogin = {},
                                 .external = true},
                      .password = markOf(user)};
    noted = {.action = "user.add", .target = user.name, .after = rightsText(stored.record)};
    return stored;
}

Result<StoredUser, ExternalRefusal> Accounts::followProvider(StoredUser stored, const ExternalUser& user,
                                                             std::optional<Noted>& noted) {
    auto& record = stored.record;
    if (record.disabled)
        return refuseLogin(LoginProblem::Disabled, fmt::format("'{}' is disabled here", record.name),
                           user.name);
    if (record.role == user.role) return stored;
    if (user.role > record.role) {
        if (const auto may = mayBeNoted(); !may) return broken(user, may.error());
    }
    noted = {.action = "user.change", .target = record.name, .before = rightsText(record)};
    // What nobody has narrowed, because it meant nothing so far.
    if (record.role == Role::Viewer && record.write.empty()) record.write = everythingFor(user.role);
    // Also of the last administrator: the provider has taken it away, and the console is left.
    record.role = user.role;
    noted->after = rightsText(record);
    return stored;
}

}  // namespace tagwire::access
