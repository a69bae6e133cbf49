/// A thread that does what is asked of it, one after the other, for services whose files may be slow.
/// Thread: post any, start and stop by the owner. Lifetime: what the work needs outlives it; what waits when
/// it is stopped is answered with BadShutdown.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>

#include "base/doorbell.h"
#include "base/mailbox.h"
#include "model/generated/status_codes.h"
#include "model/service_answer.h"

namespace tagwire {

class ServiceThread {
public:
    /// `capacity`: of what waits, by weight. One more is answered with BadTooManyOperations and `tooMany`.
    /// `name` outlives it.
    ServiceThread(const char* name, std::size_t capacity, std::string tooMany)
        : name_(name), tooMany_(std::move(tooMany)), tasks_(capacity, [this] { bell_.ring(); }) {}
    ~ServiceThread() { stop(); }
    ServiceThread(const ServiceThread&) = delete;
    ServiceThread& operator=(const ServiceThread&) = delete;

    /// Before it is started: what is done besides, about so often, also while much is asked. The last time
    /// is just before the thread ends.
    void every(std::chrono::milliseconds interval, std::function<void()> turn) {
        interval_ = interval;
        turn_ = std::move(turn);
    }
    void start();
    void stop() noexcept;

    /// `work` returns a ServiceResult<T>. The answer comes from the thread, or at once where too much waits.
    template <class T, class Work>
    void post(const ServiceAnswer<T>& answer, std::size_t weight, Work work) {
        Task task = [answer, work = std::move(work)](bool running) mutable {
            answer(running ? work()
                           : ServiceResult<T>(failure(kBadShutdown,
                                                      "the program is stopping: ask again when it is back")));
        };
        if (!tasks_.tryPush(std::move(task), weight)) answer(failure(kBadTooManyOperations, tooMany_));
    }

private:
    /// Run with false where the program stops.
    using Task = std::function<void(bool running)>;

    void work(const std::stop_token& stop);

    const char* name_;
    const std::string tooMany_;
    Doorbell bell_;
    Mailbox<Task> tasks_;
    std::chrono::milliseconds interval_ = std::chrono::hours{1};
    std::function<void()> turn_;
    std::jthread thread_;
};

}  // namespace tagwire
