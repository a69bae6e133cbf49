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
#include "source/opcda/value_reader.h"
#include "types/variant_type.h"

namespace tagwire::da {
namespace {

namespace json = boost::json;

constexpr std::int64_t kVersion = 1;
constexpr std::size_t kMaxFrameDepth = 8;
constexpr std::size_t kMaxSteps = 64;
constexpr std::size_t kMaxWrites = 1000;
constexpr std::int64_t kMaxEntries = 100'000;
constexpr std::int64_t kMaxPatienceMs = 60'000;
constexpr std::uint32_t kFastestMs = 1;
constexpr std::uint32_t kSlowestMs = 86'400'000;

constexpr std::array<std::string_view, 25> kTypeNames{
    "Null",   "Boolean", "SByte",  "Byte",   "Int16",    "UInt16", "Int32",  "UInt32", "Int64",
    "UInt64", "Float",   "Double", "String", "DateTime", "",       "",       "",       "",
    "",       "",        "",       "",       "",         "",       "Variant"};

std::optional<std::int64_t> integerOf(const json::object& frame, std::string_view name) {
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
    const auto rate = integerOf(frame, "rate");
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

/// A number within bounds; the error names it.
Result<std::int64_t> bounded(const json::object& frame, std::string_view name, std::int64_t low,
                             std::int64_t high) {
    const auto number = integerOf(frame, name);
    if (!number || *number < low || *number > high)
        return fail(fmt::format("{} is not a number from {} to {}", name, low, high));
    return *number;
}

Result<std::vector<std::string>> texts(const json::object& frame, std::string_view name, std::size_t most) {
    const auto* found = frame.if_contains(name);
    if (found == nullptr || !found->is_array() || found->get_array().size() > most)
        return fail(fmt::format("{} is not an array of at most {} strings", name, most));
    std::vector<std::string> list;
    for (const auto& one : found->get_array()) {
        if (!one.is_string()) return fail(fmt::format("{} holds something else than strings", name));
        list.emplace_back(one.get_string());
    }
    return list;
}

Result<GatewayFrame> browseOrder(const json::object& frame, std::uint64_t id) {
    auto path = texts(frame, "path", kMaxSteps);
    if (!path) return tl::unexpected(path.error());
    const auto limit = bounded(frame, "limit", 1, kMaxEntries);
    if (!limit) return tl::unexpected(limit.error());
    return BrowseOrder{.id = id, .path = std::move(*path), .limit = static_cast<std::uint32_t>(*limit)};
}

Result<GatewayFrame> lookOrder(const json::object& frame, std::uint64_t id) {
    auto item = text(frame, "item");
    if (item.empty()) return fail("look.item is missing");
    return LookOrder{.id = id, .item = std::move(item)};
}

Result<GatewayFrame> searchOrder(const json::object& frame, std::uint64_t id) {
    auto pattern = text(frame, "pattern");
    if (pattern.empty()) return fail("search.pattern is missing");
    const auto limit = bounded(frame, "limit", 1, kMaxEntries);
    if (!limit) return tl::unexpected(limit.error());
    return SearchOrder{.id = id, .pattern = std::move(pattern), .limit = static_cast<std::uint32_t>(*limit)};
}

/// `[handle, type, value]`; a value that is not of the type is that item's trouble alone.
std::optional<HandleWrite> handleWrite(const json::value& from) {
    const auto* row = from.if_array();
    if (row == nullptr || row->size() != 3) return std::nullopt;
    const auto* handle = (*row)[0].if_int64();
    const auto* type = (*row)[1].if_int64();
    if (handle == nullptr || !std::in_range<std::uint32_t>(*handle)) return std::nullopt;
    if (type == nullptr || !std::in_range<std::uint16_t>(*type)) return std::nullopt;
    HandleWrite write{.handle = static_cast<std::uint32_t>(*handle),
                      .type = static_cast<std::uint16_t>(*type),
                      .value = {}};
    const auto shape = shapeOf(write.type);
    write.value = source::opcda::readValue((*row)[2], {.type = shape.type, .array = shape.array});
    if (write.value && write.value->isNull()) write.value.reset();
    return write;
}

Result<GatewayFrame> writeOrder(const json::object& frame, std::uint64_t id) {
    const auto patience = bounded(frame, "ttl", 1, kMaxPatienceMs);
    if (!patience) return tl::unexpected(patience.error());
    const auto* rows = frame.if_contains("v");
    if (rows == nullptr || !rows->is_array() || rows->get_array().empty() ||
        rows->get_array().size() > kMaxWrites)
        return fail(fmt::format("write.v is not an array of 1 to {} rows", kMaxWrites));
    WriteOrder order{.id = id, .patience = std::chrono::milliseconds(*patience), .writes = {}};
    for (const auto& row : rows->get_array()) {
        auto write = handleWrite(row);
        if (!write) return fail("write.v holds something else than rows [handle, type, value]");
        order.writes.push_back(std::move(*write));
    }
    return order;
}

/// Frames that are answered; nothing for others.
std::optional<Result<GatewayFrame>> numberedFrame(std::string_view type, const json::object& frame) {
    using Read = Result<GatewayFrame> (*)(const json::object&, std::uint64_t);
    const Read read = type == "browse"   ? browseOrder
                      : type == "look"   ? lookOrder
                      : type == "search" ? searchOrder
                      : type == "write"  ? writeOrder
                                         : nullptr;
    if (read == nullptr) return std::nullopt;
    const auto id = integerOf(frame, "id");
    if (!id || *id < 1) return fail(fmt::format("{}.id is not a number from 1", type));
    return read(frame, static_cast<std::uint64_t>(*id));
}

void appendItem(std::string& out, const ItemNotice& item) {
    ObjectWriter object(out);
    object.member("h", item.handle);
    object.member("id", item.id);
    if (item.error.empty() || item.shape.type != BuiltInType::Null)
        object.member("type", typeName(item.shape.type));
    if (item.shape.array) object.member("array", true);
    if (item.type != vt::kEmpty) object.member("vt", item.type);
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
    const auto parsed = parseStrictJson(message, kMaxFrameDepth, {});
    if (!parsed) return fail("no JSON: " + parsed.error().message);
    const auto* frame = parsed->if_object();
    if (frame == nullptr) return fail("a frame is an object");
    const auto type = text(*frame, "t");
    if (type == "hello") {
        if (integerOf(*frame, "v") != kVersion)
            return fail("the gateway speaks another version of the protocol");
        return GatewayHello{.server = text(*frame, "server")};
    }
    if (type == "watch") return watchOrder(*frame);
    if (type == "ack") {
        const auto sequence = integerOf(*frame, "seq");
        if (!sequence || *sequence < 1) return fail("ack.seq is not a number from 1");
        return Acknowledged{.sequence = static_cast<std::uint64_t>(*sequence)};
    }
    if (type.empty()) return fail("a frame has a string t");
    if (auto numbered = numberedFrame(type, *frame)) return std::move(*numbered);
    return NothingToDo{};
}

ValueShape shapeOf(std::uint16_t type) noexcept {
    return {.type = builtInTypeOf(type), .array = (type & vt::kArray) != 0};
}

std::string_view typeName(BuiltInType type) noexcept {
    const auto index = static_cast<std::size_t>(type);
    return index < kTypeNames.size() ? kTypeNames[index] : kTypeNames.front();
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

std::string authFrame(std::string_view token) {
    std::string out;
    {
        ObjectWriter frame(out);
        frame.member("t", "auth");
        frame.member("id", 1);
        frame.member("token", token);
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

std::string stateFrame(StatusCode status, std::string_view message, std::string_view server,
                       std::uint32_t rateMs) {
    std::string out;
    {
        ObjectWriter frame(out);
        frame.member("t", "state");
        frame.member("live", status.isGood());
        if (!status.isGood()) frame.member("q", status.code());
        if (!message.empty()) frame.member("msg", message);
        if (!server.empty()) frame.member("server", server);
        if (rateMs != 0) frame.member("rate", rateMs);
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
