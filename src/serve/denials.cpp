#include "serve/denials.h"

#include <utility>

#include <fmt/format.h>

namespace tagwire::serve {
namespace {

/// How many were not recorded is told for so long; then it is forgotten.
constexpr std::chrono::minutes kKept{10};

}  // namespace

void Denials::record(const Caller& caller, access::Action action, std::string_view target, Timestamp now) {
    if (trail_ == nullptr) return;
    const auto* rule = access::ruleOf(action);
    const std::string_view name = rule == nullptr ? "unknown" : rule->name;
    auto asking = caller.asking();
    auto key = fmt::format("{}\n{}\n{}\n{}", name, asking.user, asking.token, asking.address);
    std::uint64_t since = 0;
    {
        const std::lock_guard lock(mutex_);
        if (last_.size() >= kMaxCallers) forgetOld(now);
        if (last_.size() >= kMaxCallers && !last_.contains(key)) key.clear();
        const auto [place, isNew] = last_.try_emplace(std::move(key), Last{.recorded = now});
        auto& last = place->second;
        if (!isNew && now < last.recorded + kPause) {
            ++last.since;
            return;
        }
        since = std::exchange(last.since, 0);
        last.recorded = now;
    }
    trail_->record({.time = now,
                    .user = std::move(asking.user),
                    .token = std::move(asking.token),
                    .address = std::move(asking.address),
                    .action = std::string(name),
                    .target = std::string(target),
                    .before = {},
                    .after = {},
                    .outcome = AuditOutcome::Refused,
                    .detail = since == 0 ? std::string("not allowed to do this")
                                         : fmt::format("not allowed to do this; and {} times more since the "
                                                       "last entry of this kind",
                                                       since)});
}

void Denials::forgetOld(Timestamp now) {
    std::erase_if(last_, [now](const auto& entry) {
        const auto age = now - entry.second.recorded;
        return age >= (entry.second.since == 0 ? kPause : kKept);
    });
}

}  // namespace tagwire::serve
