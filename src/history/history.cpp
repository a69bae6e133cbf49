#include "history/history.h"

#include <chrono>
#include <utility>
#include <vector>

#include "base/thread_name.h"
#include "model/generated/status_codes.h"

namespace tagwire::history {
namespace {

using std::chrono::milliseconds;

/// What is recorded is durable after this time and what the disk takes.
constexpr milliseconds kCommitInterval{400};
/// Changes recorded before questions and the clock have their turn.
constexpr std::size_t kChangesPerTurn = 16'384;
/// A question whose samples moved on so often meanwhile is given up.
constexpr int kMaxAttempts = 20;

StorageLimits limitsOf(const HistoryOptions& options) {
    StorageLimits limits;
    if (options.keepDays > 0) limits.keep = std::chrono::days{options.keepDays};
    limits.maxBytes = std::int64_t{options.maxSizeMb} * 1'000'000;
    return limits;
}

ServiceFailure stopped() { return {kBadShutdown, "the program is stopping"}; }

}  // namespace

struct History::Question {
    Question(HistoryQuery asked, std::stop_token stopToken, ServiceAnswer<HistoryAnswer> to,
             std::atomic<std::size_t>& counter)
        : query(std::move(asked)),
          stop(std::move(stopToken)),
          answer(std::move(to), stopped()),
          count(counter) {}
    ~Question() { count.fetch_sub(1); }
    Question(const Question&) = delete;
    Question& operator=(const Question&) = delete;

    HistoryQuery query;
    std::stop_token stop;
    OneAnswer<HistoryAnswer> answer;
    /// By whoever asked, or because the program stops.
    std::stop_source cancelled;
    std::atomic<std::size_t>& count;
    int attempts = 0;
};

std::filesystem::path folderOf(const HistoryOptions& options, const std::filesystem::path& base) {
    return std::filesystem::absolute(base / options.folder);
}

History::History(const HistoryOptions& options, const std::filesystem::path& base)
    : folder_(folderOf(options, base)),
      policies_(options.rules),
      feed_([this] { recorderBell_.ring(); }, kFeedCapacity),
      questions_(kMaxQueries, [this] { recorderBell_.ring(); }),
      ready_(kMaxQueries, [this] { readerBell_.ring(); }),
      storage_(folder_, limitsOf(options)),
      recorder_(storage_, policies_) {}

History::~History() { stop(); }

void History::start() {
    recorderThread_ = std::thread([this] { recordLoop(); });
    readerThread_ = std::thread([this] { read(); });
}

void History::stop() noexcept {
    stopping_.store(true);
    readerStop_.request_stop();
    recorderBell_.ring();
    readerBell_.ring();
    if (recorderThread_.joinable()) recorderThread_.join();
    if (readerThread_.joinable()) readerThread_.join();
    // Whoever still waits is told now.
    std::vector<QuestionPtr> questions;
    questions_.drain(questions);
    std::vector<ReadyQuestion> ready;
    ready_.drain(ready);
}

void History::ask(HistoryQuery query, std::stop_token stop, ServiceAnswer<HistoryAnswer> answer) {
    if (auto wrong = checkQuery(query)) return answer(tl::unexpected(*std::move(wrong)));
    if (stopping_.load()) return answer(tl::unexpected(stopped()));
    if (asked_.fetch_add(1) >= kMaxQueries) {
        asked_.fetch_sub(1);
        return answer(tl::unexpected(
            ServiceFailure{kBadTooManyOperations, "too many queries of the history at once; try again"}));
    }
    // Weight 0 is always taken: asked_ is the bound.
    (void)questions_.tryPush(
        std::make_shared<Question>(std::move(query), std::move(stop), std::move(answer), asked_), 0);
}

void History::recordLoop() {
    nameThisThread("tw-history");
    std::vector<FeedItem> items;
    commit(wallClockNow());  // opens the files
    for (;;) {
        const bool stopping = stopping_.load();  // before the turn: what came before stop() is still recorded
        if (recordTurn(items, stopping)) continue;
        if (stopping) break;
        recorderBell_.waitUntil(nextCommit_);
    }
    recorder_.settle(wallClockNow());
    (void)storage_.end(wallClockNow());
    report();
}

/// True: there was something to do, and may be more.
bool History::recordTurn(std::vector<FeedItem>& items, bool stopping) {
    items.clear();
    const bool any = feed_.drain(items, kChangesPerTurn);
    const auto now = wallClockNow();
    for (const auto& item : items) recorder_.take(item, now);
    forwardQuestions();
    if (SteadyClock::now() >= nextCommit_ || storage_.isFull()) {
        commit(now);
        more_ = true;
    }
    if (more_ && !stopping) {
        more_ = storage_.maintain(now);
        report();
    }
    return any || (more_ && !stopping);
}

void History::commit(Timestamp now) {
    nextCommit_ = SteadyClock::now() + kCommitInterval;
    if (storage_.open(now)) {
        recorder_.settle(now);
        (void)storage_.commit(now);
    }
    report();
}

void History::report() {
    if (storage_.isOpen()) {
        // In this order: what is durable is never looked for in the database before.
        archive_.store(storage_.archiveNumber());
        durable_.store(storage_.lastCommit().value());
    }
    archiveBytes_.set(storage_.archiveBytes());
    journalBytes_.set(static_cast<std::int64_t>(storage_.journalBytes()));
    series_.set(static_cast<std::int64_t>(storage_.seriesCount()));
    damagedFiles_.set(static_cast<std::int64_t>(storage_.damagedFiles()));
    unreadable_.add(storage_.unreadable() - unreadable_.value());
    const auto before = problem_.get();
    if (!before || *before != storage_.problem())
        problem_.set(std::make_shared<const std::string>(storage_.problem()));
}

void History::forwardQuestions() {
    std::vector<QuestionPtr> questions;
    if (!questions_.drain(questions)) return;
    for (auto& question : questions) {
        if (!storage_.isOpen()) {
            question->answer.give(tl::unexpected(ServiceFailure{
                kBadResourceUnavailable, "the history cannot be read: " + storage_.problem()}));
            continue;
        }
        HeadSnapshot snapshot;
        snapshot.archive = storage_.archiveNumber();
        for (const auto& tag : question->query.tags) {
            const auto* series = storage_.find(tag.text());
            snapshot.heads.push_back(series == nullptr ? std::nullopt
                                                       : std::optional<Head>(storage_.head(*series)));
        }
        (void)ready_.tryPush({std::move(question), std::move(snapshot)}, 0);
    }
}

void History::read() {
    nameThisThread("tw-history-read");
    QueryRunner runner(folder_);
    std::vector<ReadyQuestion> questions;
    while (!stopping_.load()) {
        questions.clear();
        if (!ready_.drain(questions, 1)) readerBell_.waitUntil(SteadyClock::now() + std::chrono::hours{1});
        for (const auto& question : questions) answerOne(runner, question);
    }
}

void History::answerOne(QueryRunner& runner, const ReadyQuestion& ready) {
    auto& question = *ready.question;
    const auto cancel = [&question] { question.cancelled.request_stop(); };
    const std::stop_callback nobodyWaits(question.stop, cancel);
    const std::stop_callback programStops(readerStop_.get_token(), cancel);
    auto result = runner.run(question.query, ready.snapshot, question.cancelled.get_token(), wallClockNow());
    if (result) return question.answer.give(*std::move(result));
    if (++question.attempts < kMaxAttempts) {
        (void)questions_.tryPush(QuestionPtr(ready.question), 0);
        return;
    }
    question.answer.give(tl::unexpected(
        ServiceFailure{kBadTooManyOperations, "the history changes too fast to be read; try again"}));
}

History::Status History::status() const {
    const auto problem = problem_.get();
    return {.recorded = recorder_.recorded().value(),
            .lost = recorder_.lost().value() + unreadable_.value(),
            .archiveBytes = static_cast<std::uint64_t>(archiveBytes_.value()),
            .journalBytes = static_cast<std::uint64_t>(journalBytes_.value()),
            .series = static_cast<std::uint64_t>(series_.value()),
            .damagedFiles = static_cast<std::uint64_t>(damagedFiles_.value()),
            .problem = problem ? *problem : std::string{}};
}

}  // namespace tagwire::history
