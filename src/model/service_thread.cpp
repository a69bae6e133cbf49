#include "model/service_thread.h"

#include <chrono>
#include <vector>

#include "base/thread_name.h"

namespace tagwire {

void ServiceThread::start() {
    thread_ = std::jthread([this](const std::stop_token& stop) { work(stop); });
}

void ServiceThread::stop() noexcept {
    thread_.request_stop();
    bell_.ring();
    if (thread_.joinable()) thread_.join();
    std::vector<Task> left;
    tasks_.drain(left);
    for (Task& task : left) task(false);
}

void ServiceThread::work(const std::stop_token& stop) {
    nameThisThread(name_);
    std::vector<Task> tasks;
    auto next = SteadyClock::now() + interval_;
    while (!stop.stop_requested()) {
        tasks.clear();
        // One at a time, so that those that wait are counted.
        if (tasks_.drain(tasks, 1)) {
            for (Task& task : tasks) task(true);
        } else {
            bell_.waitUntil(next);  // a stop rings, too
        }
        if (SteadyClock::now() < next) continue;
        if (turn_) turn_();
        next = SteadyClock::now() + interval_;
    }
    if (turn_) turn_();
}

}  // namespace tagwire
