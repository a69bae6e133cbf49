#include "source/opcua/session/history_part.h"

#include <utility>

#include "base/log.h"
#include "source/opcua/services/browse_path.h"
#include "source/opcua/session/generation.h"
#include "source/opcua/session/path_resolver.h"

namespace tagwire::source::opcua {

void HistoryPart::onOpened(Generation& generation) {
    ItemTable& table = generation.table();
    table.setFillGaps(options_.history.fillGaps);
    if (unfinished_ >= kMaxUnfinished) {
        log::warning("opcua",
                     "{}: {} connections broke before the history of the outage was read; live "
                     "values wait for it no longer",
                     options_.name, unfinished_);
        unfinished_ = 0;
        table.releaseAll();
        table.flush();
    }
    table.holdHistorized();
}

void HistoryPart::onLive(Generation& /*generation*/, std::optional<Timestamp> lostSince) {
    live_ = true;
    reachesBack_ = !lostSince || wallClockNow() - *lostSince <= options_.history.longestGap;
    if (deadline_) deadline_ = SteadyClock::now() + options_.history.longestWait;
}

void HistoryPart::begin(Generation& generation) {
    due_ = false;
    const ItemTable& table = generation.table();
    std::vector<ItemTable::HeldItem> items = table.heldItems();
    std::vector<NodeLocator> locators;
    locators.reserve(items.size());
    for (const auto& item : items) locators.push_back(locatorOf(table[item.index].address));
    // The generation outlives its client's answers.
    locateNodes(
        viewOf(generation.client(), generation.info()), locators,
        [this, &generation, items = std::move(items), round = round_](std::vector<LocatedNode> found) {
            if (!generation.client().active() || round != round_) return;
            std::vector<GapItem> located;
            for (std::size_t i = 0; i < found.size(); ++i) {
                const auto [index, last] = items[i];
                if (found[i].status.isBad()) {
                    generation.table().release(index, {}, false);
                } else {
                    located.push_back({index, std::move(found[i].id), last});
                }
            }
            read(generation, std::move(located));
        });
}

void HistoryPart::read(Generation& generation, std::vector<GapItem> items) {
    ItemTable& table = generation.table();
    filler_.emplace(
        generation.client(), generation.info(), generation.typeReader(),
        GapBounds{.valuesPerItem = options_.history.valuesPerTag, .longest = options_.history.longestGap});
    filler_->fill(
        std::move(items), wallClockNow(),
        [this, &generation, &table](FilledItem& item) {
            // Of a connection that has broken: the next one reads it.
            if (!generation.client().active()) return;
            table.release(item.index, std::move(item.values), item.complete() && reachesBack_);
        },
        [this, &generation, &table](const GapSummary& summary) {
            if (!generation.client().active()) return;
            end(table);
            log::info("opcua",
                      "{}: {} values of the outage read from the server's history, for {} tags; {} "
                      "have none, and of {} something is missing",
                      options_.name, summary.values, summary.filled, summary.withoutHistory,
                      summary.incomplete);
        });
}

void HistoryPart::onTurn(Generation& generation, SteadyTime now) {
    ItemTable& table = generation.table();
    if (table.takeInterruption()) {
        // What is being read may end before the new gap does.
        filler_.reset();
        ++round_;
        due_ = true;
        deadline_ = now + options_.history.longestWait;
    }
    if (!deadline_) return;
    if (due_ && live_ && generation.items()->settled()) begin(generation);
    if (now >= *deadline_) {
        log::warning("opcua",
                     "{}: the server's history took longer than longest_wait_ms; what is missing of "
                     "the outage is marked",
                     options_.name);
        filler_.reset();
        ++round_;
        due_ = false;
        table.releaseAll();
        end(table);
    }
    table.flush();
}

void HistoryPart::end(ItemTable& table) {
    table.flush();
    deadline_.reset();
    // Only an outage may reach back further than the history that is read.
    reachesBack_ = true;
    unfinished_ = 0;
}

void HistoryPart::onClosed() {
    filler_.reset();
    ++round_;
    live_ = due_ = false;
    if (std::exchange(deadline_, std::nullopt)) ++unfinished_;
}

}  // namespace tagwire::source::opcua
