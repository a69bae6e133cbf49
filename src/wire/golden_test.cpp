// Golden frames (schema/golden): what the server sends is compared byte by byte, what clients send by its
// meaning.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>

#include <gtest/gtest.h>

#include "wire/frames.h"
#include "wire/golden_values.h"
#include "wire/history_answers.h"
#include "wire/request_parser.h"
#include "wire/row_encoder.h"
#include "wire/tag_desc.h"

namespace tagwire::wire {
namespace {

using golden::text;
using golden::time;

struct Golden {
    std::string direction;
    std::string frame;  ///< the bytes as sent
    boost::json::object meaning;
};

Golden load(const std::filesystem::path& path) {
    std::ifstream file(path);
    Golden golden;
    std::string all;
    const std::string_view kFrame = "  \"frame\": ";
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with(kFrame))
            golden.frame = line.substr(kFrame.size(), line.size() - kFrame.size() - 1);
        all += line + '\n';
    }
    const auto json = boost::json::parse(all);
    golden.direction = text(json.at("direction"));
    golden.meaning = json.at("meaning").as_object();
    return golden;
}

template <class Id>
Id id(const boost::json::object& meaning, const char* name) {
    return Id{meaning.at(name).to_number<typename Id::Representation>()};
}

std::optional<RequestId> requestId(const boost::json::object& meaning) {
    return meaning.contains("id") ? std::optional(id<RequestId>(meaning, "id")) : std::nullopt;
}

ErrorCode errorCode(const boost::json::value& name) {
    for (std::size_t i = 0; i < kErrorCodeNames.size(); ++i) {
        if (kErrorCodeNames.at(i) == text(name)) return static_cast<ErrorCode>(i);
    }
    throw std::invalid_argument(text(name));
}

std::string tagDescs(const boost::json::object& meaning) {
    std::string list;
    for (const auto& tag : meaning.at("tags").as_array()) {
        appendTagDesc(list, golden::tagInfo(tag), text(tag.at("source")));
        list += ',';
    }
    return list;
}

std::vector<BadTag> badTags(const boost::json::object& meaning) {
    std::vector<BadTag> bad;
    if (const auto* list = meaning.if_contains("bad")) {
        for (const auto& one : list->as_array()) {
            bad.push_back({text(one.at("name")), errorCode(one.at("code")), text(one.at("message"))});
        }
    }
    return bad;
}

std::vector<WriteRow> writeRows(const boost::json::array& meanings) {
    std::vector<WriteRow> rows;
    for (const auto& meaning : meanings) {
        WriteRow row;
        const auto& tag = meaning.at("tag");
        if (tag.is_string()) {
            row.tag = text(tag);
        } else {
            row.tag = TagId{tag.to_number<std::uint32_t>()};
        }
        row.status = StatusCode{meaning.at("status").to_number<std::uint32_t>()};
        row.value = golden::value(golden::type(meaning.at("type")), meaning.at("value"));
        if (const auto* message = meaning.as_object().if_contains("message")) row.message = text(*message);
        rows.push_back(std::move(row));
    }
    return rows;
}

void buildOk(std::string& out, const boost::json::object& meaning) {
    if (const auto* rows = meaning.if_contains("w"))
        return appendWritten(out, id<RequestId>(meaning, "id"), writeRows(rows->as_array()));
    const auto bad = badTags(meaning);
    if (const auto* next = meaning.if_contains("next"))
        return appendHistDone(out, id<RequestId>(meaning, "id"), bad, text(*next));
    if (const auto* user = meaning.if_contains("user"))
        return appendAuthenticated(out, id<RequestId>(meaning, "id"), text(*user), text(meaning.at("role")));
    if (!meaning.contains("sub")) return appendOk(out, id<RequestId>(meaning, "id"));
    const auto descs = tagDescs(meaning);
    Subscribed answer{id<RequestId>(meaning, "id"), id<SubId>(meaning, "sub"), {}, descs, bad};
    if (const auto* resumed = meaning.if_contains("resumed")) answer.resumed = resumed->as_bool();
    appendSubscribed(out, answer);
}

void buildData(std::string& out, const boost::json::object& meaning) {
    const auto base = time(meaning.at("base"));
    beginData(out, {id<SubId>(meaning, "sub"), id<ChangeNumber>(meaning, "seq"), base,
                    meaning.at("snapshot").as_bool()});
    for (const auto& row : meaning.at("rows").as_array()) {
        appendRow(out, id<TagId>(row.as_object(), "handle"), golden::rowValue(row), base);
        out += ',';
    }
    endData(out, meaning.at("more").as_bool());
}

HistorySample historySample(const boost::json::value& meaning) {
    HistorySample sample{.value = golden::rowValue(meaning)};
    sample.value.serverTime = time(meaning.at("serverTime"));
    const auto origin = text(meaning.at("origin"));
    sample.origin = origin == "live"       ? SampleOrigin::Live
                    : origin == "backfill" ? SampleOrigin::Backfill
                                           : SampleOrigin::Imported;
    return sample;
}

HistoryInterval historyInterval(const boost::json::object& meaning) {
    HistoryInterval interval;
    interval.start = time(meaning.at("start"));
    interval.count = meaning.at("count").to_number<std::uint64_t>();
    interval.known = std::chrono::milliseconds(meaning.at("known").to_number<std::int64_t>());
    interval.worst = StatusCode{meaning.at("status").to_number<std::uint32_t>()};
    const auto number = [&meaning](const char* name, double& to) {
        if (const auto* given = meaning.if_contains(name)) to = given->to_number<double>();
    };
    number("average", interval.average);
    number("minimum", interval.minimum);
    number("maximum", interval.maximum);
    number("first", interval.first);
    number("last", interval.last);
    return interval;
}

void buildHist(std::string& out, const boost::json::object& meaning) {
    HistorySeries series{.tag = TagPath::parse(text(meaning.at("path"))).value()};
    SeriesType type{.type = golden::type(meaning.at("valueType"))};
    if (const auto* dims = meaning.if_contains("dims"))
        type.dimensions = boost::json::value_to<std::vector<std::uint32_t>>(*dims);
    if (const auto* before = meaning.if_contains("before")) series.before = historySample(*before);
    if (const auto* samples = meaning.if_contains("samples"))
        for (const auto& one : samples->as_array()) series.samples.push_back(historySample(one));
    const auto* intervals = meaning.if_contains("intervals");
    if (intervals != nullptr)
        for (const auto& one : intervals->as_array())
            series.intervals.push_back(historyInterval(one.as_object()));
    SeriesEncoder encoder(std::move(series), std::move(type),
                          intervals == nullptr ? tagwire::HistoryForm::Raw : tagwire::HistoryForm::Aggregates,
                          time(meaning.at("base")));
    appendHistPart(out, id<RequestId>(meaning, "id"), encoder, 1'000'000);
}

SourceState sourceState(const boost::json::object& meaning) {
    SourceState state;
    state.name = text(meaning.at("name"));
    state.kind = text(meaning.at("kind"));
    while (phaseName(state.phase) != text(meaning.at("state"))) {
        if (state.phase == SourcePhase::Stopped) throw std::invalid_argument(text(meaning.at("state")));
        state.phase = static_cast<SourcePhase>(static_cast<int>(state.phase) + 1);
    }
    state.since = time(meaning.at("since"));
    if (const auto* why = meaning.if_contains("why")) state.why = StatusCode{why->to_number<std::uint32_t>()};
    if (const auto* message = meaning.if_contains("message")) state.message = text(*message);
    if (const auto* endpoint = meaning.if_contains("endpoint")) state.endpoint = text(*endpoint);
    state.tags = meaning.at("tags").to_number<std::uint32_t>();
    state.badTags = meaning.at("bad").to_number<std::uint32_t>();
    return state;
}

void buildHello(std::string& out, const boost::json::object& meaning) {
    const auto boot = text(meaning.at("boot"));
    const auto server = text(meaning.at("server"));
    const auto& limits = meaning.at("limits").as_object();
    appendHello(out,
                {boot,
                 time(meaning.at("now")),
                 std::chrono::milliseconds{meaning.at("ping").to_number<std::int64_t>()},
                 server,
                 {limits.at("frame").to_number<std::size_t>(), limits.at("tags").to_number<std::size_t>(),
                  limits.at("subs").to_number<std::size_t>()}});
}

void buildLag(std::string& out, const boost::json::object& meaning) {
    const auto state = text(meaning.at("state")) == "current" ? LagState::Current : LagState::Conflating;
    appendLag(out, id<SubId>(meaning, "sub"), meaning.at("skipped").to_number<std::uint64_t>(), state);
}

std::string build(const boost::json::object& meaning) {
    using Builder = std::function<void(std::string&, const boost::json::object&)>;
    static const std::map<std::string, Builder> kBuilders{
        {"hello", buildHello},
        {"ok", buildOk},
        {"tags", [](auto& out, auto& from) { appendTags(out, id<SubId>(from, "sub"), tagDescs(from)); }},
        {"data", buildData},
        {"lag", buildLag},
        {"hist", buildHist},
        {"ping", [](auto& out, auto& from) { appendPing(out, time(from.at("now"))); }},
        {"pong", [](auto& out, auto& from) { appendPong(out, requestId(from), time(from.at("now"))); }},
        {"src", [](auto& out, auto& from) { appendSrc(out, sourceState(from)); }},
        {"err",
         [](auto& out, auto& from) {
             appendErr(out, requestId(from), errorCode(from.at("code")), text(from.at("message")));
         }},
    };
    std::string out;
    kBuilders.at(text(meaning.at("type")))(out, meaning);
    return out;
}

boost::json::object describe(const AuthFrame& frame) {
    return {{"type", "auth"}, {"id", frame.id.value()}, {"token", frame.token}};
}

boost::json::object describe(const SubFrame& frame) {
    boost::json::object meaning{{"type", "sub"},
                                {"id", frame.id.value()},
                                {"tags", boost::json::value_from(frame.tags)},
                                {"mode", nameOf(frame.mode)},
                                {"min", frame.min.count()}};
    if (frame.credits) meaning["credits"] = *frame.credits;
    if (frame.resume) meaning["resume"] = {{"boot", frame.resume->boot}, {"seq", frame.resume->seq.value()}};
    return meaning;
}

boost::json::object describe(const UnsubFrame& frame) {
    return {{"type", "unsub"}, {"id", frame.id.value()}, {"sub", frame.sub.value()}};
}

boost::json::object describe(const CreditFrame& frame) {
    return {{"type", "credit"}, {"sub", frame.sub.value()}, {"n", frame.n}};
}

boost::json::object describe(const ClientPingFrame& frame) {
    boost::json::object meaning{{"type", "ping"}};
    if (frame.id) meaning["id"] = frame.id->value();
    if (frame.now) meaning["now"] = toUnixMillis(*frame.now);
    return meaning;
}

boost::json::object describe(const HistFrame& frame) {
    boost::json::object meaning{{"type", "hist"},
                                {"id", frame.id.value()},
                                {"tags", boost::json::value_from(frame.tags)},
                                {"from", toUnixMillis(frame.from)},
                                {"to", toUnixMillis(frame.to)},
                                {"form", nameOf(frame.form)},
                                {"intervals", frame.intervals},
                                {"max", frame.max}};
    if (frame.cursor) meaning["cursor"] = *frame.cursor;
    return meaning;
}

boost::json::object describe(const CancelFrame& frame) {
    return {{"type", "cancel"}, {"id", frame.id.value()}};
}

boost::json::object describe(const WriteItem& item) {
    boost::json::object meaning{{"value", item.value}};
    if (const auto* handle = std::get_if<TagId>(&item.tag)) {
        meaning["tag"] = handle->value();
    } else {
        meaning["tag"] = std::get<std::string>(item.tag);
    }
    return meaning;
}

boost::json::object describe(const WriteFrame& frame) {
    boost::json::array items;
    for (const auto& item : frame.w) items.emplace_back(describe(item));
    return {{"type", "write"},
            {"id", frame.id.value()},
            {"key", frame.key},
            {"ttl", frame.ttl.count()},
            {"w", std::move(items)}};
}

boost::json::object describe(const PressFrame& frame) {
    return {
        {"type", "press"}, {"id", frame.id.value()}, {"w", describe(frame.w)}, {"release", frame.release}};
}

boost::json::object describe(const HoldFrame& frame) { return {{"type", "hold"}, {"id", frame.id.value()}}; }

boost::json::object describe(const ReleaseFrame& frame) {
    return {{"type", "release"}, {"id", frame.id.value()}};
}

std::vector<std::string> goldenNames() {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(TAGWIRE_SOURCE_DIR "/schema/golden")) {
        if (entry.path().extension() == ".json") names.push_back(entry.path().stem());
    }
    std::ranges::sort(names);
    return names;
}

class GoldenFrame : public testing::TestWithParam<std::string> {};

TEST_P(GoldenFrame, IsWhatWeSendOrUnderstand) {
    const auto golden =
        load(std::filesystem::path(TAGWIRE_SOURCE_DIR "/schema/golden") / (GetParam() + ".json"));
    if (golden.direction == "server") {
        EXPECT_EQ(build(golden.meaning), golden.frame);
        return;
    }
    ASSERT_EQ(golden.direction, "client");
    const auto frame = parseRequest(golden.frame);
    ASSERT_TRUE(frame) << frame.error().message;
    EXPECT_EQ(std::visit([](const auto& one) { return describe(one); }, *frame), golden.meaning);
}

std::string testName(const testing::TestParamInfo<std::string>& info) {
    auto name = info.param;
    std::ranges::replace(name, '-', '_');
    return name;
}

INSTANTIATE_TEST_SUITE_P(Schema, GoldenFrame, testing::ValuesIn(goldenNames()), testName);

}  // namespace
}  // namespace tagwire::wire
