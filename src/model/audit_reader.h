/// Reading the audit log back.
/// Thread: any may ask; the answer comes once, from another thread or at once. Lifetime: outlives whoever
/// asks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "model/audit_trail.h"
#include "model/service_answer.h"

namespace tagwire {

struct AuditQuestion {
    std::optional<Timestamp> from;  ///< inclusive
    std::optional<Timestamp> to;    ///< exclusive
    std::string user;               ///< empty: everybody
    std::string action;             ///< empty: all; `user` matches `user` and `user.add`
    std::string text;               ///< part of target or detail, upper and lower case alike
    std::optional<AuditOutcome> outcome;
    std::optional<std::uint64_t> before;  ///< entries with a lower number, to page on
    std::size_t limit = 100;              ///< at most 1000
};

struct NumberedAuditEntry {
    std::uint64_t number = 0;  ///< from 1, without a gap
    AuditEntry entry;
};

struct AuditPage {
    std::vector<NumberedAuditEntry> entries;  ///< the latest first
    bool more = false;
};

struct AuditVerdict {
    bool intact = false;
    std::uint64_t entries = 0;
    std::string problem;  ///< the first thing that is wrong, with its file and line
};

class AuditReader {
public:
    AuditReader() = default;
    AuditReader(const AuditReader&) = delete;
    AuditReader& operator=(const AuditReader&) = delete;
    virtual ~AuditReader() = default;

    virtual void read(AuditQuestion question, ServiceAnswer<AuditPage> answer) = 0;
    /// Follows the chain of hashes over the whole log.
    virtual void verify(ServiceAnswer<AuditVerdict> answer) = 0;
};

}  // namespace tagwire
