#include "control/write_keys.h"

#include <utility>

namespace tagwire::control {

WriteKeys::Known WriteKeys::take(const std::string& name, std::string content, const Answer& answer,
                                 SteadyTime now) {
    forgetOld(now);
    if (const auto found = byName_.find(name); found != byName_.end()) {
        Entry& entry = *found->second;
        if (entry.content != content) return Known::Another;
        if (entry.results) {
            answer(*entry.results);
            return Known::Again;
        }
        if (entry.askers.size() >= kMaxAskers) return Known::TooMany;
        entry.askers.push_back(answer);
        return Known::Again;
    }
    waiting_.push_back({.name = name,
                        .content = std::move(content),
                        .results = std::nullopt,
                        .askers = {answer},
                        .settled = {},
                        .bytes = 0});
    byName_.emplace(waiting_.back().name, std::prev(waiting_.end()));
    return Known::New;
}

void WriteKeys::settle(const std::string& name, const ServiceResult<Results>& result, SteadyTime now) {
    const auto found = byName_.find(name);
    if (found == byName_.end()) return;
    const auto entry = found->second;
    const auto askers = std::exchange(entry->askers, {});
    if (result) {
        entry->results = *result;
        entry->settled = now;
        entry->bytes = entry->name.size() + entry->content.size() + sizeof(Entry);
        for (const auto& each : *result) entry->bytes += each.message.size() + sizeof(WriteResult);
        bytes_ += entry->bytes;
        settled_.splice(settled_.end(), waiting_, entry);
    } else {
        byName_.erase(found);
        waiting_.erase(entry);
    }
    forgetOld(now);
    for (const auto& answer : askers) answer(result);
}

void WriteKeys::forgetOld(SteadyTime now) {
    while (!settled_.empty() && (settled_.front().settled + kKeptFor <= now ||
                                 settled_.size() > kMaxAnswers || bytes_ > kMaxBytes)) {
        erase(settled_.begin());
    }
}

void WriteKeys::erase(Entries::iterator entry) {
    bytes_ -= entry->bytes;
    byName_.erase(entry->name);
    settled_.erase(entry);
}

}  // namespace tagwire::control
