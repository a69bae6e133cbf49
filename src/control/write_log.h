/// What is written down of each value that somebody wanted to write, and counted.
/// Thread: the desk's; counts() any. Lifetime: owned by the desk; the trail outlives it.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include <boost/json/value.hpp>

#include "base/time.h"
#include "control/write_counts.h"
#include "model/audit_trail.h"
#include "model/tag_writer.h"
#include "model/write_services.h"

namespace tagwire::control {

class WriteLog {
public:
    static constexpr std::string_view kWrite = "write";
    static constexpr std::string_view kPress = "write.press";
    static constexpr std::string_view kRelease = "write.release";

    /// Of a value in an entry; what is longer is told by its length.
    static constexpr std::size_t kMaxValueBytes = 4096;

    WriteLog(AuditTrail& trail, std::function<Timestamp()> now) : trail_(trail), now_(std::move(now)) {}

    /// What must not happen unrecorded may happen.
    [[nodiscard]] bool ready() const noexcept { return trail_.ready(); }

    void refused(std::string_view action, const WriteAsker& by, const OrderedWrite& write,
                 std::string_view why);
    /// Nothing was sent, because of `failure`.
    void notSent(std::string_view action, const WriteAsker& by, const TagWrite& write, const Value& before,
                 const ServiceFailure& failure);
    /// The source has answered. `note`: what is to be known besides; empty for nothing.
    void answered(std::string_view action, const WriteAsker& by, const TagWrite& write, const Value& before,
                  const TagWritten& written, std::string_view note = {});

    [[nodiscard]] const WriteCounts& counts() const noexcept { return counts_; }

private:
    void record(AuditEntry entry);
    [[nodiscard]] AuditEntry entry(std::string_view action, const WriteAsker& by, std::string target) const;

    AuditTrail& trail_;
    std::function<Timestamp()> now_;
    WriteCounts counts_;
};

}  // namespace tagwire::control
