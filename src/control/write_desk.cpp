#include "control/write_desk.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "base/thread_name.h"
#include "model/generated/status_codes.h"

namespace tagwire::control {
namespace {

/// The doorbell wakes it before that where there is something to do.
constexpr std::chrono::hours kLongWait{1};

ServiceFailure stopped() { return {kBadShutdown, "the server stops: nothing was written"}; }

}  // namespace

WriteDesk::WriteDesk(const WriterDirectory& writers, AuditTrail& trail)
    : desk_(
          writers, trail, [this](Task task) { static_cast<void>(tasks_.tryPush(std::move(task), 0)); },
          [] { return SteadyClock::now(); }, [] { return wallClockNow(); }) {}

void WriteDesk::start() {
    thread_ = std::jthread([this](const std::stop_token& stop) { work(stop); });
}

void WriteDesk::stop() noexcept {
    thread_.request_stop();
    bell_.ring();
    if (thread_.joinable()) thread_.join();
    stopped_ = true;
    // What waits still answers for itself, as it is destroyed.
    std::vector<Task> left;
    tasks_.drain(left);
}

bool WriteDesk::post(Task task, std::size_t weight) {
    // Nobody is there to take it; it answers for itself, as it goes.
    if (stopped_) return true;
    return tasks_.tryPush(std::move(task), weight);
}

void WriteDesk::write(WriteOrder order, ServiceAnswer<std::vector<WriteResult>> answer) {
    const auto weight = std::max<std::size_t>(1, order.writes.size());
    auto once = std::make_shared<OneAnswer<std::vector<WriteResult>>>(std::move(answer), stopped());
    Task task = [this, order = std::move(order), asked = SteadyClock::now(), once]() mutable {
        desk_.write(std::move(order), asked, [once](auto result) { once->give(std::move(result)); });
    };
    if (!post(std::move(task), weight))
        once->give(failure(kBadTooManyOperations, "too many orders wait already: write again in a moment"));
}

ButtonId WriteDesk::press(ButtonPress press, ServiceAnswer<WriteResult> answer) {
    const ButtonId id{lastButton_.fetch_add(1, std::memory_order_relaxed) + 1};
    auto once = std::make_shared<OneAnswer<WriteResult>>(std::move(answer), stopped());
    Task task = [this, id, press = std::move(press), asked = SteadyClock::now(), once]() mutable {
        desk_.press(id, std::move(press), asked, [once](auto result) { once->give(std::move(result)); });
    };
    if (!post(std::move(task), 1))
        once->give(failure(kBadTooManyOperations, "too many orders wait already: press again in a moment"));
    return id;
}

void WriteDesk::hold(ButtonId button, ServiceAnswer<bool> answer) {
    // A flood of them may not grow: those that find no place count for nothing, as if they had not come.
    static_cast<void>(post([this, button, answer = std::move(answer)] { desk_.hold(button, answer); }, 1));
}

void WriteDesk::release(ButtonId button, ReleaseCause cause, ServiceAnswer<WriteResult> answer) {
    auto once = std::make_shared<OneAnswer<WriteResult>>(std::move(answer), stopped());
    static_cast<void>(
        post([this, button, cause,
              once] { desk_.release(button, cause, [once](auto result) { once->give(std::move(result)); }); },
             0));
}

void WriteDesk::obey() {
    std::vector<Task> tasks;
    tasks_.drain(tasks);
    for (Task& task : tasks) task();
    desk_.turn();
}

void WriteDesk::work(const std::stop_token& stop) {
    nameThisThread("tw-control");
    while (!stop.stop_requested()) {
        obey();
        bell_.waitUntil(std::min(desk_.nextTurn(), SteadyClock::now() + kLongWait));
    }
    desk_.beginStop();
    const auto end = SteadyClock::now() + kStopPatience;
    for (obey(); !desk_.idle() && SteadyClock::now() < end; obey())
        bell_.waitUntil(std::min(desk_.nextTurn(), end));
    desk_.abandon();
}

}  // namespace tagwire::control
