/// What people do with the conditions of a source, by the rules of OPC 10000-9, 5.5.5 and 5.7.3.
/// Thread: any may ask; the answer comes once, from the source's own thread, or at once. Lifetime: the
/// source's; whoever asks keeps what the answer needs alive.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/time.h"
#include "model/service_answer.h"
#include "model/source_event.h"

namespace tagwire {

enum class ConditionMethod : std::uint8_t { Acknowledge, Confirm, AddComment };

struct ConditionOrder {
    ConditionMethod method = ConditionMethod::Acknowledge;
    ConditionKey key;
    /// Of the condition's latest event, which is another one after every change: Confirm after Acknowledge
    /// names that of the event that told of the Acknowledge.
    std::string eventId;
    LocalizedText comment;
    /// Who wants it, for sources that have no users of their own.
    std::string user;
};

/// What came of it: the source's status, and for a refusal what happened and what to do.
struct ConditionAnswer {
    StatusCode status;
    /// Empty when it was done.
    std::string message;
};

/// Why the source refused, in words an operator understands; empty for a status that is not Bad.
[[nodiscard]] std::string refusalText(ConditionMethod method, StatusCode status);

/// Why there is nothing to do any more, as far as the condition is known. Some servers answer Good to what is
/// done already (OPC 10000-9, 5.7.3 wants them to refuse it).
[[nodiscard]] std::optional<StatusCode> alreadyDone(ConditionMethod method, const SourceCondition& condition);

class ConditionServices {
public:
    ConditionServices() = default;
    ConditionServices(const ConditionServices&) = delete;
    ConditionServices& operator=(const ConditionServices&) = delete;
    virtual ~ConditionServices() = default;

    /// A failure means that nothing was sent. Nothing ever waits for a connection, and nothing begins after
    /// `deadline`.
    virtual void act(ConditionOrder order, SteadyTime deadline, ServiceAnswer<ConditionAnswer> answer) = 0;
};

}  // namespace tagwire
