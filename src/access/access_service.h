/// Who may do what, for the server: users, sessions and tokens, of which the file is written by one thread of
/// its own, and everything that is looked up lies in memory.
/// Thread: any may ask; answers come from its thread, or at once where too much waits. Lifetime: outlives
/// whoever asks; the audit trail outlives it. What waits when it is stopped is answered with BadShutdown.
///
/// A file that cannot be used locks the door: nobody is known, and nobody unknown becomes an engineer for it.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "access/access_services.h"
#include "access/accounts.h"
#include "access/live_credentials.h"
#include "access/options.h"
#include "access/throttle.h"
#include "base/counter.h"
#include "base/latest.h"
#include "model/service_thread.h"

namespace tagwire::access {

/// Of passwords, and of the clocks: other ones in tests.
struct AccessSurroundings {
    PasswordHasher::Cost cost;
    std::function<Timestamp()> now = wallClockNow;
    std::function<SteadyTime()> steadyNow = SteadyClock::now;
};

class AccessService final : public AccessServices {
public:
    /// Of all questions that wait. One more is answered with BadTooManyOperations.
    static constexpr std::size_t kMaxWaiting = 200;
    /// Of those the ones that hash a password, which come from anybody, and take a tenth of a second each.
    static constexpr std::size_t kMaxWaitingPasswords = 16;
    /// How often it is looked whether the console changed something, and what has expired.
    static constexpr std::chrono::milliseconds kTurn{500};
    /// A last use is written to the disk so late.
    static constexpr std::chrono::seconds kWriteUse{60};

    /// A relative folder of the options counts from `base`, the configuration's folder.
    AccessService(const AccessOptions& options, const std::filesystem::path& base, AuditTrail& audit,
                  AccessSurroundings surroundings = {});

    /// Reads the file, before anybody may ask.
    void start();
    void stop() noexcept;

    /// Why nobody is known; empty where all is well.
    [[nodiscard]] const std::string& problem() const noexcept { return problem_; }
    /// Of the link on the console; empty once there is a user.
    [[nodiscard]] std::string setUpSecret() const;

    struct Status {
        std::size_t users = 0;
        std::size_t sessions = 0;
        std::size_t tokens = 0;
        std::uint64_t logins = 0;
        std::uint64_t failedLogins = 0;
        std::uint64_t lockOuts = 0;
    };
    [[nodiscard]] Status status() const;

    [[nodiscard]] SharedGrant session(std::string_view cookie, Timestamp now) override;
    [[nodiscard]] SharedGrant token(std::string_view secret, Timestamp now) override;
    [[nodiscard]] bool hasUsers() const noexcept override { return hasUsers_.load(); }

    void login(Login login, ServiceAnswer<LoggedIn> answer) override;
    void setUp(SetUp setUp, ServiceAnswer<LoggedIn> answer) override;
    void mayLogIn(std::string address, ServiceAnswer<bool> answer) override;
    void loginExternal(ExternalLogin login, ServiceAnswer<LoginOutcome> answer) override;
    void logout(std::string sessionId, Asking asking, ServiceAnswer<bool> answer) override;
    void changeOwnPassword(std::string user, std::string old, std::string password, std::string keptSession,
                           Asking asking, ServiceAnswer<bool> answer) override;
    void users(ServiceAnswer<std::vector<UserRecord>> answer) override;
    void addUser(UserRecord user, std::string password, Asking asking,
                 ServiceAnswer<UserRecord> answer) override;
    void changeUser(UserChange change, Asking asking, ServiceAnswer<UserRecord> answer) override;
    void removeUser(std::string name, Asking asking, ServiceAnswer<bool> answer) override;
    void sessions(std::optional<std::string> user, ServiceAnswer<std::vector<SessionRecord>> answer) override;
    void endSession(std::string id, std::optional<std::string> of, Asking asking,
                    ServiceAnswer<bool> answer) override;
    void tokens(std::optional<std::string> user, ServiceAnswer<std::vector<TokenRecord>> answer) override;
    void makeToken(NewToken token, Asking asking, ServiceAnswer<MadeToken> answer) override;
    void revokeToken(std::string id, std::optional<std::string> of, Asking asking,
                     ServiceAnswer<bool> answer) override;

private:
    /// `work` runs on the thread, with the file open; what it changed counts from its answer on.
    template <class T, class Work>
    void post(const ServiceAnswer<T>& answer, Work work);
    /// The same, for what hashes a password.
    template <class T, class Work>
    void postPassword(const ServiceAnswer<T>& answer, Work work);
    /// The times of last use, of those not written yet, too.
    template <class Record>
    [[nodiscard]] static std::vector<Record> withLastUse(std::vector<Record> records,
                                                         const CredentialTable& live);

    [[nodiscard]] ServiceResult<LoggedIn> loginNow(const Login& login);
    [[nodiscard]] ServiceResult<LoggedIn> setUpNow(const SetUp& setUp);
    [[nodiscard]] LoginOutcome loginExternalNow(const ExternalLogin& login);
    void failedExternal(const ExternalRefusal& refusal, const std::string& address);
    [[nodiscard]] static Asking strangerAt(const std::string& address);
    [[nodiscard]] ServiceResult<LoggedIn> begin(const StoredUser& user, const std::string& address,
                                                const std::string& agent);
    [[nodiscard]] std::optional<ServiceFailure> lockedOut(const std::string& user,
                                                          const std::string& address) const;
    void failedLogin(const std::string& user, const std::string& address, std::string_view action);

    /// Every kTurn, and before each question.
    void turn();
    /// What the file says now is what counts from now on.
    void publish();
    void endIdle(Timestamp now);
    void writeUse(bool all);

    const std::chrono::minutes idle_;
    const std::chrono::hours longest_;
    const AccessSurroundings surroundings_;
    Accounts accounts_;         ///< the thread's
    Throttle nameThrottle_;     ///< the thread's
    Throttle addressThrottle_;  ///< the thread's
    std::int64_t version_ = 0;  ///< of the file as it was read last
    SteadyTime useWritten_{};
    std::string problem_;
    std::string setUpSecret_;
    Latest<LiveCredentials> live_;
    std::atomic<bool> hasUsers_{true};
    std::atomic<std::size_t> waitingPasswords_{0};
    Counter logins_;
    Counter failedLogins_;
    Counter lockOuts_;
    ServiceThread thread_{"tw-access", kMaxWaiting,
                          "too many questions about users are waiting: ask again in a moment"};
};

}  // namespace tagwire::access
