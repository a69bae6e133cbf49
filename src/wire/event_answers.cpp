#include "wire/event_answers.h"

#include <optional>

#include "base/json_text.h"
#include "model/value_json.h"
#include "wire/frames.h"

namespace tagwire::wire {
namespace {

void writeText(ObjectWriter& object, std::string_view name, const LocalizedText& text) {
    ObjectWriter writer(object.key(name));
    if (!text.locale.empty()) writer.member("locale", text.locale);
    writer.member("text", text.text);
}

void writeUnlessEmpty(ObjectWriter& object, std::string_view name, std::string_view text) {
    if (!text.empty()) object.member(name, text);
}

void writeFlag(ObjectWriter& object, std::string_view name, std::optional<bool> flag) {
    if (flag) object.member(name, *flag);
}

/// What events and conditions have in common.
void writeEvent(ObjectWriter& object, const SourceEvent& event) {
    if (!event.id.empty()) {
        auto& out = object.key("id");
        out += '"';
        appendBase64(out, event.id);
        out += '"';
    }
    object.member("type", event.type);
    writeUnlessEmpty(object, "typeName", event.typeName);
    writeUnlessEmpty(object, "node", event.sourceNode);
    writeUnlessEmpty(object, "name", event.sourceName);
    object.member("ts", event.time);
    object.member("rts", event.receiveTime);
    object.member("sev", event.severity);
    writeText(object, "text", event.message);
    writeUnlessEmpty(object, "cond", event.condition);
    writeUnlessEmpty(object, "branch", event.branch);
}

std::string_view shelvingName(Shelving shelving) noexcept {
    switch (shelving) {
        case Shelving::Unshelved: break;
        case Shelving::Timed: return "timed";
        case Shelving::OneShot: return "one_shot";
    }
    return "unshelved";
}

void writeActions(ObjectWriter& object, ConditionActions can) {
    auto& out = object.key("can");
    out += '[';
    if (can.acknowledge) out += R"("acknowledge",)";
    if (can.confirm) out += R"("confirm",)";
    if (can.comment) out += R"("comment",)";
    closeList(out);
}

}  // namespace

void appendEvent(std::string& out, const NumberedEvent& event) {
    ObjectWriter object(out);
    object.member("no", event.number);
    writeEvent(object, *event.event);
    if (event.event->refreshed) object.member("refreshed", true);
}

void appendCondition(std::string& out, const SourceCondition& condition) {
    ObjectWriter object(out);
    writeEvent(object, condition.event);
    writeUnlessEmpty(object, "condName", condition.name);
    writeUnlessEmpty(object, "class", condition.className);
    if (condition.lastSeverity > 0) object.member("lastSev", condition.lastSeverity);
    object.member("enabled", condition.enabled);
    writeFlag(object, "active", condition.active);
    writeFlag(object, "acked", condition.acked);
    writeFlag(object, "confirmed", condition.confirmed);
    writeFlag(object, "suppressed", condition.suppressed);
    writeFlag(object, "outOfService", condition.outOfService);
    if (condition.shelving) object.member("shelving", shelvingName(*condition.shelving));
    writeUnlessEmpty(object, "limit", condition.limitState);
    if (!condition.comment.text.empty()) writeText(object, "comment", condition.comment);
    writeUnlessEmpty(object, "user", condition.clientUser);
    object.member("q", condition.quality.code());
    writeActions(object, allowedActions(condition));
}

void appendEventsAnswer(std::string& out, const SourceEventsSnapshot& events, EventsQuery query,
                        Timestamp now, std::string_view boot) {
    ObjectWriter object(out);
    object.member("now", now);
    object.member("boot", boot);
    object.member("last", events.last);
    object.member("losses", events.overflows);
    auto& list = object.key("events");
    list += '[';
    std::size_t listed = 0;
    for (const NumberedEvent& event : events.events) {
        if (event.number <= query.after) continue;
        if (listed++ == query.limit) break;
        appendEvent(list, event);
        list += ',';
    }
    closeList(list);
}

void appendConditionAnswer(std::string& out, const ConditionAnswer& answer) {
    ObjectWriter object(out);
    object.member("status", answer.status.code());
    writeUnlessEmpty(object, "msg", answer.message);
}

void appendConditionsAnswer(std::string& out, const SourceEventsSnapshot& events, Timestamp now) {
    ObjectWriter object(out);
    object.member("now", now);
    object.member("current", events.current);
    object.member("refused", events.refused);
    auto& list = object.key("conditions");
    list += '[';
    for (const auto& [key, condition] : *events.conditions) {
        appendCondition(list, *condition);
        list += ',';
    }
    closeList(list);
}

}  // namespace tagwire::wire
