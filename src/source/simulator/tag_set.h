/// What the simulator is made of: sets of tags that are scanned together.
/// Thread: the simulator's. Lifetime: owned by the SimulatorSource.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/generated/status_codes.h"
#include "model/tag_update.h"
#include "model/tag_writer.h"

namespace tagwire::source::simulator {

/// A point of simulated time: scans are numbered from 0, `elapsed` is the scan number times the scan
/// interval.
struct Scan {
    std::uint64_t index = 0;
    std::chrono::milliseconds elapsed{0};
};

/// What the tags of one simulator have in common.
struct TagContext {
    std::string prefix;
    SourceId source;
    std::chrono::milliseconds scan{100};

    /// A read-only simulated scalar with neither id nor further metadata; `name` comes below the prefix.
    [[nodiscard]] TagInfo tag(std::string_view name, BuiltInType type) const {
        auto path = TagPath::parse(prefix.empty() ? std::string(name) : prefix + '.' + std::string(name));
        return {.id = {},
                .path = std::move(path).value(),
                .source = source,
                .type = type,
                .dimensions = {},
                .units = {},
                .range = {},
                .limits = {},
                .access = Access::Read,
                .description = {},
                .enumLabels = {},
                .decimals = {},
                .samplingInterval = scan,
                .deadband = {},
                .simulated = true};
    }
};

/// Collects what changed at a scan. Tags are named by their position in TagSet::tags().
class ScanReport {
public:
    explicit ScanReport(std::vector<TagId> ids) : ids_(std::move(ids)), last_(ids_.size()) {}

    /// The coming values arose at `time` and are appended to `out`, which outlives the scan.
    void begin(Timestamp time, std::vector<TagUpdate>& out) noexcept {
        time_ = time;
        out_ = &out;
    }

    /// Reports a value; left out when neither it nor its status differs from the last one of this tag.
    void set(std::size_t tag, Value value, StatusCode status = {}) {
        Reported& last = last_[tag];
        if (last.known && last.status == status && last.value == value) return;
        last = {.known = true, .status = status, .value = value};
        out_->push_back({ids_[tag], {std::move(value), status, time_, time_}});
    }

    /// Reports the last value once more under another status.
    void setStatus(std::size_t tag, StatusCode status) { set(tag, last_[tag].value, status); }

    /// The value that was reported last.
    [[nodiscard]] const Value& value(std::size_t tag) const { return last_[tag].value; }

private:
    struct Reported {
        bool known = false;
        StatusCode status;
        Value value;
    };

    std::vector<TagId> ids_;
    std::vector<Reported> last_;
    std::vector<TagUpdate>* out_ = nullptr;
    Timestamp time_;
};

class TagSet {
public:
    TagSet() = default;
    TagSet(const TagSet&) = delete;
    TagSet& operator=(const TagSet&) = delete;
    virtual ~TagSet() = default;

    [[nodiscard]] virtual std::vector<TagInfo> tags(const TagContext& context) const = 0;

    /// Called for every scan in turn, from 0; the first one reports every tag.
    virtual void scan(const Scan& scan, ScanReport& report) = 0;

    /// Takes `value`, which has the tag's type, between two scans, and reports what became of it.
    [[nodiscard]] virtual TagWritten write(std::size_t tag, const Value& value, ScanReport& report) {
        static_cast<void>(tag);
        static_cast<void>(value);
        static_cast<void>(report);
        TagWritten refused;
        refused.status = kBadNotWritable;
        refused.message = "the simulated device only reads this tag";
        return refused;
    }
};

}  // namespace tagwire::source::simulator
