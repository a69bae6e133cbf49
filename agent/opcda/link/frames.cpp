#include "link/frames.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <fmt/format.h>

#include "base/json_text.h"
#include "base/strict_json.h"
#include "types/variant_type.h"

namespace tagwire::da {
namespace {

namespace json = boost::json;

constexpr std::int64_t kVersion = 1;
constexpr std::size_t kMaxDepth = 4;
constexpr std::uint32_t kFastestMs = 1;
constexpr std::uint32_t kSlowestMs = 86'400'000;

constexpr std::array<std::string_view, 25> kTypeNames{
    "Null",   "Boolean", "SByte",  "Byte",   "Int16",    "UInt16", "Int32",  "UInt32", "Int64",
    "UInt64", "Float",   "Double", "String", "DateTime", "",       "",       "",       "",
    "",       "",        "",       "",       "",         "",       "Variant"};

std::optional<std::int64_t> integer(const json::object& frame, std::string_view name) {
    const auto* found = frame.if_contains(name);
    const auto* number = found == nullptr ? nullptr : found->if_int64();
    return number == nullptr ? std::nullopt : std::optional(*number);
}

std::string text(const json::object& frame, std::string_view name) {
    const auto* found = frame.if_contains(name);
    const auto* held = found == nullptr ? nullptr : found->if_string();
    return held == nullptr ? std::string{} : std::string(*held);
}

Result<GatewayFrame> watchOrder(const json::object& frame) {
    WatchOrder order{.server = text(frame, "server"), .items = {}, .rateMs = 0, .deadbandPercent = 0};
    const auto rate = integer(frame, "rate");
    const auto* deadband = frame.if_contains("deadband");
    const auto* items = frame.if_contains("items");
    if (order.server.empty()) return fail("watch.server is missing");
    if (!rate || *rate < kFastestMs || *rate > kSlowestMs) return fail("watch.rate is not a rate");
    order.rateMs = static_cast<std::uint32_t>(*rate);
    const double percent =
        deadband != nullptr && deadband->is_number() ? deadband->to_number<double>() : std::nan("");
    if (!(percent >= 0 && percent <= 100)) return fail("watch.deadband is not 0 to 100");
    order.deadbandPercent = static_cast<float>(percent);
    if (items == nullptr || !items->is_array()) return fail("watch.items is not an array");
    for (const auto& item : items->get_array()) {
        if (!item.is_string()) return fail("watch.items holds something else than strings");
        order.items.emplace_back(item.get_string());
    }
    return order;
}

void appendItem(std::string& out, const ItemNotice& item) {
    ObjectWriter object(out);
    object.member("h", item.handle);
    object.member("id", item.id);
    if (item.error.empty() || item.shape.type != BuiltInType::Null)
        object.member("type", kTypeNames.at(static_cast<std::size_t>(item.shape.type)));
    if (item.shape.array) object.member("array", true);
    object.member("access", item.access);
    if (!item.unit.empty()) object.member("unit", item.unit);
    if (!item.description.empty()) object.member("desc", item.description);
    if (item.low) object.member("low", *item.low);
    if (item.high) object.member("high", *item.high);
    if (item.error.empty()) return;
    object.member("q", item.status.code());
    object.member("err", item.error);
}

}  // namespace

Result<GatewayFrame> parseGatewayFrame(std::string_view message) {
    const auto parsed = parseStrictJson(message, kMaxDepth, {});
    if (!parsed) return fail("no JSON: " + parsed.error().message);
    const auto* frame = parsed->if_object();
    if (frame == nullptr) return fail("a frame is an object");
    const auto type = text(*frame, "t");
    if (type == "hello") {
        if (integer(*frame, "v") != kVersion)
            return fail("the gateway speaks another version of the protocol");
        return GatewayHello{.server = text(*frame, "server")};
    }
    if (type == "watch") return watchOrder(*frame);
    if (type == "ack") {
        const auto sequence = integer(*frame, "seq");
        if (!sequence || *sequence < 1) return fail("ack.seq is not a number from 1");
        return Acknowledged{.sequence = static_cast<std::uint64_t>(*sequence)};
    }
    if (type.empty()) return fail("a frame has a string t");
    return NothingToDo{};
}

ValueShape shapeOf(std::uint16_t type) noexcept {
    return {.type = builtInTypeOf(type), .array = (type & vt::kArray) != 0};
}

std::string agentHello(std::string_view product, std::string_view host) {
    std::string out;
    {
        ObjectWriter frame(out);
        frame.member("t", "hello");
        frame.member("v", kVersion);
        frame.member("agent", product);
        frame.member("host", host);
    }
    return out;
}

std::string pingFrame() { return R"({"t":"ping"})"; }

std::vector<std::string> itemsFrames(const std::vector<ItemNotice>& items) {
    constexpr std::string_view kHead = R"({"t":"items","add":[)";
    std::vector<std::string> frames;
    std::string rows;
    const auto finish = [&] {
        if (!rows.empty()) frames.push_back(fmt::format("{}{}]}}", kHead, std::exchange(rows, {})));
    };
    for (const auto& item : items) {
        std::string row;
        appendItem(row, item);
        if (rows.size() + row.size() > kMaxFrameBytes) finish();
        if (!rows.empty()) rows += ',';
        rows += row;
    }
    finish();
    return frames;
}

std::string stateFrame(StatusCode status, std::string_view message, std::string_view server) {
    std::string out;
    {
        ObjectWriter frame(out);
        frame.member("t", "state");
        frame.member("live", status.isGood());
        if (!status.isGood()) frame.member("q", status.code());
        if (!message.empty()) frame.member("msg", message);
        if (!server.empty()) frame.member("server", server);
    }
    return out;
}

void DataFrame::add(std::uint32_t handle, std::string_view value, std::optional<Timestamp> time,
                    StatusCode status) {
    if (!rows_.empty()) rows_ += ',';
    rows_ += fmt::format("[{},{}", handle, value);
    if (!base_ && time) base_ = toUnixMillis(*time);
    const auto offset = time ? toUnixMillis(*time) - base_.value_or(0) : 0;
    if (!time) {
        rows_ += ",null";
    } else if (offset != 0 || status.code() != 0) {
        rows_ += fmt::format(",{}", offset);
    }
    if (status.code() != 0) rows_ += fmt::format(",{}", status.code());
    rows_ += ']';
}

std::string DataFrame::text(bool past) const {
    return fmt::format(R"({{"t":"data","seq":{},{}"b":{},"v":[{}]}})", sequence_,
                       past ? R"("past":true,)" : "", base_.value_or(0), rows_);
}

}  // namespace tagwire::da
