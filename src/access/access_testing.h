/// An AccessService with clocks that stand still, a trail that remembers, and cheap hashes, for tests.
/// Thread: the test's. Lifetime: the test's.
#pragma once

#include <atomic>
#include <chrono>
#include <fstream>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "access/access_service.h"
#include "base/folder_testing.h"

namespace tagwire::access {

class RememberedTrail final : public AuditTrail {
public:
    [[nodiscard]] bool ready() const noexcept override { return isReady; }
    void record(AuditEntry entry) override {
        const std::scoped_lock lock(mutex_);
        entries_.push_back(std::move(entry));
    }
    /// `action target outcome`, of each entry.
    [[nodiscard]] std::vector<std::string> lines() const {
        const std::scoped_lock lock(mutex_);
        std::vector<std::string> lines;
        for (const auto& entry : entries_) {
            const auto* outcome = entry.outcome == AuditOutcome::Done      ? "done"
                                  : entry.outcome == AuditOutcome::Refused ? "refused"
                                                                           : "failed";
            lines.push_back(entry.action + " " + entry.target + " " + outcome);
        }
        return lines;
    }
    [[nodiscard]] AuditEntry last() const {
        const std::scoped_lock lock(mutex_);
        return entries_.empty() ? AuditEntry{} : entries_.back();
    }

    std::atomic<bool> isReady{true};

private:
    mutable std::mutex mutex_;
    std::vector<AuditEntry> entries_;
};

/// What a function that answers later answers.
template <class T, class Ask>
[[nodiscard]] ServiceResult<T> answerOf(Ask ask) {
    auto promise = std::make_shared<std::promise<ServiceResult<T>>>();
    auto future = promise->get_future();
    ask(ServiceAnswer<T>([promise](ServiceResult<T> result) { promise->set_value(std::move(result)); }));
    return future.get();
}

class AccessFixture {
public:
    explicit AccessFixture(AccessOptions options = {}) : options_(std::move(options)) { begin(); }
    ~AccessFixture() { close(); }
    AccessFixture(const AccessFixture&) = delete;
    AccessFixture& operator=(const AccessFixture&) = delete;

    /// As if the program had been started again.
    void restart() {
        close();
        begin();
    }
    /// Stops it; it can still be asked.
    void end() { service_->stop(); }
    /// Its file is closed, too.
    void close() {
        if (service_) service_->stop();
        service_.reset();
    }
    void pass(std::chrono::seconds time) { seconds_ += time.count(); }
    [[nodiscard]] Timestamp now() const {
        return fromUnixMillis(1'795'000'000'000) + std::chrono::seconds(seconds_.load());
    }
    [[nodiscard]] AccessService& service() noexcept { return *service_; }
    [[nodiscard]] RememberedTrail& trail() noexcept { return trail_; }
    [[nodiscard]] std::filesystem::path file() const { return folder_.path() / "security" / kAccessFile; }
    [[nodiscard]] std::filesystem::path folder() const { return folder_.path(); }
    /// All that the thread has to do has been done.
    void settle() {
        static_cast<void>(
            answerOf<std::vector<UserRecord>>([&](auto answer) { service_->users(std::move(answer)); }));
    }

    [[nodiscard]] ServiceResult<LoggedIn> setUp(const std::string& user = "root") {
        return answerOf<LoggedIn>([&](auto answer) {
            service_->setUp({.secret = service_->setUpSecret(),
                             .user = user,
                             .password = kPassword,
                             .address = "10.0.0.1",
                             .agent = "test"},
                            std::move(answer));
        });
    }
    [[nodiscard]] ServiceResult<LoggedIn> login(const std::string& user,
                                                const std::string& password = kPassword,
                                                const std::string& address = "10.0.0.1") {
        return answerOf<LoggedIn>([&](auto answer) {
            service_->login({.user = user, .password = password, .address = address, .agent = "test"},
                            std::move(answer));
        });
    }
    [[nodiscard]] ServiceResult<UserRecord> add(const std::string& user, Role role = Role::Operator,
                                                const std::string& password = kPassword) {
        return answerOf<UserRecord>([&](auto answer) {
            service_->addUser({.name = user,
                               .role = role,
                               .read = {"**"},
                               .write = {"Line1.**"},
                               .disabled = false,
                               .created = {},
                               .lastLogin = {}},
                              password, kAdmin, std::move(answer));
        });
    }
    [[nodiscard]] ServiceResult<UserRecord> change(const UserChange& change) {
        return answerOf<UserRecord>(
            [&](auto answer) { service_->changeUser(change, kAdmin, std::move(answer)); });
    }
    [[nodiscard]] ServiceResult<MadeToken> makeToken(const std::string& user, Role role = Role::Viewer,
                                                     const std::string& name = "script") {
        return answerOf<MadeToken>([&](auto answer) {
            service_->makeToken(
                {.name = name, .user = user, .role = role, .read = {"**"}, .write = {}, .expires = {}},
                kAdmin, std::move(answer));
        });
    }

    inline static const std::string kPassword = "correct horse battery";
    inline static const Asking kAdmin{.user = "root", .token = {}, .address = "10.0.0.1"};

private:
    void begin() {
        service_ = std::make_unique<AccessService>(
            options_, folder_.path(), trail_,
            AccessSurroundings{.cost = {.passes = 1, .memoryBytes = 8192},
                               .now = [this] { return now(); },
                               .steadyNow =
                                   [this] {
                                       return SteadyTime{std::chrono::hours{1}} +
                                              std::chrono::seconds(seconds_.load());
                                   }});
        service_->start();
    }

    AccessOptions options_;
    TestFolder folder_;
    RememberedTrail trail_;
    std::atomic<std::int64_t> seconds_{0};
    std::unique_ptr<AccessService> service_;
};

}  // namespace tagwire::access
