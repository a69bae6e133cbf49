#include "history/query.h"

#include <algorithm>
#include <charconv>
#include <span>
#include <system_error>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "base/thread_name.h"
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

namespace {

ServiceFailure cancelled() { return {kBadRequestCancelledByClient, "nobody waits for it any more"}; }

ServiceFailure unreadable(const StorageError& error) {
    return {kBadResourceUnavailable, fmt::format("the history cannot be read: {}", error.message)};
}

}  // namespace

QueryRunner::QueryRunner(const std::filesystem::path& folder)
    : readers_{SeriesReader(folder), SeriesReader(folder)} {}

std::optional<ServiceResult<HistoryAnswer>> QueryRunner::run(const HistoryQuery& query,
                                                             const HeadSnapshot& snapshot,
                                                             const std::stop_token& stop, Timestamp now) {
    if (stop.stop_requested()) return tl::unexpected(cancelled());
    const Question question{.query = query, .snapshot = snapshot, .stop = stop, .now = now};
    HistoryAnswer answer;
    const auto answered = query.form == HistoryForm::Raw ? raw(question, answer) : shared(question, answer);
    if (!answered) return tl::unexpected(unreadable(answered.error()));
    if (!*answered) return std::nullopt;
    if (stop.stop_requested()) return tl::unexpected(cancelled());
    return answer;
}

/// Between begin() and end() of the reader.
template <class Work>
StorageResult<bool> QueryRunner::reading(SeriesReader& reader, const Question& question, Work work) {
    if (auto begun = reader.begin(question.snapshot.archive); !begun) return tl::unexpected(begun.error());
    StorageResult<bool> done = work();
    reader.end();
    return done;
}

/// Half of the tags for each reader: a month of eight takes one processor a sixth of a second.
StorageResult<bool> QueryRunner::shared(const Question& question, HistoryAnswer& answer) {
    for (const auto& tag : question.query.tags) answer.series.push_back({.tag = tag});
    if (answer.series.size() == 1) return share(0, 1, question, answer);
    StorageResult<bool> others = false;
    std::jthread another;
    try {
        another = std::jthread([&] {
            nameThisThread("tw-history-too");
            others = share(1, 2, question, answer);
        });
    } catch (const std::system_error&) {  // the system has no thread to give
        others = share(1, 2, question, answer);
    }
    auto own = share(0, 2, question, answer);
    if (another.joinable()) another.join();
    return own && *own ? others : own;
}

/// Every `step`th tag from `first` on, by the reader of that number.
StorageResult<bool> QueryRunner::share(std::size_t first, std::size_t step, const Question& question,
                                       HistoryAnswer& answer) {
    const auto& [query, snapshot, stop, now] = question;
    auto& reader = readers_[first];
    return reading(reader, question, [&]() -> StorageResult<bool> {
        for (auto i = first; i < query.tags.size() && !stop.stop_requested(); i += step) {
            const auto& head = snapshot.heads[i];
            if (!head) continue;
            auto current = reader.isCurrent(*head);
            if (!current || !*current) return current;
            auto series = query.form == HistoryForm::Interpolated
                              ? reader.interpolated(query, i, *head, stop, now)
                              : reader.intervals(query, query.tags[i], *head, stop, now);
            if (!series) return tl::unexpected(series.error());
            answer.series[i] = *std::move(series);
        }
        return true;
    });
}

StorageResult<bool> QueryRunner::raw(const Question& question, HistoryAnswer& answer) {
    return reading(readers_.front(), question, [&]() -> StorageResult<bool> {
        for (const auto& head : question.snapshot.heads) {
            if (!head) continue;
            auto current = readers_.front().isCurrent(*head);
            if (!current || !*current) return current;
        }
        if (auto read = page(question, answer); !read) return tl::unexpected(read.error());
        return true;
    });
}

/// Tag by tag until the page is full.
StorageResult<void> QueryRunner::page(const Question& question, HistoryAnswer& answer) {
    const auto& [query, snapshot, stop, now] = question;
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
        auto scan = readers_.front().scan(*head, stop);
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
    return {};
}

}  // namespace tagwire::history
