/// The rules of writing to the plant: each order is checked whole, written once, read back and written down
/// (docs/writing.md). WriteDesk gives it its thread.
/// Thread: one, the desk's. Lifetime: the directory, the audit trail and `later` outlive it and every answer
/// of a source.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "control/held_buttons.h"
#include "control/write_job.h"
#include "control/write_keys.h"
#include "control/write_log.h"
#include "model/write_services.h"

namespace tagwire::control {

class Desk {
public:
    /// Jobs that wait for the turn of their tags. One more is answered with BadTooManyOperations.
    static constexpr std::size_t kMaxWaiting = 1'000;
    /// How long the press and the release of a button may take to reach the source.
    static constexpr std::chrono::milliseconds kButtonTtl{3'000};

    Desk(const WriterDirectory& writers, AuditTrail& trail, WriteJobs::Later later,
         std::function<SteadyTime()> now, std::function<Timestamp()> wallClock)
        : writers_(writers),
          log_(trail, std::move(wallClock)),
          jobs_(writers, std::move(later)),
          now_(std::move(now)) {}

    void write(WriteOrder order, SteadyTime asked, const ServiceAnswer<std::vector<WriteResult>>& answer);
    void press(ButtonId id, ButtonPress press, SteadyTime asked, const ServiceAnswer<WriteResult>& answer);
    void hold(ButtonId id, const ServiceAnswer<bool>& answer);
    void release(ButtonId id, ReleaseCause cause, const ServiceAnswer<WriteResult>& answer);

    /// Does what is due. Call it after everything else.
    void turn();
    /// When turn() has something to do by itself.
    [[nodiscard]] SteadyTime nextTurn() const noexcept { return buttons_.nextDue(); }

    /// Takes nothing more and lets every button go.
    void beginStop();
    /// Nothing is on its way any more.
    [[nodiscard]] bool idle() const noexcept { return jobs_.open() == 0 && buttons_.size() == 0; }
    /// Gives up what is not answered, and writes that down.
    void abandon();

    /// Thread: any.
    [[nodiscard]] const WriteCounts& counts() const noexcept { return log_.counts(); }
    [[nodiscard]] std::size_t heldButtons() const noexcept { return buttons_.size(); }

private:
    using Results = std::vector<WriteResult>;

    /// Why no order at all can be taken now.
    [[nodiscard]] std::optional<ServiceFailure> closed() const;
    void refuseWhole(std::string_view action, const WriteAsker& by, const std::vector<OrderedWrite>& writes,
                     std::string_view why);
    /// The values as their tags take them; where one of them is refused, what to answer instead.
    [[nodiscard]] Result<std::vector<TagWrite>, Results> checked(const WriteOrder& order);
    void pressAnswered(ButtonId id, const WriteAsker& by, const TagWrite& write, const Value& before,
                       ServiceResult<std::vector<TagWritten>> result,
                       const ServiceAnswer<WriteResult>& answer);
    void sendRelease(ButtonId id);
    void releaseAnswered(ButtonId id, ServiceResult<std::vector<TagWritten>> result);
    void endButton(ButtonId id, const ServiceResult<WriteResult>& result);

    const WriterDirectory& writers_;
    WriteLog log_;
    WriteKeys keys_;
    WriteJobs jobs_;
    HeldButtons buttons_;
    std::function<SteadyTime()> now_;
    bool stopping_ = false;
};

}  // namespace tagwire::control
