/// The hist requests of one connection: asked, answered in parts, cancelled when they are not wanted any
/// more. Thread: the shard's; the history answers from its own. Lifetime: owned by the session; what the
/// history answers after its end finds nobody.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "model/service_answer.h"
#include "serve/answer_in_parts.h"
#include "serve/history_question.h"
#include "wire/generated/protocol.h"

namespace tagwire::serve {

class Shard;

class HistoryRequests {
public:
    struct Outlet {
        /// Queues an answer of many frames.
        std::function<void(std::unique_ptr<AnswerInParts>)> send;
        /// Answers err; cancelled requests are no offence of the client.
        std::function<void(wire::RequestId, const HistoryRefusal&)> refuse;
    };

    HistoryRequests(Shard& shard, Outlet outlet);
    /// Cancels what still waits.
    ~HistoryRequests();
    HistoryRequests(const HistoryRequests&) = delete;
    HistoryRequests& operator=(const HistoryRequests&) = delete;

    /// At most wire::kMaxHistoryRequests wait for their answers, or for the client to take them.
    /// `sight`: of whoever asks.
    void ask(const wire::HistFrame& request, TagSight sight);
    /// Nothing happens where no request of this number waits.
    void cancel(wire::RequestId id);

private:
    struct Open;
    class Parts;
    struct Shared;

    static void answered(const std::shared_ptr<Shared>& shared, const std::shared_ptr<Open>& open,
                         ServiceResult<HistoryAnswer> result);

    std::shared_ptr<Shared> shared_;
};

}  // namespace tagwire::serve
