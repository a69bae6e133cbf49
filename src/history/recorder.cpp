#include "history/recorder.h"

#include <algorithm>
#include <type_traits>
#include <utility>

#include "history/series_scan.h"
#include "model/generated/status_codes.h"

namespace tagwire::history {
namespace {

/// A clock that is ahead by more is wrong: what comes after such a time is not late.
constexpr Ticks kFarFuture = std::chrono::hours{24};
constexpr Ticks kTick{1};
/// 1601, when OPC UA's time begins: from here to any time is no overflow.
constexpr Timestamp kBeginning{std::chrono::seconds{-11'644'473'600}};

/// When Tagwire, or the server, knew of a value that has no time of its own in the history.
Timestamp knownAt(const DataValue& value, Timestamp now) noexcept {
    const bool sensible = value.serverTime > now - kFarFuture && value.serverTime < now + kFarFuture;
    return sensible ? value.serverTime : now;
}

}  // namespace

void Recorder::take(const FeedItem& item, Timestamp now) {
    std::visit(
        [&](const auto& shared) {
            using Item = std::decay_t<decltype(*shared)>;
            if constexpr (std::is_same_v<Item, TagsAdded>) {
                declare(shared->tags);
            } else if constexpr (std::is_same_v<Item, StoreSnapshot>) {
                take(*shared, now);
            } else if constexpr (std::is_same_v<Item, ChangeBatch>) {
                for (const auto& change : shared->changes()) {
                    if (change.backfill) {
                        fill(change.tag, change.value, now);
                    } else {
                        take(change.tag, change.value, now);
                    }
                }
                seen_ = shared->last();
            }
        },
        item);
}

void Recorder::declare(const std::vector<SharedTagInfo>& tags) {
    for (const auto& info : tags) {
        if (tags_.size() <= info->id.index()) tags_.resize(info->id.index() + 1);
        auto& tag = tags_[info->id.index()];
        tag.info = info;
        tag.policy = &policies_.find(info->path);
    }
}

void Recorder::take(const StoreSnapshot& snapshot, Timestamp now) {
    std::uint64_t shown = 0;
    for (const auto& [info, number, value] : snapshot.tags) {
        declare({info});
        if (number <= seen_) continue;
        ++shown;
        auto& tag = tags_[info->id.index()];
        // Of a tag that has changed nobody knows how often.
        const bool gap = snapshot.skippedChanges > 0 && tag.begun && tag.policy->recorded &&
                         value.sourceTime > tag.last + kTick;
        if (gap && takesAgain(info->id, now)) noteGap(tag, tag.last + kTick);
        take(info->id, value, now);
    }
    if (snapshot.skippedChanges > shown && seen_ != ChangeNumber{})
        lost_.add(snapshot.skippedChanges - shown);
    seen_ = snapshot.last;
}

bool Recorder::isWanted(const Tag& tag, const DataValue& value) const {
    if (!tag.policy->recorded) return false;
    if (!tag.begun || tag.policy->deadband.kind == Deadband::Kind::None) return true;
    const EURange* range = tag.info->range ? &*tag.info->range : nullptr;
    const auto max = tag.policy->maxInterval;
    return tag.policy->deadband.passes(tag.recorded, value, range) ||
           (max > Ticks{0} && value.sourceTime > tag.last && value.sourceTime - tag.last >= max);
}

bool Recorder::mustWait(const Tag& tag, const DataValue& value) {
    return tag.begun && tag.policy->minInterval > Ticks{0} && value.status == tag.recorded.status &&
           value.sourceTime > tag.last && value.sourceTime - tag.last < tag.policy->minInterval;
}

void Recorder::take(TagId id, const DataValue& value, Timestamp now) {
    if (id.index() >= tags_.size() || !tags_[id.index()].info) return;
    auto& tag = tags_[id.index()];
    if (!isWanted(tag, value)) return;
    if (mustWait(tag, value)) {
        const auto due = now + (tag.policy->minInterval - (value.sourceTime - tag.last));
        const auto [found, first] = waiting_.try_emplace(id, Waiting{value, due});
        if (!first) found->second.value = value;
        return;
    }
    waiting_.erase(id);
    place(id, value, now);
}

void Recorder::place(TagId id, const DataValue& value, Timestamp now) {
    auto& tag = tags_[id.index()];
    if (!takesAgain(id, now)) return miss(id, value);
    late_.erase(id);
    const auto time = value.sourceTime;
    if (!tag.begun) return begin(id, value, now);
    const bool sameValue = value.value == tag.recorded.value;
    if (time <= tag.last && sameValue) return confirm(id, value, now);
    const bool late = time < tag.last;
    if (!append(tag, value, late ? SampleOrigin::Backfill : SampleOrigin::Live)) return miss(id, value);
    tag.recorded = value;
    if (late) {
        late_.insert_or_assign(id, value);
    } else if (time < now + kFarFuture) {
        tag.last = time;
    }
}

/// What a source brings of the past says nothing of what the tag is now: nothing waits for it, and where it
/// cannot be recorded it is lost.
void Recorder::fill(TagId id, const DataValue& value, Timestamp now) {
    if (id.index() >= tags_.size() || !tags_[id.index()].info) return;
    auto& tag = tags_[id.index()];
    const bool next = tag.begun && value.sourceTime > tag.last;
    if (next ? !isWanted(tag, value) : !tag.policy->recorded) return;
    if (!takesAgain(id, now) || !append(tag, value, SampleOrigin::Backfill)) return lost_.add();
    if (!next || value.sourceTime >= now + kFarFuture) return;
    tag.recorded = value;
    tag.last = value.sourceTime;
}

/// The first of a run. The value may be older than the end of the last run, after which nothing was known.
void Recorder::begin(TagId id, const DataValue& value, Timestamp now) {
    auto& tag = tags_[id.index()];
    const auto newest = storage_.newest(*tag.series);
    const bool isNew = newest == Timestamp{Ticks::min()};
    tag.last = kBeginning;
    if (newest < now + kFarFuture) tag.last = std::max(tag.last, newest);
    if (const auto& stop = storage_.lastStop(); stop && !isNew) tag.last = std::max(tag.last, stop->time);
    tag.begun = true;
    if (value.sourceTime <= tag.last) return confirm(id, value, now);
    if (!append(tag, value, SampleOrigin::Live)) return miss(id, value);
    tag.recorded = value;
    if (value.sourceTime < now + kFarFuture) tag.last = value.sourceTime;
}

/// Something that holds now, and whose own time is past in the history.
void Recorder::confirm(TagId id, const DataValue& value, Timestamp now) {
    auto& tag = tags_[id.index()];
    auto moved = value;
    moved.sourceTime = std::max(knownAt(value, now), tag.last + kTick);
    if (!append(tag, moved, SampleOrigin::Live)) return miss(id, value);
    tag.recorded = value;
    tag.last = moved.sourceTime;
}

bool Recorder::append(const Tag& tag, const DataValue& value, SampleOrigin origin) {
    if (!storage_.append(*tag.series, {.value = value, .origin = origin})) return false;
    recorded_.add();
    return true;
}

/// From `since` on nothing is known.
void Recorder::noteGap(Tag& tag, Timestamp since) {
    const auto lost = stopSample({since, kBadDataLost});
    if (append(tag, lost.value, lost.origin)) tag.last = since;
}

void Recorder::miss(TagId id, const DataValue& value) {
    const auto [found, first] = missed_.try_emplace(id, Missed{value.sourceTime, value});
    if (first) return;
    lost_.add();
    found->second.latest = value;
    found->second.several = true;
}

/// Whether a sample of the tag can be recorded; what was missed of it before comes first.
bool Recorder::takesAgain(TagId id, Timestamp now) {
    if (!storage_.isOpen() || storage_.isFull()) return false;
    auto& tag = tags_[id.index()];
    if (!tag.series) tag.series = storage_.seriesOf(tag.info->path);
    const auto found = missed_.find(id);
    if (found == missed_.end()) return true;
    const auto missed = std::move(found->second);
    missed_.erase(found);
    // Before the first value of a run nothing is known anyway.
    const auto since = std::max(missed.since, tag.last + kTick);
    if (missed.several && tag.begun && since < now) noteGap(tag, since);
    place(id, missed.latest, now);
    return !storage_.isFull();
}

void Recorder::settle(Timestamp now) {
    while (!missed_.empty() && takesAgain(missed_.begin()->first, now)) {
    }
    for (const auto& [id, value] : std::exchange(late_, {})) {
        if (takesAgain(id, now)) confirm(id, value, now);
    }
    std::erase_if(waiting_, [&](const auto& entry) {
        if (now < entry.second.due) return false;
        place(entry.first, entry.second.value, now);
        return true;
    });
}

}  // namespace tagwire::history
