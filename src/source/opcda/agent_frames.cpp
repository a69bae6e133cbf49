#include "source/opcda/agent_frames.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <fmt/format.h>

#include "base/json_text.h"
#include "base/strict_json.h"

namespace tagwire::source::opcda {
namespace {

namespace json = boost::json;

constexpr std::size_t kMaxDepth = 8;
constexpr std::size_t kMaxText = 1024;
constexpr std::int64_t kFirstMillis = -11'644'473'600'000;  // 1601
constexpr std::int64_t kLastMillis = 253'402'300'799'999;   // 9999

struct TypeName {
    std::string_view name;
    BuiltInType type;
};
constexpr std::array kTypes{
    TypeName{"Null", BuiltInType::Null},       TypeName{"Boolean", BuiltInType::Boolean},
    TypeName{"SByte", BuiltInType::SByte},     TypeName{"Byte", BuiltInType::Byte},
    TypeName{"Int16", BuiltInType::Int16},     TypeName{"UInt16", BuiltInType::UInt16},
    TypeName{"Int32", BuiltInType::Int32},     TypeName{"UInt32", BuiltInType::UInt32},
    TypeName{"Int64", BuiltInType::Int64},     TypeName{"UInt64", BuiltInType::UInt64},
    TypeName{"Float", BuiltInType::Float},     TypeName{"Double", BuiltInType::Double},
    TypeName{"String", BuiltInType::String},   TypeName{"DateTime", BuiltInType::DateTime},
    TypeName{"Variant", BuiltInType::Variant},
};

/// The members of one object; the first problem is kept, and nothing is read after it.
class Members {
public:
    Members(const json::object& object, std::string_view frame, std::string& problem)
        : object_(object), frame_(frame), problem_(problem) {}

    [[nodiscard]] std::int64_t integer(std::string_view name, std::int64_t low, std::int64_t high,
                                       std::optional<std::int64_t> absent = {}) {
        const auto* found = find(name, absent.has_value());
        if (found == nullptr) return absent.value_or(low);
        const auto* number = found->if_int64();
        const bool good = number != nullptr && *number >= low && *number <= high;
        if (!good) wrong(name, fmt::format("an integer {}..{}", low, high));
        return good ? *number : low;
    }
    [[nodiscard]] std::string text(std::string_view name, bool optional) {
        const auto* found = find(name, optional);
        if (found == nullptr) return {};
        const auto* held = found->if_string();
        if (held == nullptr || held->size() > kMaxText) {
            wrong(name, "a string of at most 1024 bytes");
            return {};
        }
        return std::string(*held);
    }
    [[nodiscard]] bool truth(std::string_view name, std::optional<bool> absent = {}) {
        const auto* found = find(name, absent.has_value());
        if (found == nullptr) return absent.value_or(false);
        if (!found->is_bool()) wrong(name, "true or false");
        return found->is_bool() && found->get_bool();
    }
    [[nodiscard]] std::optional<double> number(std::string_view name) {
        const auto* found = find(name, true);
        if (found == nullptr) return std::nullopt;
        if (found->is_number()) return found->to_number<double>();
        wrong(name, "a number");
        return std::nullopt;
    }
    [[nodiscard]] StatusCode status(std::string_view name) {
        return StatusCode{
            static_cast<std::uint32_t>(integer(name, 0, std::numeric_limits<std::uint32_t>::max(), 0))};
    }
    [[nodiscard]] const json::array* list(std::string_view name) {
        const auto* found = find(name, false);
        if (found == nullptr) return nullptr;
        if (!found->is_array()) wrong(name, "an array");
        return found->if_array();
    }
    void wrong(std::string_view name, std::string_view expected) {
        if (problem_.empty()) problem_ = fmt::format("{}.{}: expected {}", frame_, name, expected);
    }
    [[nodiscard]] bool good() const noexcept { return problem_.empty(); }

private:
    const json::value* find(std::string_view name, bool optional) {
        if (!good()) return nullptr;
        const auto* found = object_.if_contains(name);
        if (found == nullptr && !optional) problem_ = fmt::format("{}.{} is missing", frame_, name);
        return found;
    }

    const json::object& object_;
    std::string_view frame_;
    std::string& problem_;
};

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
    const auto type = members.text("type", !item.error.empty());
    const auto known = std::ranges::find(kTypes, type, &TypeName::name);
    if (known != kTypes.end()) {
        item.shape.type = known->type;
    } else if (item.error.empty()) {
        members.wrong("type", "a type that OPC DA has");
    }
    item.shape.array = members.truth("array", false);
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
                           .server = members.text("server", true)};
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
    AgentFrame frame;
    if (type == "hello") {
        frame = hello(members);
    } else if (type == "items") {
        frame = items(members, problem);
    } else if (type == "state") {
        frame = state(members);
    } else if (type == "data") {
        frame = data(members);
    } else if (type == "ping") {
        frame = AgentPing{};
    } else {
        return fail(fmt::format("no frame {:.32}", type));
    }
    if (!problem.empty()) return fail(std::move(problem));
    return frame;
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
