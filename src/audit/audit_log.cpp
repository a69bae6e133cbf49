#include "audit/audit_log.h"

#include <utility>

#include <fmt/format.h>

#include "audit/audit_query.h"
#include "audit/audit_verify.h"
#include "base/log.h"
#include "base/thread_name.h"
#include "model/generated/status_codes.h"

namespace tagwire::audit {
namespace {

/// Of one write, so that the lock of the folder is not held for long.
constexpr std::size_t kBatchBytes = std::size_t{256} * 1024;
constexpr std::chrono::milliseconds kWaitForWriter{500};
constexpr std::chrono::milliseconds kLookForWriter{1};

std::size_t weightOf(const AuditEntry& entry) {
    return sizeof entry + entry.user.size() + entry.token.size() + entry.address.size() +
           entry.action.size() + entry.target.size() + entry.before.size() + entry.after.size() +
           entry.detail.size();
}

template <class T>
ServiceResult<T> toService(Result<T> result) {
    if (!result) return failure(kBadInternalError, std::move(result.error().message));
    return *std::move(result);
}

}  // namespace

AuditLog::AuditLog(std::filesystem::path folder, Limits limits)
    : folder_(std::move(folder)),
      queue_(limits.waitingBytes, [this] { bell_.ring(); }),
      writer_(folder_, limits.fileBytes) {}

void AuditLog::start() {
    say(writer_.append({}));
    started_ = true;
    thread_ = std::jthread([this](const std::stop_token& stop) { work(stop); });
    reader_.start();
}

void AuditLog::stop() noexcept {
    reader_.stop();
    if (!thread_.joinable()) return;
    thread_.request_stop();
    bell_.ring();
    thread_.join();
}

bool AuditLog::ready() const noexcept {
    return writable_.load(std::memory_order_acquire) && queue_.weight() < queue_.capacity() / 2;
}

void AuditLog::record(AuditEntry entry) {
    const auto weight = weightOf(entry);
    if (queue_.tryPush(std::move(entry), weight)) {
        accepted_.add();
    } else {
        dropped_.add();
    }
}

AuditLog::Status AuditLog::status() const {
    return {.written = written_.value(), .dropped = dropped_.value(), .writable = writable_.load()};
}

void AuditLog::work(const std::stop_token& stop) {
    nameThisThread("tw-audit");
    while (!stop.stop_requested()) {
        if (writeSome()) continue;
        bell_.waitUntil(SteadyClock::now() + kTryAgain);
    }
    while (writeSome()) {
    }
    if (!pending_.empty() || queue_.weight() > 0)
        log::error("audit", "the audit log could not be written to its end: entries are lost");
}

bool AuditLog::writeSome() {
    if (pending_.empty()) {
        queue_.drain(pending_, kBatchBytes);
        fromQueue_ = pending_.size();
        const auto dropped = dropped_.value();
        if (dropped > told_) {
            AuditEntry entry;
            entry.time = wallClockNow();
            entry.action = "audit.dropped";
            entry.outcome = AuditOutcome::Failed;
            entry.detail =
                fmt::format("{} entries found no room while the log could not be written", dropped - told_);
            pending_.insert(pending_.begin(), std::move(entry));
            told_ = dropped;
        }
    }
    // Also with nothing to write: it may be writable again.
    if (pending_.empty() && writable_.load()) return false;
    const auto written = writer_.append(pending_);
    say(written);
    if (!written) return false;
    const bool any = !pending_.empty();
    written_.add(fromQueue_);
    pending_.clear();
    return any;
}

void AuditLog::say(const Result<void>& written) {
    const bool was = writable_.exchange(written.has_value());
    if (written && !was && started_) log::info("audit", "the audit log is written again");
    if (!written && (was || !started_)) {
        log::error("audit", "{}. What must not happen unrecorded is refused until then",
                   written.error().message);
    }
}

void AuditLog::waitForWriter() const {
    const auto wanted = accepted_.value();
    const auto until = SteadyClock::now() + kWaitForWriter;
    while (written_.value() < wanted && writable_.load() && SteadyClock::now() < until)
        std::this_thread::sleep_for(kLookForWriter);
}

void AuditLog::read(AuditQuestion question, ServiceAnswer<AuditPage> answer) {
    reader_.post(answer, 1, [this, question = std::move(question)] {
        waitForWriter();
        return toService(readPage(folder_, question));
    });
}

void AuditLog::verify(ServiceAnswer<AuditVerdict> answer) {
    reader_.post(answer, 1, [this] {
        waitForWriter();
        return toService(verifyLog(folder_));
    });
}

}  // namespace tagwire::audit
