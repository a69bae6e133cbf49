#include "sink/postgresql/postgresql_sink.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/files.h"
#include "base/log.h"
#include "base/thread_name.h"
#include "sink/postgresql/target.h"

namespace tagwire::sink::postgresql {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr const char* kModule = "postgresql";
/// What was recorded is sent after this time, together.
constexpr seconds kInterval{1};
constexpr milliseconds kFirstPause{1000};
constexpr milliseconds kLongestPause{30'000};
/// Rows are handed to libpq in parts of about this size.
constexpr std::size_t kPartBytes = std::size_t{64} << 10U;
constexpr std::size_t kMaxPasswordBytes = 4096;

}  // namespace

PostgresqlSink::PostgresqlSink(PostgresqlOptions options, const std::filesystem::path& base,
                               std::filesystem::path folder, std::function<history::RecordState()> record)
    : options_(std::move(options)),
      passwordFile_(options_.passwordFile.empty() ? std::filesystem::path{} : base / options_.passwordFile),
      record_(std::move(record)),
      reader_(std::move(folder)) {}

PostgresqlSink::~PostgresqlSink() { stop(); }

void PostgresqlSink::start() {
    thread_ = std::thread([this] { run(); });
}

void PostgresqlSink::stop() noexcept {
    stop_.request_stop();
    bell_.ring();
    if (thread_.joinable()) thread_.join();
}

void PostgresqlSink::pause(milliseconds time) {
    if (!stop_.stop_requested()) (void)bell_.waitUntil(SteadyClock::now() + time);
}

void PostgresqlSink::run() {
    nameThisThread("tw-postgresql");
    auto wait = kFirstPause;
    while (!stop_.stop_requested()) {
        const auto sentBefore = sent_.value();
        const auto sent = send();
        connected_.set(0);
        if (stop_.stop_requested()) break;
        if (sent) continue;  // the record's database was replaced
        failed(sent.error().message);
        if (sent_.value() != sentBefore) wait = kFirstPause;
        pause(wait);
        wait = std::min(2 * wait, kLongestPause);
    }
}

Result<std::string> PostgresqlSink::password() const {
    if (passwordFile_.empty()) return std::string{};
    auto password = readSecretFile(passwordFile_, kMaxPasswordBytes);
    if (!password) return fail("password_file: " + passwordFile_.string() + " cannot be read");
    if (password->empty()) return fail("password_file: " + passwordFile_.string() + " is empty");
    return password;
}

Result<void> PostgresqlSink::send() {
    const auto state = record_();
    if (state.durable == history::CommitId{}) {
        pause(kInterval);
        return {};
    }
    if (const auto opened = reader_.open(); !opened)
        return fail("the record cannot be read: " + opened.error().message);
    const auto secret = password();
    if (!secret) return tl::unexpected(secret.error());
    auto connection = Connection::open(options_.conninfo, *secret, stop_.get_token());
    if (!connection) return tl::unexpected(connection.error());
    auto target = Target::open(*std::move(connection), options_.schema, reader_.id());
    if (!target) return tl::unexpected(target.error());
    const auto position = target->position();
    if (!position) return tl::unexpected(position.error());
    auto from = position->value_or(history::RecordPosition{});
    if (from.commit > state.durable) {
        log::warning(kModule,
                     "the database has more of this record than there is; it may be an older copy. What it "
                     "has is sent again, and counts once");
        from = {};
    }
    reader_.moveTo(from);
    const auto stops = reader_.stops();
    if (!stops) return fail("the record cannot be read: " + stops.error().message);
    if (auto added = target->addStops(*stops); !added) return added;
    return sendFrom(*target, state.archive);
}

Result<void> PostgresqlSink::sendFrom(Target& target, std::uint64_t archive) {
    connected_.set(1);
    while (!stop_.stop_requested() && record_().archive == archive) {
        const auto any = sendBatch(target);
        report();
        if (!any) return tl::unexpected(any.error());
        succeeded();
        if (!*any) pause(kInterval);
    }
    return {};
}

Result<bool> PostgresqlSink::sendBatch(Target& target) {
    const auto durable = record_().durable;
    const auto before = reader_.position();
    // Asked before a transaction is begun: most of the time there is nothing, or not yet enough.
    if (before.commit == durable) return false;
    bool any = false;
    const auto write = [&](const Target::Put& put) -> Result<void> {
        Result<void> sent;
        rows_.clear();
        rows_.begin();
        const auto read = reader_.read(durable, options_.batchSamples, [&](auto path, auto samples) {
            for (const auto& sample : samples) {
                rows_.append(path, sample);
                if (rows_.bytes().size() < kPartBytes) continue;
                sent = put(rows_.bytes());
                rows_.clear();
                if (!sent) return false;
            }
            return true;
        });
        if (!sent) return sent;
        if (!read) return fail("the record cannot be read: " + read.error().message);
        any = *read;
        rows_.end();
        return put(rows_.bytes());
    };
    const auto inserted = target.add(write, [this] { return reader_.position(); });
    if (!inserted) return tl::unexpected(inserted.error());
    sent_.add(*inserted);
    return any;
}

void PostgresqlSink::failed(const std::string& why) {
    failures_.add();
    failing_ = true;
    if (std::exchange(problem_, why) == why) return;
    log::warning(kModule, "{}. What is recorded meanwhile is sent later", why);
}

void PostgresqlSink::succeeded() {
    problem_.clear();
    if (std::exchange(failing_, false)) log::info(kModule, "sending again");
}

void PostgresqlSink::report() {
    gaps_.set(static_cast<std::int64_t>(reader_.gaps()));
    unreadable_.set(static_cast<std::int64_t>(reader_.unreadable()));
    altered_.set(static_cast<std::int64_t>(rows_.altered()));
    sentTo_.set(static_cast<std::int64_t>(reader_.position().commit.value()));
}

PostgresqlSink::Status PostgresqlSink::status() const {
    const auto to = static_cast<std::uint64_t>(sentTo_.value());
    const auto durable = record_().durable.value();
    return {.connected = connected_.value() != 0,
            .sent = sent_.value(),
            .altered = static_cast<std::uint64_t>(altered_.value()),
            .gaps = static_cast<std::uint64_t>(gaps_.value()),
            .unreadable = static_cast<std::uint64_t>(unreadable_.value()),
            .waiting = durable - std::min(durable, to),
            .failures = failures_.value()};
}

}  // namespace tagwire::sink::postgresql
