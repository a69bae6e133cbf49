#include "store/tag_store.h"

#include <chrono>
#include <set>
#include <type_traits>
#include <utility>

#include "base/log.h"

namespace tagwire::store {
namespace {

/// BadNoCommunication (OPC 10000-6, A.2).
constexpr StatusCode kNoCommunication{0x80310000U};

/// A batch is published at this size even if more is waiting, so that readers begin while the store goes on.
constexpr std::size_t kMaxBatch = 4096;

/// Rows count their times from the minute: five digits instead of thirteen.
Timestamp rowBase() noexcept {
    return std::chrono::time_point_cast<Ticks>(std::chrono::floor<std::chrono::minutes>(wallClockNow()));
}

/// Whether no value of the source can be right any more. One that is idle has none yet, and while it
/// subscribes the first ones arrive already.
bool isAway(const SourceState& state) noexcept {
    return state.phase != SourcePhase::Idle && state.phase != SourcePhase::Live &&
           state.phase != SourcePhase::Subscribing && state.why.isBad();
}

}  // namespace

TagStore::TagStore(EncodeRow encode, Publish publish) : encode_(encode), publish_(std::move(publish)) {}

void TagStore::apply(SourceMessage message) {
    thread_.check();
    std::visit(
        [this](auto& m) {
            using M = std::decay_t<decltype(m)>;
            if constexpr (std::is_same_v<M, TagsDeclared>) {
                declare(m.tags);
            } else if constexpr (std::is_same_v<M, ValuesArrived>) {
                applyValues(m.updates);
            } else {
                applyState(std::move(m.state));
            }
        },
        message);
}

void TagStore::flush() {
    thread_.check();
    if (!batch_) return;
    last_ = batch_->last();
    changes_.add(batch_->changes().size());
    publish_(SharedBatch(std::exchange(batch_, nullptr)));
}

void TagStore::declare(const std::vector<SharedTagInfo>& tags) {
    auto added = std::make_shared<TagsAdded>();
    std::set<SourceId> declaring;
    for (const auto& info : tags) {
        const auto [known, isNew] = byPath_.try_emplace(info->path.text(), info->id);
        if (known->second != info->id) {
            log::warning("store", "tag '{}' exists already: its second declaration, by source {}, is ignored",
                         info->path.text(), info->source.value());
            continue;
        }
        if (entries_.size() <= info->id.index()) entries_.resize(info->id.index() + 1);
        entries_[info->id.index()].info = info;
        auto& source = sources_[info->source];
        if (isNew) source.tags.push_back(info->id);
        added->tags.push_back(info);
        declaring.insert(info->source);
    }
    if (added->tags.empty()) return;
    flush();  // readers know a tag before its first change, and never after
    publish_(std::shared_ptr<const TagsAdded>(added));
    for (const SourceId id : declaring) {
        const auto& source = sources_[id];
        if (isAway(source.state)) applyLost(source);
    }
}

void TagStore::applyValues(std::vector<TagUpdate>& updates) {
    for (auto& [tag, value, backfill] : updates) {
        Entry* entry = find(tag);
        if (entry == nullptr) continue;
        if (backfill) {
            batch().push(tag, value, true);
            entry->backfilled = true;
            flushIfFull();
            continue;
        }
        // A source that lost sight of one tag has no value for it: the last one is kept, as when all are
        // lost.
        const bool known = entry->number != ChangeNumber{};
        if (known && value.value.isNull() && value.status.withoutInfoBits() == kNoCommunication) {
            value.value = std::move(entry->latest.value);
            value.sourceTime = entry->latest.sourceTime;
        }
        entry->latest = std::move(value);
        const EURange* range = entry->info->range ? &*entry->info->range : nullptr;
        const bool first = entry->number == ChangeNumber{};
        if (!first && !entry->backfilled &&
            !entry->info->deadband.passes(entry->reported, entry->latest, range)) {
            unchanged_.add();
            continue;
        }
        report(tag, *entry);
    }
}

void TagStore::applyState(SourceState state) {
    auto& source = sources_[state.source];
    source.state = std::move(state);
    flush();
    publish_(std::make_shared<const SourceState>(source.state));
    if (isAway(source.state)) applyLost(source);
}

/// Values of a source that is away must not look good: they keep value and source time and get the cause.
/// What is bad already stays as it is: while the source tries again and again only its state tells the latest
/// cause.
void TagStore::applyLost(const SourceEntry& source) {
    const auto now = wallClockNow();
    for (const TagId tag : source.tags) {
        Entry& entry = entries_[tag.index()];
        const bool first = entry.number == ChangeNumber{};
        if (!first && entry.latest.status.isBad()) continue;
        if (first) entry.latest.sourceTime = now;
        entry.latest.status = source.state.why;
        entry.latest.serverTime = now;
        report(tag, entry);
    }
}

void TagStore::report(TagId tag, Entry& entry) {
    batch().push(tag, entry.latest);
    entry.reported = entry.latest;
    entry.number = batch().last();
    entry.backfilled = false;
    flushIfFull();
}

ChangeBatch& TagStore::batch() {
    if (!batch_) batch_ = std::make_shared<ChangeBatch>(ChangeNumber{last_.value() + 1}, rowBase(), encode_);
    return *batch_;
}

void TagStore::flushIfFull() {
    if (batch_ && batch_->changes().size() >= kMaxBatch) flush();
}

TagStore::Entry* TagStore::find(TagId tag) noexcept {
    if (tag.index() >= entries_.size() || !entries_[tag.index()].info) return nullptr;
    return &entries_[tag.index()];
}

std::shared_ptr<const StoreSnapshot> TagStore::snapshot(std::uint64_t skippedChanges) const {
    thread_.check();
    auto snapshot = std::make_shared<StoreSnapshot>();
    snapshot->tags.reserve(entries_.size());
    for (const auto& entry : entries_) {
        if (entry.info) snapshot->tags.push_back({entry.info, entry.number, entry.reported});
    }
    for (const auto& [id, source] : sources_) snapshot->sources.push_back(source.state);
    snapshot->last = last_;
    snapshot->skippedChanges = skippedChanges;
    return snapshot;
}

}  // namespace tagwire::store
