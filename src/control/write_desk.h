/// The desk for writing to the plant, on a thread of its own.
/// Thread: any may ask; start and stop by the owner. Lifetime: the directory and the audit trail outlive it;
/// it outlives whoever asks, and the sources, whose answers may come until they have stopped.
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <stop_token>
#include <thread>

#include "base/doorbell.h"
#include "base/mailbox.h"
#include "control/desk.h"
#include "model/write_services.h"

namespace tagwire::control {

/// Its queue takes orders by the number of their values. Full: orders are answered with BadTooManyOperations,
/// and signs of life of buttons are dropped. Releases and answers of sources are always taken: buttons and
/// open orders bound them.
class WriteDesk final : public WriteServices {
public:
    static constexpr std::size_t kMaxQueued = 10'000;
    /// How long buttons and open orders have when the program stops.
    static constexpr std::chrono::milliseconds kStopPatience{1'000};

    WriteDesk(const WriterDirectory& writers, AuditTrail& trail);
    ~WriteDesk() override { stop(); }
    WriteDesk(const WriteDesk&) = delete;
    WriteDesk& operator=(const WriteDesk&) = delete;

    void start();
    /// Before the sources stop: every button is let go. Once more after whoever asks has stopped: what came
    /// meanwhile is answered.
    void stop() noexcept;

    void write(WriteOrder order, ServiceAnswer<std::vector<WriteResult>> answer) override;
    [[nodiscard]] ButtonId press(ButtonPress press, ServiceAnswer<WriteResult> answer) override;
    void hold(ButtonId button, ServiceAnswer<bool> answer) override;
    void release(ButtonId button, ReleaseCause cause, ServiceAnswer<WriteResult> answer) override;

    [[nodiscard]] const WriteCounts& counts() const noexcept { return desk_.counts(); }

private:
    using Task = std::function<void()>;

    /// False where too much waits, or nobody works here any more.
    [[nodiscard]] bool post(Task task, std::size_t weight);
    void work(const std::stop_token& stop);
    void obey();

    Doorbell bell_;
    Mailbox<Task> tasks_{kMaxQueued, [this] { bell_.ring(); }};
    Desk desk_;
    std::atomic<std::uint64_t> lastButton_{0};
    std::atomic<bool> stopped_{false};
    std::jthread thread_;
};

}  // namespace tagwire::control
