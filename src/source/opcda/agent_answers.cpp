#include "source/opcda/agent_answers.h"

#include <limits>
#include <utility>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <fmt/format.h>

#include "base/json_text.h"
#include "model/value_json.h"

namespace tagwire::source::opcda {
namespace {

namespace json = boost::json;

constexpr std::int64_t kMaxCount = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kLongestTrip = 3'600'000;

std::optional<std::uint32_t> whole(const json::value& from) {
    const auto* number = from.if_int64();
    if (number == nullptr || !std::in_range<std::uint32_t>(*number)) return std::nullopt;
    return static_cast<std::uint32_t>(*number);
}

AgentEntry entry(Members members) {
    AgentEntry entry{.name = members.text("name", false), .item = members.text("item", true), .step = {}};
    if (auto step = members.text("step", true); !step.empty()) entry.step = std::move(step);
    if (entry.item.empty() && !entry.step) members.wrong("item", "an item id, or the step of a branch");
    return entry;
}

/// `[id, text, value, q]`, without a q of Good.
std::optional<AgentProperty> property(const json::value& from) {
    const auto* row = from.if_array();
    if (row == nullptr || row->size() < 3 || row->size() > 4) return std::nullopt;
    const auto id = whole((*row)[0]);
    const auto* text = (*row)[1].if_string();
    const auto status = row->size() > 3 ? whole((*row)[3]) : 0U;
    if (!id || text == nullptr || !status) return std::nullopt;
    return AgentProperty{
        .id = *id, .text = std::string(*text), .value = (*row)[2], .status = StatusCode{*status}};
}

/// `[code, status, after, before]`
std::optional<AgentWrittenItem> writtenItem(const json::value& from) {
    const auto* row = from.if_array();
    if (row == nullptr || row->size() < 3 || row->size() > 4) return std::nullopt;
    const auto code = whole((*row)[0]);
    const auto status = whole((*row)[1]);
    if (!code || !status) return std::nullopt;
    return AgentWrittenItem{.code = *code,
                            .status = StatusCode{*status},
                            .after = (*row)[2],
                            .before = row->size() > 3 ? (*row)[3] : json::value{}};
}

/// Rows as `read` takes them; the problem is told where one is not.
template <class Row>
std::vector<Row> rowsOf(Members& members, std::string_view name,
                        std::optional<Row> (*read)(const json::value&), std::string_view expected) {
    std::vector<Row> rows;
    const auto* list = members.list(name);
    if (list == nullptr) return rows;
    for (const auto& one : *list) {
        auto row = read(one);
        if (!row) {
            members.wrong(name, expected);
            break;
        }
        rows.push_back(std::move(*row));
    }
    return rows;
}

/// Begins a frame that will be answered; `rest` adds members.
template <class Rest>
std::string frame(std::string_view type, std::uint64_t id, Rest rest) {
    std::string out;
    {
        ObjectWriter writer(out);
        writer.member("t", type);
        writer.member("id", id);
        rest(writer);
    }
    return out;
}

}  // namespace

AgentHealth readHealth(Members members) {
    return {.state = members.text("state", true),
            .started = members.time("started"),
            .clock = members.time("clock"),
            .roundTrip = std::chrono::milliseconds(members.integer("rtt", 0, kLongestTrip, 0)),
            .lost = static_cast<std::uint64_t>(members.integer("lost", 0, kMaxCount, 0))};
}

AgentEntries readEntries(Members members, std::string& problem) {
    AgentEntries found{.id = members.id(),
                       .entries = {},
                       .more = members.truth("more", false),
                       .cut = members.text("cut", true)};
    const auto* list = members.list("add");
    if (list == nullptr) return found;
    for (const auto& one : *list) {
        if (!one.is_object()) members.wrong("add", "objects");
        if (!members.good()) break;
        found.entries.push_back(entry(Members(one.get_object(), "entries.add", problem)));
    }
    return found;
}

AgentLooked readLooked(Members members) {
    return {.id = members.id(),
            .variantType = members.variantType(),
            .shape = members.shape(false),
            .value = members.value("value"),
            .time = members.time("time"),
            .status = members.status("q"),
            .properties = rowsOf<AgentProperty>(members, "props", property, "rows [id, text, value, q]")};
}

AgentWritten readWritten(Members members) {
    return {
        .id = members.id(),
        .items = rowsOf<AgentWrittenItem>(members, "v", writtenItem, "rows [code, status, after, before]")};
}

AgentRefused readRefused(Members members) {
    AgentRefused refused{
        .id = members.id(), .status = members.status("q"), .message = members.text("msg", false)};
    if (!refused.status.isBad()) members.wrong("q", "a Bad status");
    return refused;
}

std::string browseFrame(std::uint64_t id, const BranchPath& path, std::size_t limit) {
    return frame("browse", id, [&](ObjectWriter& writer) {
        auto& list = writer.key("path");
        list += '[';
        for (const auto& step : path) {
            if (list.back() != '[') list += ',';
            appendJsonString(list, step);
        }
        list += ']';
        writer.member("limit", limit);
    });
}

std::string lookFrame(std::uint64_t id, std::string_view item) {
    return frame("look", id, [&](ObjectWriter& writer) { writer.member("item", item); });
}

std::string searchFrame(std::uint64_t id, std::string_view pattern, std::size_t limit) {
    return frame("search", id, [&](ObjectWriter& writer) {
        writer.member("pattern", pattern);
        writer.member("limit", limit);
    });
}

std::string writeFrame(std::uint64_t id, std::chrono::milliseconds patience,
                       const std::vector<HandleWrite>& writes) {
    return frame("write", id, [&](ObjectWriter& writer) {
        writer.member("ttl", patience.count());
        auto& list = writer.key("v");
        list += '[';
        for (const auto& write : writes) {
            if (list.back() != '[') list += ',';
            list += fmt::format("[{},{},", write.handle, write.variantType);
            appendValue(list, write.value);
            list += ']';
        }
        list += ']';
    });
}

}  // namespace tagwire::source::opcda
