/// What is written down of who did what: logins, writes to the plant, changes of users, sources and
/// documents. Thread: any may record; never blocks. Lifetime: outlives whoever records.
#pragma once

#include <cstdint>
#include <string>

#include "base/time.h"

namespace tagwire {

/// How it came out.
enum class AuditOutcome : std::uint8_t {
    Done,
    Refused,  ///< by our own rules
    Failed,   ///< tried, and the other side or the machine could not
};

struct AuditEntry {
    Timestamp time;
    std::string user;     ///< empty: somebody unknown
    std::string token;    ///< its name, where a program acted for the user
    std::string address;  ///< of the client, empty for the console
    std::string action;   ///< such as `write`, `login`, `user.add`, `source.remove`
    std::string target;   ///< tag path, user name, …
    std::string before;   ///< old value, as JSON text; empty: not known, or there is none
    std::string after;    ///< new value, as JSON text
    AuditOutcome outcome = AuditOutcome::Done;
    std::string detail;  ///< why not, in words
};

class AuditTrail {
public:
    AuditTrail() = default;
    AuditTrail(const AuditTrail&) = delete;
    AuditTrail& operator=(const AuditTrail&) = delete;
    virtual ~AuditTrail() = default;

    /// False: what is recorded now may not reach the disk (it cannot be written, or too much waits); what
    /// must not happen unrecorded is to be refused.
    [[nodiscard]] virtual bool ready() const noexcept = 0;
    /// Kept in order. Where too much waits it is dropped and counted, and the log says so in its next entry.
    virtual void record(AuditEntry entry) = 0;
};

}  // namespace tagwire
