/// Writes down in the audit trail who was refused what, so often that nothing is overlooked, and so seldom
/// that nobody can flood the trail.
/// Thread: any. Lifetime: owned by the server, outlives the shards.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "access/action.h"
#include "base/time.h"
#include "model/audit_trail.h"
#include "serve/caller.h"

namespace tagwire::serve {

class Denials {
public:
    /// `trail`: null where nothing is recorded.
    explicit Denials(AuditTrail* trail) : trail_(trail) {}

    /// Of one caller and action at most one entry in kPause; the next says how many there were in between.
    static constexpr std::chrono::seconds kPause{10};
    /// Callers that are told apart; those beyond share one entry.
    static constexpr std::size_t kMaxCallers = 1000;

    void record(const Caller& caller, access::Action action, std::string_view target, Timestamp now);

private:
    struct Last {
        Timestamp recorded;
        std::uint64_t since = 0;  ///< refusals that were not recorded
    };

    void forgetOld(Timestamp now);

    AuditTrail* trail_;
    std::mutex mutex_;
    std::unordered_map<std::string, Last> last_;
};

}  // namespace tagwire::serve
