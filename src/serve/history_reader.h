/// What the server asks the history; implemented by the composition root.
/// Thread: ask() by any shard's; the answer comes once, from another thread or at once. Lifetime: outlives
/// the server; whoever asks keeps what the answer needs alive.
#pragma once

#include <stop_token>

#include "model/history_query.h"
#include "model/service_answer.h"

namespace tagwire::serve {

class HistoryReader {
public:
    HistoryReader() = default;
    HistoryReader(const HistoryReader&) = delete;
    HistoryReader& operator=(const HistoryReader&) = delete;
    virtual ~HistoryReader() = default;

    /// A query that cannot be right is answered with BadInvalidArgument, one too many at a time with
    /// BadTooManyOperations, one whose `stop` was requested, or that was waiting when the program stopped,
    /// with BadRequestCancelledByClient or BadShutdown.
    virtual void ask(HistoryQuery query, std::stop_token stop, ServiceAnswer<HistoryAnswer> answer) = 0;
};

}  // namespace tagwire::serve
