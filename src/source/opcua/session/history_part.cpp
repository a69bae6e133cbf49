#include "source/opcua/session/history_part.h"

#include <utility>

#include "base/log.h"
#include "source/opcua/services/browse_path.h"
#include "source/opcua/session/generation.h"
#include "source/opcua/session/path_resolver.h"

namespace tagwire::source::opcua {

void HistoryPart::onOpened(Generation& generation) {
    if (!options_.history.fillGaps) return;
    ItemTable& table = generation.table();
    if (unfinished_ >= kMaxUnfinished) {
        log::warning("opcua",
                     "{}: {} connections broke before the history of the outage was read; live "
                     "values wait for it no longer",
                     options_.name, unfinished_);
        unfinished_ = 0;
        table.releaseAll();
        table.flush();
    }
    items_ = table.holdHistorized();
    if (!items_.empty()) deadline_ = SteadyClock::now() + options_.history.longestWait;
}

void HistoryPart::onLive(Generation& generation, std::optional<Timestamp> lostSince) {
    if (!deadline_) return;
    deadline_ = SteadyClock::now() + options_.history.longestWait;
    const ItemTable& table = generation.table();
    std::vector<NodeLocator> locators;
    locators.reserve(items_.size());
    for (const auto& item : items_) locators.push_back(locatorOf(table[item.index].address));
    const bool reachesBack = !lostSince || wallClockNow() - *lostSince <= options_.history.longestGap;
    // The generation outlives its client's answers.
    locateNodes(viewOf(generation.client(), generation.info()), locators,
                [this, &generation, reachesBack](std::vector<LocatedNode> found) {
                    if (!generation.client().active()) return;
                    std::vector<GapItem> items;
                    for (std::size_t i = 0; i < found.size(); ++i) {
                        const auto [index, last] = items_[i];
                        if (found[i].status.isBad()) {
                            generation.table().release(index, {}, false);
                        } else {
                            items.push_back({index, std::move(found[i].id), last});
                        }
                    }
                    read(generation, std::move(items), reachesBack);
                });
}

void HistoryPart::read(Generation& generation, std::vector<GapItem> items, bool reachesBack) {
    ItemTable& table = generation.table();
    filler_.emplace(
        generation.client(), generation.info(),
        GapBounds{.valuesPerItem = options_.history.valuesPerTag, .longest = options_.history.longestGap});
    filler_->fill(
        std::move(items), wallClockNow(),
        [&generation, &table, reachesBack](FilledItem& item) {
            // Of a connection that has broken: the next one reads it.
            if (!generation.client().active()) return;
            table.release(item.index, std::move(item.values), item.complete() && reachesBack);
        },
        [this, &generation, &table](const GapSummary& summary) {
            if (!generation.client().active()) return;
            table.flush();
            deadline_.reset();
            unfinished_ = 0;
            log::info("opcua",
                      "{}: {} values of the outage read from the server's history, for {} tags; {} "
                      "have none, and of {} something is missing",
                      options_.name, summary.values, summary.filled, summary.withoutHistory,
                      summary.incomplete);
        });
}

void HistoryPart::onTurn(Generation& generation, SteadyTime now) {
    if (!deadline_) return;
    ItemTable& table = generation.table();
    if (now >= *deadline_) {
        log::warning("opcua",
                     "{}: the server's history took longer than longest_wait_ms; what is missing of "
                     "the outage is marked",
                     options_.name);
        filler_.reset();
        items_.clear();
        deadline_.reset();
        unfinished_ = 0;
        table.releaseAll();
    }
    table.flush();
}

void HistoryPart::onClosed() {
    filler_.reset();
    if (std::exchange(deadline_, std::nullopt)) ++unfinished_;
}

}  // namespace tagwire::source::opcua
