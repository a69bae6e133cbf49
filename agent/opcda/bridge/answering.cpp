#include "bridge/answering.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include <fmt/format.h>

#include "bridge/reading_out.h"
#include "client/tree.h"
#include "link/answers.h"
#include "model/generated/status_codes.h"
#include "model/value_json.h"
#include "types/hresult.h"
#include "types/wildcard.h"

namespace tagwire::da {
namespace {

constexpr std::uint32_t kBadType = 0xC0040004;
/// A search ends then, and says so: the gateway's patience is a little longer.
constexpr std::chrono::seconds kLongestSearch{10};

/// `cut`: why there are not all.
std::vector<std::string> listed(std::uint64_t id, std::vector<BrowseEntry> entries, std::size_t limit,
                                std::string cut = {}) {
    if (entries.size() > limit) {
        entries.resize(limit);
        cut = fmt::format("only the first {} are shown", limit);
    }
    std::vector<ListedEntry> rows;
    for (auto& entry : entries) {
        rows.push_back({.name = std::move(entry.name),
                        .item = std::move(entry.itemId),
                        .branch = entry.isBranch && !entry.step.empty(),
                        .step = std::move(entry.step)});
    }
    return entriesFrames(id, rows, cut);
}

std::vector<std::string> browsed(DaServer& server, const BrowseOrder& order) {
    auto entries = server.browse(order.path, order.limit);
    if (!entries) return {refusedFrame(order.id, kBadNodeIdUnknown, entries.error().message)};
    return listed(order.id, std::move(*entries), order.limit);
}

/// A server need not have properties; then an item is its value alone.
std::vector<std::string> looked(DaServer& server, const LookOrder& order) {
    const auto readings = server.read({order.item}, false);
    if (!readings) return {refusedFrame(order.id, kBadNotConnected, readings.error().message)};
    const auto& reading = readings->front();
    const auto failure = statusOfFailure(reading.error);
    if (isFailure(reading.error) && failure == kBadNodeIdUnknown)
        return {refusedFrame(order.id, failure, order.item + ": " + server.explain(reading.error))};
    LookedItem item{.type = reading.type, .value = outValueOf(reading), .properties = {}};
    if (const auto properties = server.properties(order.item)) {
        for (const auto& property : *properties) {
            LookedProperty row{.id = property.id, .text = property.text, .value = {}, .status = {}};
            if (isFailure(property.error)) {
                row.value = "null";
                row.status = statusOfFailure(property.error);
            } else {
                appendValue(row.value, property.value);
            }
            item.properties.push_back(std::move(row));
        }
    }
    return {lookedFrame(order.id, item)};
}

std::vector<std::string> found(DaServer& server, const SearchOrder& order) {
    std::vector<BrowseEntry> hits;
    const auto end = SteadyClock::now() + kLongestSearch;
    bool late = false;
    const auto walked = walkTree(server, [&](const BrowseEntry& entry, const std::vector<std::string>&) {
        if (!entry.itemId.empty() &&
            matchesWildcard(std::string_view(entry.itemId), std::string_view(order.pattern)))
            hits.push_back(entry);
        late = SteadyClock::now() > end;
        return !late && hits.size() <= order.limit;
    });
    if (!walked) return {refusedFrame(order.id, kBadNotConnected, walked.error().message)};
    return listed(order.id, std::move(hits), order.limit,
                  late ? "the search took too long; what was found until then is shown" : "");
}

std::vector<ItemWrite> itemWrites(WriteOrder& order, std::vector<std::string>& items,
                                  std::vector<std::size_t>& places) {
    std::vector<ItemWrite> writes;
    for (std::size_t i = 0; i < order.writes.size(); ++i) {
        auto& write = order.writes[i];
        if (!write.value) continue;
        writes.push_back(
            {.itemId = std::move(items[i]), .type = write.type, .value = std::move(*write.value)});
        places.push_back(i);
    }
    return writes;
}

/// What could not be read is not told.
std::string jsonOf(const ItemReading& reading) {
    std::string text;
    appendValue(text, isFailure(reading.error) ? Value{} : reading.value);
    return text;
}

WrittenItem writtenItem(const WriteResult& result) {
    WrittenItem item;
    item.code = result.error;
    item.status = statusOfWrite(result.error);
    item.before = jsonOf(result.before);
    if (!isFailure(result.error)) item.after = jsonOf(result.after);
    return item;
}

/// Of which nothing more is known.
WrittenItem writtenItem(std::uint32_t code) {
    WrittenItem item;
    item.code = code;
    item.status = statusOfWrite(code);
    return item;
}

std::string written(DaServer& server, WriteOrder order, std::vector<std::string> items,
                    const std::function<bool()>& mayBegin) {
    // A value that is not of the type that it was said to be is refused here.
    std::vector<WrittenItem> rows(order.writes.size(), writtenItem(kBadType));
    std::vector<std::size_t> places;
    const auto writes = itemWrites(order, items, places);
    if (writes.empty()) return writtenFrame(order.id, rows);
    const auto results = server.write(writes, mayBegin);
    if (!results && !results.error().begun) {
        const bool late = results.error().code == 0;
        return refusedFrame(order.id, late ? kBadTimeout : kBadNotConnected,
                            "nothing was written: " + results.error().message);
    }
    for (std::size_t i = 0; i < places.size(); ++i) {
        // Where the call broke off nobody knows; the code says so.
        rows[places[i]] = results ? writtenItem((*results)[i]) : writtenItem(results.error().code);
    }
    return writtenFrame(order.id, rows);
}

/// A job that answers with the frames of `answer`, unless nobody waits for them any more.
template <class Order>
ServerWorker::Job jobOf(std::shared_ptr<Replies> replies, std::uint64_t connection, Order order,
                        std::vector<std::string> (*answer)(DaServer&, const Order&)) {
    return [replies = std::move(replies), connection, order = std::move(order),
            answer](const Result<DaServer*>& server) {
        if (!replies->isCurrent(connection)) return;
        if (!server) {
            replies->put(connection, refusedFrame(order.id, kBadNotConnected, server.error().message));
            return;
        }
        for (auto& frame : answer(**server, order)) replies->put(connection, std::move(frame));
    };
}

}  // namespace

Answering::Answering(const std::string& server, std::shared_ptr<Replies> replies)
    : replies_(std::move(replies)), asking_(server), writing_(server) {}

void Answering::post(ServerWorker& worker, std::uint64_t connection, std::uint64_t id,
                     ServerWorker::Job job) {
    if (worker.post(std::move(job))) return;
    replies_->put(connection,
                  refusedFrame(id, kBadTooManyOperations,
                               "the agent has too many questions waiting: ask again in a moment"));
}

void Answering::browse(std::uint64_t connection, BrowseOrder order) {
    const auto id = order.id;
    post(asking_, connection, id, jobOf(replies_, connection, std::move(order), browsed));
}

void Answering::look(std::uint64_t connection, LookOrder order) {
    const auto id = order.id;
    post(asking_, connection, id, jobOf(replies_, connection, std::move(order), looked));
}

void Answering::search(std::uint64_t connection, SearchOrder order) {
    const auto id = order.id;
    post(asking_, connection, id, jobOf(replies_, connection, std::move(order), found));
}

void Answering::write(std::uint64_t connection, WriteOrder order, std::vector<std::string> items) {
    const auto id = order.id;
    const auto end = SteadyClock::now() + order.patience;
    const auto mayBegin = [replies = replies_, connection, end] {
        return SteadyClock::now() < end && replies->isCurrent(connection);
    };
    auto job = [replies = replies_, connection, mayBegin, order = std::move(order),
                items = std::move(items)](const Result<DaServer*>& server) mutable {
        auto frame = !server ? refusedFrame(order.id, kBadNotConnected,
                                            "nothing was written: " + server.error().message)
                             : written(**server, std::move(order), std::move(items), mayBegin);
        replies->put(connection, std::move(frame));
    };
    post(writing_, connection, id, std::move(job));
}

}  // namespace tagwire::da
