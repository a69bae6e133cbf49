#include "source/opcda/agent_frames.h"

#include <limits>
#include <utility>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <fmt/format.h>

#include "base/json_text.h"
#include "base/strict_json.h"
#include "source/opcda/frame_members.h"

namespace tagwire::source::opcda {
namespace {

constexpr std::int64_t kLongestRate = 86'400'000'000;

namespace json = boost::json;

constexpr std::size_t kMaxDepth = 8;

AgentHello hello(Members members) {
    static_cast<void>(members.integer("v", kAgentProtocolVersion, kAgentProtocolVersion));
    return {.agent = members.text("agent", false), .host = members.text("host", true)};
}

AgentItem item(Members members) {
    AgentItem item;
    item.handle =
        static_cast<std::uint32_t>(members.integer("h", 0, std::numeric_limits<std::uint32_t>::max()));
    item.id = members.text("id", false);
    item.error = members.text("err", true);
    item.status = members.status("q");
    if (!item.error.empty() && !item.status.isBad()) members.wrong("q", "a Bad status beside err");
    item.shape = members.shape(!item.error.empty());
    item.variantType = members.variantType();
    item.access = static_cast<Access>(members.integer("access", 1, 3, 1));
    item.unit = members.text("unit", true);
    item.description = members.text("desc", true);
    item.low = members.number("low");
    item.high = members.number("high");
    return item;
}

AgentItems items(Members members, std::string& problem) {
    AgentItems found;
    const auto* list = members.list("add");
    if (list == nullptr) return found;
    for (const auto& one : *list) {
        if (!one.is_object()) members.wrong("add", "objects");
        if (!members.good()) break;
        found.items.push_back(item(Members(one.get_object(), "items.add", problem)));
    }
    return found;
}

AgentServerState state(Members members) {
    AgentServerState state{.live = members.truth("live"),
                           .status = members.status("q"),
                           .message = members.text("msg", true),
                           .server = members.text("server", true),
                           .rate = std::chrono::milliseconds(members.integer("rate", 0, kLongestRate, 0))};
    if (!state.live && !state.status.isBad()) members.wrong("q", "a Bad status where live is false");
    return state;
}

/// `[handle, value, dt, q]` without trailing defaults; a dt of null: the server gave no time.
std::optional<AgentRow> row(const json::value& from, std::int64_t base) {
    const auto* list = from.if_array();
    constexpr std::size_t kMost = 4;
    if (list == nullptr || list->size() < 2 || list->size() > kMost) return std::nullopt;
    const auto* handle = (*list)[0].if_int64();
    if (handle == nullptr || !std::in_range<std::uint32_t>(*handle)) return std::nullopt;
    AgentRow row{.handle = static_cast<std::uint32_t>(*handle),
                 .value = (*list)[1],
                 .time = fromUnixMillis(base),
                 .status = {}};
    if (list->size() > 2) {
        if ((*list)[2].is_null()) {
            row.time.reset();
        } else {
            const auto* offset = (*list)[2].if_int64();
            if (offset == nullptr || *offset < kFirstMillis - base || *offset > kLastMillis - base)
                return std::nullopt;
            row.time = fromUnixMillis(base + *offset);
        }
    }
    if (list->size() > 3) {
        const auto* status = (*list)[3].if_int64();
        if (status == nullptr || !std::in_range<std::uint32_t>(*status)) return std::nullopt;
        row.status = StatusCode{static_cast<std::uint32_t>(*status)};
    }
    return row;
}

AgentData data(Members members) {
    AgentData data;
    data.sequence =
        static_cast<std::uint64_t>(members.integer("seq", 1, std::numeric_limits<std::int64_t>::max()));
    data.past = members.truth("past", false);
    const auto base = members.integer("b", kFirstMillis, kLastMillis);
    const auto* rows = members.list("v");
    if (rows == nullptr || !members.good()) return data;
    data.rows.reserve(rows->size());
    for (const auto& one : *rows) {
        auto read = row(one, base);
        if (!read) {
            members.wrong("v", "rows [handle, value, dt, q]");
            break;
        }
        data.rows.push_back(std::move(*read));
    }
    return data;
}

/// None: there is no such frame.
std::optional<AgentFrame> frameOf(std::string_view type, Members members, std::string& problem) {
    if (type == "hello") return hello(members);
    if (type == "items") return items(members, problem);
    if (type == "state") return state(members);
    if (type == "data") return data(members);
    if (type == "health") return readHealth(members);
    if (type == "entries") return readEntries(members, problem);
    if (type == "looked") return readLooked(members);
    if (type == "written") return readWritten(members);
    if (type == "refused") return readRefused(members);
    if (type == "ping") return AgentPing{};
    return std::nullopt;
}

}  // namespace

Result<AgentFrame> parseAgentFrame(std::string_view text) {
    const auto parsed = parseStrictJson(text, kMaxDepth, {});
    if (!parsed) return fail("no JSON: " + parsed.error().message.substr(0, 100));
    const auto* object = parsed->if_object();
    const auto* name = object == nullptr ? nullptr : object->if_contains("t");
    if (name == nullptr || !name->is_string()) return fail("a frame is an object with a string t");
    const std::string_view type = name->get_string();
    std::string problem;
    Members members(*object, type, problem);
    auto frame = frameOf(type, members, problem);
    if (!frame) return fail(fmt::format("no frame {:.32}", type));
    if (!problem.empty()) return fail(std::move(problem));
    return *std::move(frame);
}

std::string gatewayHello(std::string_view product) {
    std::string out;
    {
        ObjectWriter frame(out);
        frame.member("t", "hello");
        frame.member("v", kAgentProtocolVersion);
        frame.member("server", product);
    }
    return out;
}

std::string watchFrame(std::string_view server, const std::vector<std::string>& items,
                       std::chrono::milliseconds rate, double deadbandPercent) {
    std::string out;
    {
        ObjectWriter frame(out);
        frame.member("t", "watch");
        frame.member("server", server);
        frame.member("rate", rate.count());
        frame.member("deadband", deadbandPercent);
        auto& list = frame.key("items");
        list += '[';
        for (const auto& item : items) {
            if (list.back() != '[') list += ',';
            appendJsonString(list, item);
        }
        list += ']';
    }
    return out;
}

std::string ackFrame(std::uint64_t sequence) {
    std::string out;
    {
        ObjectWriter frame(out);
        frame.member("t", "ack");
        frame.member("seq", sequence);
    }
    return out;
}

}  // namespace tagwire::source::opcda
