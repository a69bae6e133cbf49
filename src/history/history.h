/// The history: records the store's feed on one thread, answers queries on another.
/// Thread: start and stop by the composition root; ask and status by any. Lifetime: outlives the store's
/// thread and whoever asks.
#pragma once

#include <atomic>
#include <filesystem>
#include <memory>
#include <stop_token>
#include <string>
#include <thread>

#include "base/counter.h"
#include "base/doorbell.h"
#include "base/latest.h"
#include "base/mailbox.h"
#include "history/options.h"
#include "history/policy.h"
#include "history/query.h"
#include "history/record_reader.h"
#include "history/recorder.h"
#include "history/storage.h"
#include "model/feed_subscriber.h"
#include "model/history_query.h"
#include "model/service_answer.h"

namespace tagwire::history {

/// Where the record lies; relative names count from `base`, the configuration's folder.
[[nodiscard]] std::filesystem::path folderOf(const HistoryOptions& options,
                                             const std::filesystem::path& base);

class History {
public:
    /// Queries under way, at most; further ones are answered with BadTooManyOperations.
    static constexpr std::size_t kMaxQueries = 100;
    /// Changes that wait for the recorder; when it is full, changes are skipped, counted, and the gap is
    /// recorded.
    static constexpr std::size_t kFeedCapacity = 400'000;

    History(const HistoryOptions& options, const std::filesystem::path& base);
    ~History();
    History(const History&) = delete;
    History& operator=(const History&) = delete;

    /// To be read by the store.
    [[nodiscard]] FeedSubscriber& feed() noexcept { return feed_; }

    void start();
    /// Records what waits. Call after the store has stopped.
    void stop() noexcept;

    /// See serve::HistoryReader.
    void ask(HistoryQuery query, std::stop_token stop, ServiceAnswer<HistoryAnswer> answer);

    struct Status {
        std::uint64_t recorded = 0;
        std::uint64_t lost = 0;
        std::uint64_t archiveBytes = 0;
        std::uint64_t journalBytes = 0;
        std::uint64_t series = 0;
        /// Files that were found damaged, and are kept aside; the log says which.
        std::uint64_t damagedFiles = 0;
        /// Why nothing can be recorded right now, in words for an administrator; empty while all is well.
        std::string problem;
    };
    [[nodiscard]] Status status() const;

    /// What a reader of the record may read (RecordReader).
    [[nodiscard]] RecordState record() const noexcept {
        return {.durable = CommitId{durable_.load()}, .archive = archive_.load()};
    }
    [[nodiscard]] const std::filesystem::path& folder() const noexcept { return folder_; }

private:
    struct Question;
    using QuestionPtr = std::shared_ptr<Question>;
    struct ReadyQuestion {
        QuestionPtr question;
        HeadSnapshot snapshot;
    };

    void recordLoop();
    bool recordTurn(std::vector<FeedItem>& items, bool stopping);
    void commit(Timestamp now);
    void forwardQuestions();
    void report();
    void read();
    void answerOne(QueryRunner& runner, const ReadyQuestion& ready);

    const std::filesystem::path folder_;
    const PolicyTable policies_;
    Doorbell recorderBell_;
    Doorbell readerBell_;
    FeedSubscriber feed_;
    /// Bounded by kMaxQueries: a question is in one of the two, or being answered.
    Mailbox<QuestionPtr> questions_;
    Mailbox<ReadyQuestion> ready_;
    std::atomic<std::size_t> asked_{0};

    // The recorder's:
    Storage storage_;
    Recorder recorder_;
    SteadyTime nextCommit_;
    bool more_ = false;

    std::atomic<std::uint64_t> durable_{0};
    std::atomic<std::uint64_t> archive_{0};
    Gauge archiveBytes_;
    Gauge journalBytes_;
    Gauge series_;
    Gauge damagedFiles_;
    Counter unreadable_;
    Latest<std::string> problem_;
    std::atomic<bool> stopping_{false};
    std::stop_source readerStop_;
    std::thread recorderThread_;
    std::thread readerThread_;
};

}  // namespace tagwire::history
