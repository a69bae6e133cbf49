/// One subscription of one client: the tags it watches and what of them is not yet sent.
/// Thread: the shard's. Lifetime: owned by its session; registered with the shard's SubscriptionTable.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "base/time.h"
#include "model/feed.h"
#include "model/tag_id.h"
#include "model/tag_path.h"
#include "serve/dirty_set.h"
#include "serve/prefetch.h"
#include "serve/tag_sight.h"
#include "wire/generated/protocol.h"
#include "wire/ids.h"

namespace tagwire::serve {

class Subscription;
class TagCache;

/// Whom a subscription belongs to. Thread: the shard's.
class SubscriptionOwner {
public:
    SubscriptionOwner() = default;
    SubscriptionOwner(const SubscriptionOwner&) = delete;
    SubscriptionOwner& operator=(const SubscriptionOwner&) = delete;
    virtual ~SubscriptionOwner() = default;

    /// The subscription has something to send and its time has come. The owner gathers when its socket is
    /// free; until it has gathered it is not told again.
    virtual void onReady(Subscription& subscription) = 0;
    /// Tags that joined the subscription later, or whose metadata changed.
    virtual void onTags(Subscription& subscription, const std::vector<SharedTagInfo>& tags) = 0;

    /// onReady() will come soon: lets the processor fetch the first step of what it will touch …
    virtual void fetchAhead() const noexcept {}
    /// … and a little later the next step.
    virtual void fetchFurther() const noexcept {}
};

struct SubscriptionTerms {
    wire::SubId id{};
    wire::Mode mode = wire::Mode::Latest;
    std::chrono::milliseconds min{0};
    std::optional<std::uint32_t> credits{};  ///< data frames that may be sent; none: no limit
    std::size_t queueRows = 0;               ///< bound of mode All
    std::size_t maxTags = 0;
    TagSight sight{};  ///< tags outside of it do not exist for the subscription
};

class alignas(64) Subscription {
    // What every change touches stands first, in one cache line: up to the mode in the terms.
    DirtySet dirty_;

public:
    enum class Schedule : std::uint8_t { Idle, Waiting, Ready };
    /// Changed by SubscriptionTable only, as `due`.
    Schedule schedule = Schedule::Idle;

private:
    SubscriptionTerms terms_;

public:
    Subscription(SubscriptionOwner& owner, SubscriptionTerms terms);

    [[nodiscard]] wire::SubId id() const noexcept { return terms_.id; }
    [[nodiscard]] const SubscriptionTerms& terms() const noexcept { return terms_; }
    [[nodiscard]] SubscriptionOwner& owner() const noexcept { return owner_; }

    // --- what it watches: changed by SubscriptionTable only ---

    struct Slot {
        TagId tag;
        std::uint32_t watcherIndex = 0;  ///< its place in the table's list of the tag's watchers
    };
    [[nodiscard]] std::vector<Slot>& slots() noexcept { return slots_; }
    [[nodiscard]] const std::vector<Slot>& slots() const noexcept { return slots_; }
    void addSlot(Slot slot);
    /// Patterns whose future matches join.
    std::vector<TagPattern> patterns;
    /// Names asked for that do not exist yet; they join when they appear.
    std::unordered_set<std::string> awaited;

    // --- what is to be sent ---

    /// The first frames carry the snapshot.
    void beginSnapshot() noexcept { snapshot_ = true; }
    void markDirty(std::size_t slot) noexcept { dirty_.insert(slot); }
    /// A live change; `row` counts its time from `base`.
    void onChange(std::size_t slot, std::string_view row, Timestamp base, ChangeNumber number) {
        if (terms_.mode == wire::Mode::Latest) {
            markDirty(slot);
        } else {
            onChangeOfAll(slot, row, base, number);
        }
    }
    /// Changes were lost before they reached this shard: what follows is conflated. `atMost` bounds how many.
    void onFeedSkipped(std::uint64_t atMost);

    [[nodiscard]] bool pending() const noexcept {
        return snapshot_ || !dirty_.empty() || !queue_.empty() || lagDue_;
    }
    [[nodiscard]] bool blockedByCredits() const noexcept { return terms_.credits && *terms_.credits == 0; }
    /// Never more than the subscription began with.
    void addCredits(std::uint32_t n) noexcept;

    struct Gathered {
        bool any = false;                          ///< a frame was written
        bool lag = false;                          ///< it is a lag frame, not data
        std::optional<ChangeNumber> completeUpTo;  ///< where a client that has it could resume
    };

    /// Writes the next frame to `out` (emptied first). Bounded to about `maxBytes`; a snapshot that is larger
    /// goes on in further frames. Data frames use up a credit.
    Gathered gather(std::string& out, TagCache& cache, std::size_t maxBytes);

    /// At most `most` of the tags whose latest value is to be sent; for doors that do not send protocol
    /// frames.
    [[nodiscard]] std::vector<TagId> takeDirty(std::size_t most);

    /// Lets the processor fetch what gather() will need besides this object, and the owner.
    void fetchAhead() const noexcept {
        prefetch(slots_.data(), sizeof(Slot));
        prefetch(&owner_, kOwnerBytes);
    }

    /// When it was or will be told to its owner.
    SteadyTime due;
    /// When the next frame may be sent at the earliest: at once, or `min` after the last was due.
    [[nodiscard]] SteadyTime earliestFrame() const noexcept { return earliest_; }

private:
    /// Of an owner, that is touched when it sends.
    static constexpr std::size_t kOwnerBytes = 320;

    /// Rows of mode All that count their times from one base and fit into one frame.
    struct Segment {
        Timestamp base;
        std::string rows;  ///< each followed by a comma
        std::size_t count = 0;
        ChangeNumber last;
    };

    void onChangeOfAll(std::size_t slot, std::string_view row, Timestamp base, ChangeNumber number);
    /// A frame that completes what was to be sent leaves now.
    void waitFromNow() noexcept;
    void enqueue(std::string_view row, Timestamp base, ChangeNumber number);
    Gathered gatherQueued(std::string& out);
    Gathered gatherDirty(std::string& out, TagCache& cache, std::size_t maxBytes);

    std::vector<Slot> slots_;
    SubscriptionOwner& owner_;
    std::uint32_t initialCredits_;
    std::list<Segment> queue_;  ///< not a deque: an empty one takes half a kilobyte
    std::size_t queuedRows_ = 0;
    bool snapshot_ = false;
    bool conflating_ = false;  ///< mode All: the queue overflowed; changes conflate until it has been sent
    bool lagDue_ = false;      ///< the change of conflating_ is still to be told
    SteadyTime earliest_{};
    std::uint64_t skipped_ = 0;  ///< mode All: changes never sent one by one, since the beginning
};

}  // namespace tagwire::serve
