#include "history/query.h"

#include <algorithm>
#include <charconv>
#include <span>
#include <utility>

#include <fmt/format.h>

#include "history/interpolator.h"
#include "history/interval_builder.h"
#include "history/series_scan.h"
#include "model/generated/status_codes.h"

namespace tagwire::history {
namespace {

/// Between `from` and `to`: more than the years of OPC UA's DateTime, and nothing that could overflow.
constexpr Ticks kMaxSpan{std::int64_t{1} << 62U};

/// Where a page of samples begins: the tag, the time, and how many samples of that time were in pages before.
struct Position {
    std::size_t tag = 0;
    Timestamp time;
    std::size_t skip = 0;
};

std::string cursorOf(const Position& position) {
    return fmt::format("{}.{}.{}", position.tag, ticksOf(position.time), position.skip);
}

std::optional<Position> positionOf(std::string_view cursor) {
    Position position;
    std::int64_t ticks = 0;
    const char* at = cursor.data();
    const char* const end = at + cursor.size();
    const auto number = [&](auto& value) {
        const auto [rest, error] = std::from_chars(at, end, value);
        at = rest;
        return error == std::errc{};
    };
    const auto dot = [&] { return at != end && *at++ == '.'; };
    if (!number(position.tag) || !dot() || !number(ticks) || !dot() || !number(position.skip) || at != end)
        return std::nullopt;
    position.time = Timestamp{Ticks{ticks}};
    return position;
}

bool spanFits(const HistoryQuery& query) noexcept {
    const auto from = static_cast<std::uint64_t>(ticksOf(query.from));
    const auto to = static_cast<std::uint64_t>(ticksOf(query.to));
    return query.from <= query.to && to - from <= static_cast<std::uint64_t>(kMaxSpan.count());
}

/// Takes samples of one tag until the page is full.
class RawVisitor final : public ScanVisitor {
public:
    RawVisitor(HistorySeries& series, Position begin, std::size_t limit)
        : series_(series), limit_(limit), skip_(begin.skip), skipTime_(begin.time), time_(begin.time) {
        sameTime_ = begin.skip;
    }

    bool summary(const Summary& /*summary*/) override { return false; }
    [[nodiscard]] bool numbersOnly() const override { return false; }
    void numbers(std::span<const NumberSample> /*samples*/) override {}

    bool sample(const HistorySample& sample) override {
        const auto time = sample.value.sourceTime;
        if (skip_ > 0 && time == skipTime_) {
            --skip_;
            return true;
        }
        if (series_.samples.size() == limit_) {
            next_ = Position{.tag = 0, .time = time, .skip = time == time_ ? sameTime_ : 0};
            return false;
        }
        sameTime_ = time == time_ ? sameTime_ + 1 : 1;
        time_ = time;
        series_.samples.push_back(sample);
        return true;
    }

    /// Where the next page begins, if this one is full.
    [[nodiscard]] const std::optional<Position>& next() const noexcept { return next_; }

private:
    HistorySeries& series_;
    const std::size_t limit_;
    std::size_t skip_;
    const Timestamp skipTime_;
    Timestamp time_;
    std::size_t sameTime_;
    std::optional<Position> next_;
};

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

std::optional<ServiceFailure> checkQuery(const HistoryQuery& query) {
    const auto wrong = [](std::string message) {
        return ServiceFailure{kBadInvalidArgument, std::move(message)};
    };
    if (query.tags.empty() || query.tags.size() > kMaxHistoryTags)
        return wrong(fmt::format("a query of the history is for 1 to {} tags", kMaxHistoryTags));
    if (!spanFits(query))
        return wrong("the time asked for ends before it begins, or is longer than any history");
    if (query.form == HistoryForm::Raw) {
        if (query.limit == 0 || query.limit > kMaxHistoryPage)
            return wrong(fmt::format("a page of the history has 1 to {} samples", kMaxHistoryPage));
        const auto position = positionOf(query.cursor);
        if (!query.cursor.empty() && (!position || position->tag >= query.tags.size() ||
                                      position->time < query.from || position->time >= query.to)) {
            return ServiceFailure{kBadContinuationPointInvalid,
                                  "this is no cursor of this query; begin again without one"};
        }
    } else if (query.intervals == 0 || query.intervals > kMaxHistoryIntervals / query.tags.size()) {
        return wrong(fmt::format("a query of the history has 1 to {} intervals, of all its tags together",
                                 kMaxHistoryIntervals));
    }
    if (!query.stepped.empty() && query.stepped.size() != query.tags.size())
        return wrong("a query of the history says of each tag whether it is stepped, or of none");
    return std::nullopt;
}

QueryRunner::QueryRunner(std::filesystem::path folder) : folder_(std::move(folder)) {}

StorageResult<void> QueryRunner::open(std::uint64_t archive) {
    if (archive_ && opened_ == archive) return {};
    archive_.reset();
    auto opened = ArchiveReader::open(folder_);
    if (!opened) return tl::unexpected(opened.error());
    archive_ = *std::move(opened);
    opened_ = archive;
    return {};
}

StorageResult<bool> QueryRunner::isCurrent(const HeadSnapshot& snapshot) {
    for (const auto& head : snapshot.heads) {
        if (!head) continue;
        const auto through = archive_->through(head->series);
        if (!through) return tl::unexpected(through.error());
        if (*through != head->through) return false;
    }
    return true;
}

std::optional<ServiceResult<HistoryAnswer>> QueryRunner::run(const HistoryQuery& query,
                                                             const HeadSnapshot& snapshot,
                                                             const std::stop_token& stop, Timestamp now) {
    const auto failure = [](const StorageError& error) {
        return ServiceFailure{kBadResourceUnavailable,
                              fmt::format("the history cannot be read: {}", error.message)};
    };
    if (stop.stop_requested())
        return tl::unexpected(ServiceFailure{kBadRequestCancelledByClient, "nobody waits for it any more"});
    auto begun = open(snapshot.archive);
    if (begun) begun = archive_->begin();
    if (!begun) return tl::unexpected(failure(begun.error()));
    const auto current = isCurrent(snapshot);
    auto answered = current && *current ? answer(query, snapshot, stop, now) : StorageResult<HistoryAnswer>{};
    archive_->end();
    if (!current) return tl::unexpected(failure(current.error()));
    if (!*current) return std::nullopt;
    if (stop.stop_requested())
        return tl::unexpected(ServiceFailure{kBadRequestCancelledByClient, "nobody waits for it any more"});
    if (!answered) return tl::unexpected(failure(answered.error()));
    return *std::move(answered);
}

StorageResult<HistoryAnswer> QueryRunner::answer(const HistoryQuery& query, const HeadSnapshot& snapshot,
                                                 const std::stop_token& stop, Timestamp now) {
    if (query.form == HistoryForm::Raw) return raw(query, snapshot, stop);
    HistoryAnswer answer;
    for (std::size_t i = 0; i < query.tags.size() && !stop.stop_requested(); ++i) {
        const auto& head = snapshot.heads[i];
        if (!head) {
            answer.series.push_back({.tag = query.tags[i]});
            continue;
        }
        auto series = query.form == HistoryForm::Interpolated
                          ? interpolated(query, i, *head, stop, now)
                          : intervals(query, query.tags[i], *head, stop, now);
        if (!series) return tl::unexpected(series.error());
        answer.series.push_back(*std::move(series));
    }
    return answer;
}

StorageResult<HistoryAnswer> QueryRunner::raw(const HistoryQuery& query, const HeadSnapshot& snapshot,
                                              const std::stop_token& stop) {
    HistoryAnswer answer;
    const auto begin = positionOf(query.cursor);
    std::size_t room = query.limit;
    for (std::size_t i = begin ? begin->tag : 0; i < query.tags.size() && !stop.stop_requested(); ++i) {
        const bool goesOn = begin && i == begin->tag;
        if (room == 0) {
            answer.more = cursorOf({.tag = i, .time = query.from, .skip = 0});
            break;
        }
        auto& series = answer.series.emplace_back(HistorySeries{.tag = query.tags[i]});
        const auto& head = snapshot.heads[i];
        if (!head) continue;
        series.known = true;
        SeriesScan scan(*archive_, chunks_, *head, stop);
        const Position position = goesOn ? *begin : Position{.tag = i, .time = query.from, .skip = 0};
        const auto previous = scan.before(position.time);
        if (!previous) return tl::unexpected(previous.error());
        if (position.time == query.from && position.skip == 0) series.before = *previous;
        RawVisitor visitor(series, position, room);
        if (const auto ran = scan.run(position.time, query.to, *previous, visitor); !ran)
            return tl::unexpected(ran.error());
        room -= series.samples.size();
        if (const auto& next = visitor.next()) {
            answer.more = cursorOf({.tag = i, .time = next->time, .skip = next->skip});
            break;
        }
    }
    return answer;
}

StorageResult<HistorySeries> QueryRunner::intervals(const HistoryQuery& query, const TagPath& tag,
                                                    const Head& head, const std::stop_token& stop,
                                                    Timestamp now) {
    HistorySeries series{.tag = tag};
    series.known = true;
    SeriesScan scan(*archive_, chunks_, head, stop);
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

StorageResult<HistorySeries> QueryRunner::interpolated(const HistoryQuery& query, std::size_t tag,
                                                       const Head& head, const std::stop_token& stop,
                                                       Timestamp now) {
    HistorySeries series{.tag = query.tags[tag]};
    series.known = true;
    if (query.from == query.to) return series;
    SeriesScan scan(*archive_, chunks_, head, stop);
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
