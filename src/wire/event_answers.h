/// Bodies of the HTTP routes about events and conditions (OpenAPI document), and their elements, as text.
/// Thread: any. Lifetime: functions. All append to `out`.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/time.h"
#include "model/condition_services.h"
#include "model/source_events.h"

namespace tagwire::wire {

void appendEvent(std::string& out, const NumberedEvent& event);
void appendCondition(std::string& out, const SourceCondition& condition);

struct EventsQuery {
    /// Only events with a greater number.
    std::uint64_t after = 0;
    std::size_t limit = SourceEvents::kRecent;
};
void appendEventsAnswer(std::string& out, const SourceEventsSnapshot& events, EventsQuery query,
                        Timestamp now, std::string_view boot);
/// What came of an order for a condition.
void appendConditionAnswer(std::string& out, const ConditionAnswer& answer);
void appendConditionsAnswer(std::string& out, const SourceEventsSnapshot& events, Timestamp now);

}  // namespace tagwire::wire
