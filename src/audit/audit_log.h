/// The audit log: what is recorded is written by a thread of its own, which waits for the disk, and read by
/// another one.
/// Thread: any may record and ask. Lifetime: outlives whoever does. What waits when it is stopped is still
/// written; questions that wait are answered with BadShutdown.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "audit/audit_writer.h"
#include "base/counter.h"
#include "base/doorbell.h"
#include "base/mailbox.h"
#include "model/audit_reader.h"
#include "model/audit_trail.h"
#include "model/service_thread.h"

namespace tagwire::audit {

class AuditLog final : public AuditTrail, public AuditReader {
public:
    struct Limits {
        /// Of entries that wait to be written; further ones are dropped and counted. From the half on
        /// ready() is false.
        std::size_t waitingBytes = std::size_t{4} * 1024 * 1024;
        std::uint64_t fileBytes = AuditWriter::kFileBytes;
    };
    /// Questions that wait.
    static constexpr std::size_t kMaxWaiting = 16;
    /// What cannot be written is tried again so often.
    static constexpr std::chrono::milliseconds kTryAgain{1000};

    explicit AuditLog(std::filesystem::path folder) : AuditLog(std::move(folder), Limits{}) {}
    AuditLog(std::filesystem::path folder, Limits limits);
    AuditLog(const AuditLog&) = delete;
    AuditLog& operator=(const AuditLog&) = delete;
    ~AuditLog() override { stop(); }

    /// Looks whether it can be written, before anybody records.
    void start();
    void stop() noexcept;

    [[nodiscard]] bool ready() const noexcept override;
    void record(AuditEntry entry) override;
    void read(AuditQuestion question, ServiceAnswer<AuditPage> answer) override;
    void verify(ServiceAnswer<AuditVerdict> answer) override;

    struct Status {
        std::uint64_t written = 0;  ///< since the start
        std::uint64_t dropped = 0;
        bool writable = false;
    };
    [[nodiscard]] Status status() const;

private:
    void work(const std::stop_token& stop);
    /// False: nothing was to be done.
    bool writeSome();
    void say(const Result<void>& written);
    /// Until what was recorded before is in the files; not for long.
    void waitForWriter() const;

    const std::filesystem::path folder_;
    Doorbell bell_;
    Mailbox<AuditEntry> queue_;
    AuditWriter writer_;               ///< the writing thread's
    std::vector<AuditEntry> pending_;  ///< the writing thread's: taken out of the queue, not yet on the disk
    std::size_t fromQueue_ = 0;        ///< of them
    bool started_ = false;
    std::uint64_t told_ = 0;  ///< the writing thread's: dropped entries of which the log tells
    std::atomic<bool> writable_{false};
    Counter accepted_;
    Counter written_;
    Counter dropped_;
    ServiceThread reader_{"tw-audit-read", kMaxWaiting,
                          "too many questions about the audit log are waiting: ask again in a moment"};
    std::jthread thread_;
};

}  // namespace tagwire::audit
