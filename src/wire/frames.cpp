#include "wire/frames.h"

#include "base/json_text.h"
#include "model/value_json.h"

namespace tagwire::wire {

namespace {

void appendList(std::string& out, std::string_view elements) {
    out += '[';
    out += elements;
    closeList(out);
}

void appendTagName(std::string& out, const TagName& tag) {
    if (const auto* handle = std::get_if<TagId>(&tag)) {
        appendJsonInteger(out, std::uint64_t{handle->value()});
    } else {
        appendJsonString(out, std::get<std::string>(tag));
    }
}

}  // namespace

void writeSourceStatus(ObjectWriter& object, const SourceState& state) {
    object.member("n", state.name);
    object.member("kind", state.kind);
    object.member("state", phaseName(state.phase));
    object.member("since", state.since);
    if (state.why != StatusCode{}) object.member("why", statusText(state.why));
    if (!state.message.empty()) object.member("msg", state.message);
    if (!state.endpoint.empty()) object.member("endpoint", state.endpoint);
    object.member("tags", state.tags);
    object.member("bad", state.badTags);
}

void closeList(std::string& out) {
    if (out.back() == ',') {
        out.back() = ']';
    } else {
        out += ']';
    }
}

void appendSessionLimits(std::string& out, const SessionLimits& limits) {
    ObjectWriter object(out);
    object.member("frame", limits.frameBytes);
    object.member("tags", limits.tagsPerSubscription);
    object.member("subs", limits.subscriptions);
}

void appendHello(std::string& out, const Hello& hello) {
    ObjectWriter frame(out);
    frame.member("t", "hello");
    frame.member("v", 1);
    frame.member("boot", hello.boot);
    frame.member("now", hello.now);
    frame.member("ping", hello.ping.count());
    frame.member("server", hello.server);
    appendSessionLimits(frame.key("max"), hello.limits);
}

void appendOk(std::string& out, RequestId id) {
    ObjectWriter frame(out);
    frame.member("t", "ok");
    frame.member("id", id);
}

void appendAuthenticated(std::string& out, RequestId id, std::string_view user, std::string_view role) {
    ObjectWriter frame(out);
    frame.member("t", "ok");
    frame.member("id", id);
    frame.member("user", user);
    frame.member("role", role);
}

void appendWritten(std::string& out, RequestId id, std::span<const WriteRow> rows) {
    ObjectWriter frame(out);
    frame.member("t", "ok");
    frame.member("id", id);
    auto& list = frame.key("w");
    list += '[';
    for (const auto& row : rows) {
        if (&row != rows.data()) list += ',';
        list += '[';
        appendTagName(list, row.tag);
        list += ',';
        appendJsonInteger(list, std::uint64_t{row.status.code()});
        list += ',';
        appendValue(list, row.value);
        if (!row.message.empty()) {
            list += ',';
            appendJsonString(list, row.message);
        }
        list += ']';
    }
    list += ']';
}

void appendWriteAnswer(std::string& out, std::span<const WriteRow> rows) {
    ObjectWriter answer(out);
    auto& list = answer.key("values");
    list += '[';
    for (const auto& row : rows) {
        if (&row != rows.data()) list += ',';
        ObjectWriter one(list);
        appendTagName(one.key("tag"), row.tag);
        one.member("status", row.status.code());
        appendValue(one.key("value"), row.value);
        if (!row.message.empty()) one.member("msg", row.message);
    }
    list += ']';
}

void appendSubscribed(std::string& out, const Subscribed& answer) {
    ObjectWriter frame(out);
    frame.member("t", "ok");
    frame.member("id", answer.id);
    frame.member("sub", answer.sub);
    if (answer.resumed) frame.member("resumed", *answer.resumed);
    appendList(frame.key("tags"), answer.tagDescs);
    if (!answer.bad.empty()) appendBadTags(frame.key("bad"), answer.bad);
}

void appendTags(std::string& out, SubId sub, std::string_view tagDescs) {
    ObjectWriter frame(out);
    frame.member("t", "tags");
    frame.member("sub", sub);
    appendList(frame.key("add"), tagDescs);
}

void beginData(std::string& out, const DataHeader& header) {
    out += R"({"t":"data","sub":)";
    appendJsonInteger(out, std::uint64_t{header.sub.value()});
    out += R"(,"seq":)";
    appendJsonInteger(out, header.seq.value());
    out += R"(,"b":)";
    appendJsonInteger(out, toUnixMillis(header.base));
    if (header.snapshot) out += R"(,"snap":1)";
    out += R"(,"v":[)";
}

void endData(std::string& out, bool more) {
    closeList(out);
    if (more) out += R"(,"more":1)";
    out += '}';
}

void appendLag(std::string& out, SubId sub, std::uint64_t skipped, LagState state) {
    ObjectWriter frame(out);
    frame.member("t", "lag");
    frame.member("sub", sub);
    frame.member("skipped", skipped);
    frame.member("state", nameOf(state));
}

void appendPing(std::string& out, Timestamp now) {
    ObjectWriter frame(out);
    frame.member("t", "ping");
    frame.member("now", now);
}

void appendPong(std::string& out, std::optional<RequestId> id, Timestamp now) {
    ObjectWriter frame(out);
    frame.member("t", "pong");
    if (id) frame.member("id", *id);
    frame.member("now", now);
}

void appendSrc(std::string& out, const SourceState& state) {
    ObjectWriter frame(out);
    frame.member("t", "src");
    writeSourceStatus(frame, state);
}

void appendSourceStatus(std::string& out, const SourceState& state) {
    ObjectWriter object(out);
    writeSourceStatus(object, state);
}

void appendErr(std::string& out, std::optional<RequestId> id, ErrorCode code, std::string_view message) {
    ObjectWriter frame(out);
    frame.member("t", "err");
    if (id) frame.member("id", *id);
    frame.member("code", nameOf(code));
    frame.member("msg", message);
    frame.member("retry", isRetryable(code));
}

void appendBadTags(std::string& out, std::span<const BadTag> bad) {
    out += '[';
    for (const auto& tag : bad) {
        {
            ObjectWriter object(out);
            object.member("n", tag.name);
            object.member("code", nameOf(tag.code));
            object.member("msg", tag.message);
        }
        out += ',';
    }
    closeList(out);
}

}  // namespace tagwire::wire
