/// Keeps what is written to one tag in order: what needs a tag that is being written, or that somebody
/// before it waits for, waits. Thread: the desk's. Lifetime: owned by the desk.
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "model/tag_id.h"

namespace tagwire::control {

class TagTurns {
public:
    using Number = std::uint64_t;

    void wait(Number number, std::vector<TagId> tags) { waiting_.push_back({number, std::move(tags)}); }
    /// Those whose turn it is, in the order they came; from now on their tags are being written.
    [[nodiscard]] std::vector<Number> takeReady() {
        std::vector<Number> ready;
        std::unordered_set<TagId> blocked = busy_;
        for (auto next = waiting_.begin(); next != waiting_.end();) {
            bool free = true;
            for (const TagId tag : next->tags) free = blocked.insert(tag).second && free;
            if (!free) {
                ++next;
                continue;
            }
            ready.push_back(next->number);
            busy_.insert(next->tags.begin(), next->tags.end());
            running_.emplace(next->number, std::move(next->tags));
            next = waiting_.erase(next);
        }
        return ready;
    }
    /// Its tags are free for the next.
    void done(Number number) {
        const auto found = running_.find(number);
        if (found == running_.end()) return;
        for (const TagId tag : found->second) busy_.erase(tag);
        running_.erase(found);
    }

    [[nodiscard]] std::size_t waiting() const noexcept { return waiting_.size(); }

private:
    struct Waiting {
        Number number;
        std::vector<TagId> tags;
    };

    std::list<Waiting> waiting_;
    std::unordered_map<Number, std::vector<TagId>> running_;
    std::unordered_set<TagId> busy_;
};

}  // namespace tagwire::control
