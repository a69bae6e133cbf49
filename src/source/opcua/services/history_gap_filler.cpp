#include "source/opcua/services/history_gap_filler.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <numeric>
#include <optional>
#include <utility>

#include "source/opcua/services/read.h"

namespace tagwire::source::opcua {
namespace {

/// The server's clock may be ahead of ours.
constexpr std::chrono::hours kBeyondNow{24};

constexpr std::array<UA_UInt32, 2> kHistoryAttributes{UA_ATTRIBUTEID_ACCESSLEVEL,
                                                      UA_ATTRIBUTEID_USERACCESSLEVEL};

/// What the node, or the node for this user, says of its history; nothing where it does not tell.
std::optional<bool> historyBit(const Outcome<UA_DataValue>& answer) noexcept {
    const UA_Variant& level = answer.result.value;
    if (statusOf(answer).isBad() || !UA_Variant_hasScalarType(&level, &UA_TYPES[UA_TYPES_BYTE]))
        return std::nullopt;
    return (*static_cast<const UA_Byte*>(level.data) & UA_ACCESSLEVELMASK_HISTORYREAD) != 0;
}

}  // namespace

std::vector<GapGroup> groupByStart(const std::vector<GapItem>& items, Timestamp now,
                                   std::chrono::milliseconds longest) {
    const auto startOf = [&](const GapItem& item) { return std::clamp(item.last, now - longest, now); };
    std::vector<std::size_t> order(items.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::sort(order, [&](std::size_t a, std::size_t b) {
        const Timestamp startA = startOf(items[a]);
        const Timestamp startB = startOf(items[b]);
        return startA != startB ? startA > startB : a < b;
    });
    std::vector<GapGroup> groups;
    Timestamp newest;
    for (const std::size_t i : order) {
        const Timestamp start = startOf(items[i]);
        constexpr Ticks kTogether = std::chrono::seconds(1);
        if (groups.empty() || newest - start > std::max(kTogether, (now - start) / 10)) {
            groups.push_back({start, {}});
            newest = start;
        }
        groups.back().start = start;
        groups.back().items.push_back(i);
    }
    return groups;
}

class HistoryGapFiller::Filling : public std::enable_shared_from_this<Filling> {
public:
    Filling(UaClient& client, const ServerInfo& server, TypeReader& types, const GapBounds& bounds,
            std::vector<GapItem> items, Timestamp now, OnItem onItem, OnDone onDone)
        : client_(client),
          server_(server),
          types_(types),
          bounds_(bounds),
          items_(std::move(items)),
          now_(now),
          onItem_(std::move(onItem)),
          onDone_(std::move(onDone)) {
        summary_.items = items_.size();
    }

    void start() {
        std::vector<ReadItem> asked;
        asked.reserve(items_.size() * kHistoryAttributes.size());
        for (const GapItem& item : items_) {
            for (const UA_UInt32 attribute : kHistoryAttributes)
                asked.push_back({copyOf(item.node.get()), attribute, {}});
        }
        readNodes(client_, server_.limits().read, std::move(asked), std::chrono::milliseconds(0),
                  [self = shared_from_this()](ReadOutcomes& answers) { self->takeAccess(answers); });
    }

    void cancel() {
        cancelled_ = true;
        if (reading_) reading_->cancel();
        reading_.reset();
    }

private:
    void takeAccess(const ReadOutcomes& answers) {
        if (cancelled_) return;
        std::vector<GapItem> with;
        for (std::size_t i = 0; i < items_.size(); ++i) {
            const auto* mine = answers.data() + i * kHistoryAttributes.size();
            if (historyBit(mine[0]).value_or(false) && historyBit(mine[1]).value_or(true)) {
                with.push_back(std::move(items_[i]));
                continue;
            }
            ++summary_.withoutHistory;
            FilledItem none{
                items_[i].index, StatusCode{UA_STATUSCODE_BADHISTORYOPERATIONUNSUPPORTED}, {}, false};
            onItem_(none);
        }
        items_ = std::move(with);
        groups_ = groupByStart(items_, now_, bounds_.longest);
        next();
    }

    void next() {
        if (group_ == groups_.size()) {
            onDone_(summary_);
            return;
        }
        const GapGroup& group = groups_[group_];
        if (summary_.values >= bounds_.valuesOverall) {
            for (const std::size_t i : group.items) deliver({items_[i].index, {}, {}, true});
            ++group_;
            next();
            return;
        }
        std::vector<Ua<UA_NodeId>> nodes;
        nodes.reserve(group.items.size());
        for (const std::size_t i : group.items) nodes.push_back(std::move(items_[i].node));
        const HistoryQuery query{.start = group.start,
                                 .end = now_ + kBeyondNow,
                                 .maxPerNode = bounds_.valuesPerItem,
                                 .maxOverall = bounds_.valuesOverall - summary_.values};
        reading_ = readHistory(client_, server_, types_, query, std::move(nodes),
                               [self = shared_from_this()](std::vector<HistoryOutcome>& outcomes) {
                                   self->takeGroup(outcomes);
                               });
    }

    void takeGroup(std::vector<HistoryOutcome>& outcomes) {
        if (cancelled_) return;
        const GapGroup& group = groups_[group_++];
        for (std::size_t n = 0; n < outcomes.size(); ++n) {
            const GapItem& item = items_[group.items[n]];
            HistoryOutcome& outcome = outcomes[n];
            std::erase_if(outcome.values,
                          [&](const DataValue& value) { return value.sourceTime < item.last; });
            deliver({item.index, outcome.status, std::move(outcome.values), outcome.more});
        }
        next();
    }

    void deliver(FilledItem item) {
        summary_.values += item.values.size();
        ++(item.complete() ? summary_.filled : summary_.incomplete);
        onItem_(item);
    }

    UaClient& client_;
    const ServerInfo& server_;
    TypeReader& types_;
    const GapBounds bounds_;
    std::vector<GapItem> items_;
    const Timestamp now_;
    OnItem onItem_;
    OnDone onDone_;
    std::vector<GapGroup> groups_;
    std::size_t group_ = 0;
    std::shared_ptr<HistoryReading> reading_;
    GapSummary summary_;
    bool cancelled_ = false;
};

HistoryGapFiller::HistoryGapFiller(UaClient& client, const ServerInfo& server, TypeReader& types,
                                   const GapBounds& bounds)
    : client_(client), server_(server), types_(types), bounds_(bounds) {}

HistoryGapFiller::~HistoryGapFiller() {
    if (filling_) filling_->cancel();
}

void HistoryGapFiller::fill(std::vector<GapItem> items, Timestamp now, OnItem onItem, OnDone onDone) {
    filling_ = std::make_shared<Filling>(client_, server_, types_, bounds_, std::move(items), now,
                                         std::move(onItem), std::move(onDone));
    filling_->start();
}

}  // namespace tagwire::source::opcua
