#include "history/series_reader.h"

#include <algorithm>
#include <span>
#include <utility>
#include <vector>

#include "history/interpolator.h"
#include "history/interval_builder.h"

namespace tagwire::history {
namespace {

class IntervalVisitor final : public ScanVisitor {
public:
    explicit IntervalVisitor(IntervalBuilder& builder) : builder_(builder) {}

    bool summary(const Summary& summary) override {
        if (!builder_.takesWhole(summary)) return false;
        builder_.add(summary);
        return true;
    }
    [[nodiscard]] bool numbersOnly() const override { return true; }
    void numbers(std::span<const NumberSample> samples) override { builder_.add(samples); }
    bool sample(const HistorySample& sample) override {
        const auto& value = sample.value;
        const NumberSample number{
            .time = value.sourceTime, .number = numberOf(value), .status = value.status};
        builder_.add(std::span(&number, 1));
        if (isText(value.value)) builder_.addText(sample);
        return true;
    }

private:
    IntervalBuilder& builder_;
};

class InterpolatingVisitor final : public ScanVisitor {
public:
    explicit InterpolatingVisitor(Interpolator& interpolator) : interpolator_(interpolator) {}

    bool summary(const Summary& /*summary*/) override { return false; }
    [[nodiscard]] bool numbersOnly() const override { return false; }
    void numbers(std::span<const NumberSample> /*samples*/) override {}
    bool sample(const HistorySample& sample) override {
        last_ = sample;
        interpolator_.add(sample);
        return !interpolator_.done();
    }

    [[nodiscard]] const std::optional<HistorySample>& last() const noexcept { return last_; }

private:
    Interpolator& interpolator_;
    std::optional<HistorySample> last_;
};

/// Keeps the last usable sample.
class UsableVisitor final : public ScanVisitor {
public:
    bool summary(const Summary& /*summary*/) override { return false; }
    [[nodiscard]] bool numbersOnly() const override { return false; }
    void numbers(std::span<const NumberSample> /*samples*/) override {}
    bool sample(const HistorySample& sample) override {
        if (isUsable(sample)) last_ = sample;
        return true;
    }

    [[nodiscard]] const std::optional<HistorySample>& last() const noexcept { return last_; }

private:
    std::optional<HistorySample> last_;
};

/// Times with Bad samples in a row through which the one before them is looked for.
constexpr int kMaxLookedBack = 100;

/// The last usable sample before `time`, and one that is not, if such came after it: in time order.
StorageResult<std::vector<HistorySample>> usableBefore(SeriesScan& scan, Timestamp time) {
    std::vector<HistorySample> found;
    for (int i = 0; i < kMaxLookedBack; ++i) {
        const auto before = scan.before(time);
        if (!before) return tl::unexpected(before.error());
        if (!*before) return found;
        const auto& last = **before;
        if (isUsable(last)) {
            found.insert(found.begin(), last);
            return found;
        }
        if (found.empty()) found.push_back(last);
        // It is the last of its time, which usable ones may share.
        time = last.value.sourceTime;
        UsableVisitor visitor;
        if (const auto ran = scan.run(time, time + Ticks{1}, std::nullopt, visitor); !ran)
            return tl::unexpected(ran.error());
        if (visitor.last()) {
            found.insert(found.begin(), *visitor.last());
            return found;
        }
    }
    return found;
}

}  // namespace

StorageResult<void> SeriesReader::begin(std::uint64_t archive) {
    if (!archive_ || opened_ != archive) {
        archive_.reset();
        auto opened = ArchiveReader::open(folder_);
        if (!opened) return tl::unexpected(opened.error());
        archive_ = *std::move(opened);
        opened_ = archive;
    }
    return archive_->begin();
}

StorageResult<bool> SeriesReader::isCurrent(const Head& head) {
    const auto through = archive_->through(head.series);
    if (!through) return tl::unexpected(through.error());
    return *through == head.through;
}

StorageResult<HistorySeries> SeriesReader::intervals(const HistoryQuery& query, const TagPath& tag,
                                                     const Head& head, const std::stop_token& stop,
                                                     Timestamp now) {
    HistorySeries series{.tag = tag};
    series.known = true;
    auto scan = this->scan(head, stop);
    const auto before = scan.before(query.from);
    if (!before) return tl::unexpected(before.error());
    series.before = *before;
    if (query.from == query.to) return series;
    IntervalBuilder builder(query.from, query.to, query.intervals, now,
                            query.form == HistoryForm::Aggregates);
    if (*before) {
        const auto& value = (*before)->value;
        builder.holdBefore({.time = value.sourceTime, .number = numberOf(value), .status = value.status});
    }
    IntervalVisitor visitor(builder);
    if (const auto ran = scan.run(query.from, query.to, *before, visitor); !ran)
        return tl::unexpected(ran.error());
    builder.finish(series);
    return series;
}

StorageResult<HistorySeries> SeriesReader::interpolated(const HistoryQuery& query, std::size_t tag,
                                                        const Head& head, const std::stop_token& stop,
                                                        Timestamp now) {
    HistorySeries series{.tag = query.tags[tag]};
    series.known = true;
    if (query.from == query.to) return series;
    auto scan = this->scan(head, stop);
    Interpolator interpolator({.from = query.from, .to = query.to, .count = query.intervals},
                              !query.stepped.empty() && query.stepped[tag]);
    InterpolatingVisitor visitor(interpolator);
    const auto before = usableBefore(scan, query.from);
    if (!before) return tl::unexpected(before.error());
    for (const auto& sample : *before) visitor.sample(sample);
    if (const auto ran = scan.run(query.from, query.to, visitor.last(), visitor); !ran)
        return tl::unexpected(ran.error());
    // The other end of the last line may be a moment or a year away.
    constexpr int kWider = 8;
    Ticks width = std::chrono::minutes{1};
    for (auto begin = query.to; begin <= now && interpolator.wantsNext() && !stop.stop_requested();
         begin += width, width *= kWider) {
        const auto end = std::min(begin + width, now + Ticks{1});
        if (const auto ran = scan.run(begin, end, visitor.last(), visitor); !ran)
            return tl::unexpected(ran.error());
    }
    series.samples = interpolator.finish(now);
    return series;
}

}  // namespace tagwire::history
