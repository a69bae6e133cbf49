/// For tests: runs a TagSet without a source.
/// Thread: the test's. Lifetime: the test's.
#pragma once

#include <chrono>
#include <map>
#include <string>

#include "source/simulator/tag_set.h"

namespace tagwire::source::simulator {

inline constexpr std::chrono::milliseconds kScan{100};

class TestScans {
public:
    explicit TestScans(TagSet& set, std::chrono::milliseconds scan = kScan, std::string prefix = {})
        : set_(set), scan_(scan), report_(dense(set.tags({std::move(prefix), SourceId{}, scan}))) {}

    /// The updates of the next scan.
    std::vector<TagUpdate> next() {
        std::vector<TagUpdate> updates;
        report_.begin(fromUnixMillis(0), updates);
        set_.scan({index_, scan_ * static_cast<std::int64_t>(index_)}, report_);
        ++index_;
        for (const TagUpdate& update : updates) latest_[update.tag.index()] = update.value;
        return updates;
    }

    void run(std::size_t scans) {
        for (std::size_t i = 0; i < scans; ++i) (void)next();
    }

    /// What a client writes, between two scans.
    TagWritten write(const std::string& path, const Value& value) {
        std::vector<TagUpdate> updates;
        report_.begin(fromUnixMillis(0), updates);
        auto written = set_.write(positions_.at(path), value, report_);
        for (const TagUpdate& update : updates) latest_[update.tag.index()] = update.value;
        return written;
    }

    [[nodiscard]] const std::vector<TagInfo>& tags() const noexcept { return tags_; }
    [[nodiscard]] const TagInfo& tag(const std::string& path) const { return tags_.at(positions_.at(path)); }
    [[nodiscard]] const DataValue& value(const std::string& path) const {
        return latest_.at(positions_.at(path));
    }

private:
    std::vector<TagId> dense(std::vector<TagInfo> tags) {
        tags_ = std::move(tags);
        latest_.resize(tags_.size());
        std::vector<TagId> ids;
        for (std::size_t i = 0; i < tags_.size(); ++i) {
            positions_.emplace(tags_[i].path.text(), i);
            ids.emplace_back(static_cast<std::uint32_t>(i));
        }
        return ids;
    }

    TagSet& set_;
    std::chrono::milliseconds scan_;
    std::vector<TagInfo> tags_;
    std::map<std::string, std::size_t> positions_;
    std::vector<DataValue> latest_;
    ScanReport report_;
    std::uint64_t index_ = 0;
};

}  // namespace tagwire::source::simulator
