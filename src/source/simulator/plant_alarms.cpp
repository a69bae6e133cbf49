#include "source/simulator/plant_alarms.h"

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include "model/generated/status_codes.h"

namespace tagwire::source::simulator {
namespace {

using std::chrono::milliseconds;

bool feedPumpTripped(const PlantEvents& events, std::string_view /*about*/, milliseconds time) {
    return events.disturbances(time).feedPumpTrip;
}
bool chargePumpTripped(const PlantEvents& events, std::string_view /*about*/, milliseconds time) {
    return events.disturbances(time).chargePumpTrip;
}
bool strainerClogged(const PlantEvents& events, std::string_view /*about*/, milliseconds time) {
    return events.strainerClogged(time);
}
/// A reading that somebody has set by hand is no trouble.
bool instrumentInTrouble(const PlantEvents& events, std::string_view about, milliseconds time) {
    const auto trouble = events.sensorTrouble(time);
    return trouble && trouble->instrument == about && !trouble->status.isGood();
}

}  // namespace

struct PlantAlarms::Kind {
    /// A type of OPC UA (OPC 10000-9).
    struct Type {
        std::string_view id, name, conditionClass;
    };

    std::string_view about;
    std::string_view name;
    Type type;
    std::uint16_t severity;
    bool confirmable;
    std::string_view text;
    bool (*active)(const PlantEvents& events, std::string_view about, milliseconds time);
};

PlantAlarms::PlantAlarms(std::uint64_t seed, std::string_view prefix, Timestamp started)
    : events_(seed), started_(started) {
    static constexpr Kind::Type kTrip{"i=10751", "TripAlarmType", "ProcessConditionClassType"};
    static constexpr Kind::Type kOffNormal{"i=10637", "OffNormalAlarmType", "MaintenanceConditionClassType"};
    static constexpr Kind::Type kDiagnostic{"i=18347", "InstrumentDiagnosticAlarmType",
                                            "MaintenanceConditionClassType"};
    static constexpr std::array<Kind, 9> kKinds{{
        {"Unit100.P-101", "Trip", kTrip, 850, true, "Feed pump P-101 has tripped", feedPumpTripped},
        {"Unit200.P-201A", "Trip", kTrip, 700, true, "Charge pump P-201A has tripped, P-201B takes over",
         chargePumpTripped},
        {"Unit300.S-301", "Clogged", kOffNormal, 500, false, "Strainer S-301 of the cooling water is clogged",
         strainerClogged},
        {"Unit100.LI-102", "Trouble", kDiagnostic, 450, false, "Level transmitter LI-102 does not answer",
         instrumentInTrouble},
        {"Unit100.AI-107", "Trouble", kDiagnostic, 300, false, "Analyser AI-107 gives no new result",
         instrumentInTrouble},
        {"Unit100.TI-104", "Trouble", kDiagnostic, 300, false, "Thermometer TI-104 is not accurate",
         instrumentInTrouble},
        {"Unit200.TI-204", "Trouble", kDiagnostic, 450, false, "Thermometer TI-204 has failed",
         instrumentInTrouble},
        {"Unit200.AI-207", "Trouble", kDiagnostic, 200, false, "Analyser AI-207 works with fewer sensors",
         instrumentInTrouble},
        {"Unit300.FI-301", "Trouble", kDiagnostic, 300, false, "Flow meter FI-301 is not accurate",
         instrumentInTrouble},
    }};
    for (const Kind& kind : kKinds) add(prefix, kind);
}

void PlantAlarms::add(std::string_view prefix, const Kind& kind) {
    const auto path = fmt::format("{}{}Plant.{}", prefix, prefix.empty() ? "" : ".", kind.about);
    Alarm alarm{.condition = {},
                .confirmable = kind.confirmable,
                .active = kind.active,
                .about = std::string(kind.about),
                .text = std::string(kind.text),
                .known = {}};
    SourceCondition& condition = alarm.condition;
    condition.key.condition = fmt::format("s={}.{}", path, kind.name);
    condition.name = kind.name;
    condition.className = kind.type.conditionClass;
    condition.event.type = kind.type.id;
    condition.event.typeName = kind.type.name;
    condition.event.sourceNode = fmt::format("s={}", path);
    condition.event.sourceName = path;
    condition.event.severity = kind.severity;
    condition.event.condition = condition.key.condition;
    condition.lastSeverity = kind.severity;
    condition.retain = false;
    condition.active = false;
    condition.acked = true;
    if (kind.confirmable) condition.confirmed = true;
    alarms_.push_back(std::move(alarm));
}

EventBatch PlantAlarms::scan(const Scan& scan, Timestamp now) {
    EventBatch batch;
    if (!std::exchange(begun_, true)) batch.current = true;
    for (Alarm& alarm : alarms_) {
        SourceCondition& condition = alarm.condition;
        const bool active = alarm.active(events_, alarm.about, scan.elapsed);
        if (condition.active == active) continue;
        condition.active = active;
        if (active) {
            condition.acked = false;
            if (alarm.confirmable) condition.confirmed = false;
            condition.comment = {};
            condition.clientUser.clear();
            alarm.known.clear();
        }
        tell(alarm, active ? alarm.text : alarm.text + ": over", now, batch);
    }
    return batch;
}

ConditionAnswer PlantAlarms::act(const ConditionOrder& order, Timestamp now, EventBatch& batch) {
    const auto refused = [&order](StatusCode status) {
        return ConditionAnswer{status, refusalText(order.method, status)};
    };
    const auto found = std::ranges::find_if(
        alarms_, [&order](const Alarm& alarm) { return alarm.condition.key == order.key; });
    if (found == alarms_.end() || !found->condition.retain) return refused(kBadNodeIdUnknown);
    SourceCondition& condition = found->condition;
    if (order.method == ConditionMethod::Confirm && !found->confirmable) return refused(kBadMethodInvalid);
    if (const auto done = alreadyDone(order.method, condition)) return refused(*done);
    if (std::ranges::find(found->known, order.eventId) == found->known.end())
        return refused(kBadEventIdUnknown);
    switch (order.method) {
        case ConditionMethod::Acknowledge: condition.acked = true; break;
        case ConditionMethod::Confirm:
            if (condition.acked != true) return refused(kBadInvalidState);
            condition.confirmed = true;
            break;
        case ConditionMethod::AddComment: break;
    }
    condition.comment = order.comment;
    condition.clientUser = order.user;
    tell(*found, found->text, now, batch);
    return {};
}

void PlantAlarms::tell(Alarm& alarm, std::string message, Timestamp now, EventBatch& batch) {
    SourceCondition& condition = alarm.condition;
    condition.event.id = nextId();
    condition.event.time = now;
    condition.event.receiveTime = now;
    condition.event.message = {"en", std::move(message)};
    condition.retain = condition.active == true || condition.acked == false || condition.confirmed == false;
    alarm.known.push_back(condition.event.id);
    if (alarm.known.size() > kMaxKnown) alarm.known.erase(alarm.known.begin());
    batch.events.push_back(std::make_shared<const SourceEvent>(condition.event));
    batch.conditions.push_back(
        {condition.key, condition.retain ? std::make_shared<const SourceCondition>(condition) : nullptr});
}

std::string PlantAlarms::nextId() {
    std::string id;
    for (const auto number : {static_cast<std::uint64_t>(started_.time_since_epoch().count()), ++told_}) {
        for (int shift = 56; shift >= 0; shift -= 8)
            id.push_back(static_cast<char>(number >> static_cast<unsigned>(shift) & 0xFFU));
    }
    return id;
}

}  // namespace tagwire::source::simulator
