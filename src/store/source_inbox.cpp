#include "store/source_inbox.h"

#include <unordered_map>
#include <utility>

namespace tagwire::store {
namespace {

/// Keeps the last value of each tag, in the order in which those arose. What is backfill does not take the
/// place of what the tag is now.
ValuesArrived conflate(std::vector<SourceMessage> run, Counter& skipped) {
    struct Values {
        std::size_t all = 0;
        std::size_t current = 0;  ///< those that are no backfill
    };
    std::unordered_map<TagId, Values> seen;
    std::size_t total = 0;
    for (const auto& message : run) {
        for (const auto& update : std::get<ValuesArrived>(message).updates) {
            auto& values = seen[update.tag];
            ++values.all;
            if (!update.backfill) ++values.current;
            ++total;
        }
    }
    skipped.add(total - seen.size());

    ValuesArrived merged;
    merged.updates.reserve(seen.size());
    auto left = seen;
    for (auto& message : run) {
        for (auto& update : std::get<ValuesArrived>(message).updates) {
            const auto& values = seen[update.tag];
            auto& after = left[update.tag];
            const bool counts = values.current == 0 || !update.backfill;
            if (!counts || --(values.current == 0 ? after.all : after.current) > 0) continue;
            if (values.all > 1) update.value.status = update.value.status.withOverflow();
            merged.updates.push_back(std::move(update));
        }
    }
    return merged;
}

}  // namespace

SourceInbox::SourceInbox(Doorbell& bell, std::size_t capacity)
    : mailbox_(capacity, [&bell] { bell.ring(); }) {}

void SourceInbox::declare(std::vector<SharedTagInfo> tags) {
    // Weight 0 is always taken: a declaration is as bounded as the configuration or the server's address
    // space.
    (void)mailbox_.tryPush(TagsDeclared{std::move(tags)}, 0);
}

void SourceInbox::post(std::vector<TagUpdate> updates) {
    if (updates.empty()) return;
    const auto weight = updates.size();
    received_.add(weight);
    mailbox_.pushMerging(ValuesArrived{std::move(updates)}, weight, [this](std::vector<SourceMessage> run) {
        auto merged = conflate(std::move(run), skipped_);
        const auto left = merged.updates.size();
        return std::pair<SourceMessage, std::size_t>(std::move(merged), left);
    });
}

void SourceInbox::changeState(SourceState state) {
    (void)mailbox_.tryPush(SourceStateChanged{std::move(state)}, 0);
}

}  // namespace tagwire::store
