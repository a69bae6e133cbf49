#include "wire/rest_answers.h"

#include "base/json_text.h"
#include "model/value_json.h"
#include "wire/json_list.h"
#include "wire/value_members.h"

namespace tagwire::wire {

namespace {

void writeList(ObjectWriter& object, std::string_view name, std::string_view elements) {
    auto& out = object.key(name);
    out += '[';
    out += elements;
    closeList(out);
}

}  // namespace

void appendInfo(std::string& out, const Info& info) {
    ObjectWriter object(out);
    object.member("server", info.server);
    object.member("protocol", kSubprotocol);
    object.member("boot", info.boot);
    object.member("now", info.now);
    object.member("started", info.started);
    if (!info.zone.empty()) object.member("zone", info.zone);
    object.member("seq", info.seq);
    object.member("tags", info.tags);
    object.member("sources", info.sources);
    object.member("clients", info.clients);
    object.member("ping", info.ping.count());
    appendSessionLimits(object.key("max"), info.limits);
}

void appendTagsPage(std::string& out, const TagsPage& page) {
    ObjectWriter object(out);
    object.member("total", page.total);
    writeList(object, "tags", page.tagDescs);
    if (page.next) object.member("next", *page.next);
}

void appendNamedValue(std::string& out, std::string_view path, TagId tag, const DataValue& value) {
    ObjectWriter object(out);
    object.member("n", path);
    object.member("h", tag);
    writeValueMembers(object, value);
}

void appendValuesAnswer(std::string& out, const ValuesAnswer& answer) {
    ObjectWriter object(out);
    object.member("now", answer.now);
    object.member("seq", answer.seq);
    object.member("boot", answer.boot);
    writeList(object, "values", answer.namedValues);
    appendBadTags(object.key("bad"), answer.bad);
}

void appendSourcesAnswer(std::string& out, std::span<const SourceState> sources) {
    ObjectWriter object(out);
    auto& list = object.key("sources");
    list += '[';
    for (const auto& source : sources) {
        appendSourceStatus(list, source);
        list += ',';
    }
    closeList(list);
}

void appendSourceFile(std::string& out, const SourceFile& file) {
    ObjectWriter object(out);
    object.member("name", file.name);
    object.member("file", file.file);
}

void appendSourceDetail(std::string& out, const SourceState& source, const SourceDiagnostics* diagnostics) {
    const SourceDiagnostics nothing;
    const SourceDiagnostics& inside = diagnostics == nullptr ? nothing : *diagnostics;
    ObjectWriter object(out);
    writeSourceStatus(object, source);
    if (!inside.endpoint.empty()) object.member("inUse", inside.endpoint);
    if (!inside.serverState.empty()) object.member("serverState", inside.serverState);
    if (inside.serviceLevel) object.member("serviceLevel", *inside.serviceLevel);
    if (inside.serverStarted) object.member("serverStarted", *inside.serverStarted);
    if (inside.clockSkew) object.member("clockSkew", inside.clockSkew->count());
    if (inside.roundTrip) object.member("roundTrip", inside.roundTrip->count());
    {
        ObjectWriter counts(object.key("counts"));
        for (const SourceCount& count : inside.counts) counts.member(count.name, count.value);
    }
    appendJsonList(object.key("subscriptions"), inside.subscriptions,
                   [](std::string& text, const SubscriptionDiagnostics& subscription) {
                       ObjectWriter entry(text);
                       entry.member("id", subscription.id);
                       entry.member("asked", subscription.askedInterval.count());
                       entry.member("interval", subscription.publishingInterval.count());
                       entry.member("keepAlive", subscription.keepAliveCount);
                       entry.member("lifetime", subscription.lifetimeCount);
                       entry.member("items", subscription.items);
                       entry.member("silence", subscription.silence.count());
                   });
}

void appendErrorBody(std::string& out, ErrorCode code, std::string_view message) {
    ObjectWriter object(out);
    object.member("code", nameOf(code));
    object.member("msg", message);
}

void appendFlatEvent(std::string& out, std::string_view path, const DataValue& value) {
    ObjectWriter object(out);
    object.member("tag", path);
    appendValue(object.key("value"), value.value);
    if (value.sourceTime != Timestamp{}) object.member("ts", value.sourceTime);
    object.member("q", value.status.code());
}

}  // namespace tagwire::wire
