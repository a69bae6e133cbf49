/// Sends what the history records to PostgreSQL or TimescaleDB. The record is the store: while the database
/// is away nothing is kept here, and what came meanwhile is read from the record later (docs/adr/0020).
/// Thread: start and stop by the composition root, status by any. Lifetime: stopped before the history is
/// destroyed.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>
#include <thread>

#include "base/counter.h"
#include "base/doorbell.h"
#include "base/result.h"
#include "history/record_reader.h"
#include "sink/postgresql/options.h"
#include "sink/postgresql/row_writer.h"

namespace tagwire::sink::postgresql {

class Target;

class PostgresqlSink {
public:
    /// `record` may be asked by any thread. Relative names count from `base`, the configuration's folder.
    PostgresqlSink(PostgresqlOptions options, const std::filesystem::path& base, std::filesystem::path folder,
                   std::function<history::RecordState()> record);
    ~PostgresqlSink();
    PostgresqlSink(const PostgresqlSink&) = delete;
    PostgresqlSink& operator=(const PostgresqlSink&) = delete;

    void start();
    void stop() noexcept;

    struct Status {
        bool connected = false;
        /// Rows that were not there.
        std::uint64_t sent = 0;
        /// Rows that are not quite as they were recorded (RowWriter).
        std::uint64_t altered = 0;
        /// How often retention had removed what was not sent yet.
        std::uint64_t gaps = 0;
        std::uint64_t unreadable = 0;
        /// Commits of the record that are still to be sent; one has what came within 0.4 s.
        std::uint64_t waiting = 0;
        std::uint64_t failures = 0;
    };
    [[nodiscard]] Status status() const;

private:
    void run();
    /// Until something fails, the record's database is replaced, or the program stops.
    [[nodiscard]] Result<void> send();
    [[nodiscard]] Result<void> sendFrom(Target& target, std::uint64_t archive);
    /// False: there was nothing.
    [[nodiscard]] Result<bool> sendBatch(Target& target);
    [[nodiscard]] Result<std::string> password() const;
    void failed(const std::string& why);
    void succeeded();
    void report();
    /// Until the program stops, at most.
    void pause(std::chrono::milliseconds time);

    const PostgresqlOptions options_;
    const std::filesystem::path passwordFile_;
    const std::function<history::RecordState()> record_;

    // The thread's:
    history::RecordReader reader_;
    RowWriter rows_;
    std::string problem_;
    bool failing_ = false;

    Gauge connected_;
    Gauge sentTo_;
    Gauge gaps_;
    Gauge unreadable_;
    Gauge altered_;
    Counter sent_;
    Counter failures_;
    Doorbell bell_;
    std::stop_source stop_;
    std::thread thread_;
};

}  // namespace tagwire::sink::postgresql
