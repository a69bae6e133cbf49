#include "app/program_metrics.h"

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <utility>

#include <sys/resource.h>
#include <unistd.h>

namespace tagwire::app {
namespace {

using serve::MetricSample;

double residentBytes() {
    std::ifstream statm("/proc/self/statm");
    std::uint64_t total = 0;
    std::uint64_t resident = 0;
    statm >> total >> resident;
    return static_cast<double>(resident) * static_cast<double>(::sysconf(_SC_PAGESIZE));
}

double cpuSeconds() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& t) {
        return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

MetricSample counter(std::string name, std::string help, std::uint64_t value,
                     std::vector<std::pair<std::string, std::string>> labels = {}) {
    return {std::move(name), std::move(help), true, static_cast<double>(value), std::move(labels)};
}

void appendEvents(std::vector<MetricSample>& samples, const std::string& name,
                  const SourceEventsSnapshot& events) {
    const auto gauge = [&](std::string metric, std::string help, std::size_t value) {
        samples.push_back(
            {std::move(metric), std::move(help), false, static_cast<double>(value), {{"source", name}}});
    };
    samples.push_back(counter("source_events_total", "Events that arrived from the source.", events.last,
                              {{"source", name}}));
    samples.push_back(counter("source_event_losses_total",
                              "How often events of the source were lost, each time an unknown number.",
                              events.overflows, {{"source", name}}));
    samples.push_back(counter("source_conditions_refused_total",
                              "Events of conditions that found no place among max_conditions.",
                              events.refused, {{"source", name}}));
    gauge("source_conditions", "Conditions of interest.", events.conditions->size());
    gauge("source_conditions_active", "Conditions that are active.", events.active);
    gauge("source_conditions_unacked", "Conditions that wait to be acknowledged.", events.unacked);
}

void appendHistory(std::vector<MetricSample>& samples, const history::History::Status& status) {
    const auto gauge = [&](std::string metric, std::string help, double value) {
        samples.push_back({std::move(metric), std::move(help), false, value, {}});
    };
    samples.push_back(
        counter("history_recorded_total", "Samples that were recorded in the history.", status.recorded));
    samples.push_back(counter("history_lost_total",
                              "Changes that are missing in the history; the gaps are recorded.",
                              status.lost));
    gauge("history_degraded", "1 while nothing can be recorded; the log says why.",
          status.problem.empty() ? 0 : 1);
    samples.push_back(counter("history_damaged_files_total",
                              "Files of the history found damaged, kept aside; the log says which.",
                              status.damagedFiles));
    gauge("history_bytes", "The history's database.", static_cast<double>(status.archiveBytes));
    gauge("history_journal_bytes", "The history's journal.", static_cast<double>(status.journalBytes));
    gauge("history_series", "Tags that the history knows.", static_cast<double>(status.series));
}

void appendSink(std::vector<MetricSample>& samples, const sink::postgresql::PostgresqlSink::Status& status) {
    const auto gauge = [&](std::string metric, std::string help, double value) {
        samples.push_back({std::move(metric), std::move(help), false, value, {}});
    };
    gauge("postgresql_connected", "1 while the database takes samples; the log says why not.",
          status.connected ? 1 : 0);
    gauge("postgresql_commits_waiting",
          "Commits of the record, of about 0.4 s each, that are still to be sent.",
          static_cast<double>(status.waiting));
    samples.push_back(counter("postgresql_rows_total", "Rows that were added to the database.", status.sent));
    samples.push_back(counter("postgresql_failures_total",
                              "How often sending failed; what was not sent is sent later.", status.failures));
    samples.push_back(counter("postgresql_altered_total",
                              "Rows that PostgreSQL cannot hold as they were recorded (NUL in a text, time).",
                              status.altered));
    samples.push_back(counter("postgresql_gaps_total",
                              "How often samples were removed from the record before they were sent.",
                              status.gaps));
    samples.push_back(counter("postgresql_unreadable_total",
                              "Parts of the record that were damaged, and passed over.", status.unreadable));
}

void appendAccess(std::vector<MetricSample>& samples, const access::AccessService::Status& status) {
    const auto gauge = [&](std::string metric, std::string help, std::size_t value) {
        samples.push_back({std::move(metric), std::move(help), false, static_cast<double>(value), {}});
    };
    gauge("access_users", "Users that there are.", status.users);
    gauge("access_sessions", "Sessions that have not ended.", status.sessions);
    gauge("access_tokens", "Tokens of users that are not disabled.", status.tokens);
    samples.push_back(counter("access_logins_total", "Logins that succeeded.", status.logins));
    samples.push_back(counter("access_logins_failed_total", "Logins that failed.", status.failedLogins));
    samples.push_back(counter("access_lock_outs_total",
                              "How often a name or an address had to wait after failed logins.",
                              status.lockOuts));
}

void appendAudit(std::vector<MetricSample>& samples, const audit::AuditLog::Status& status) {
    samples.push_back(counter("audit_entries_total", "Entries written to the audit log.", status.written));
    samples.push_back(counter("audit_entries_dropped_total",
                              "Entries that found no room while the audit log could not be written.",
                              status.dropped));
    samples.push_back({"audit_writable",
                       "1 while the audit log can be written; the log says why not.",
                       false,
                       status.writable ? 1.0 : 0.0,
                       {}});
}

void appendWrites(std::vector<MetricSample>& samples, const control::WriteCounts& counts) {
    const auto add = [&samples](const char* outcome, const Counter& count) {
        samples.push_back(counter(
            "writes_total", "Values that somebody wanted to write, pressed and released buttons among them.",
            count.value(), {{"outcome", outcome}}));
    };
    add("done", counts.done);
    add("failed", counts.failed);
    add("refused", counts.refused);
}

}  // namespace

void ProgramMetrics::addSource(std::string name, const store::SourceInbox& inbox,
                               const SourceEvents& events) {
    const std::scoped_lock lock(mutex_);
    sources_.push_back({std::move(name), &inbox, &events});
}

void ProgramMetrics::setDiagnostics(std::string_view name, const source::Source* source) {
    const std::scoped_lock lock(mutex_);
    const auto found = std::ranges::find(sources_, name, &SourceNumbers::name);
    if (found != sources_.end()) found->source = source;
}

std::vector<MetricSample> ProgramMetrics::read() const {
    std::vector<MetricSample> samples;
    const auto& store = store_.store();
    samples.push_back(
        counter("changes_total", "Changes of tags that were published.", store.changes().value()));
    samples.push_back(counter("updates_unchanged_total",
                              "Updates that brought no change beyond the deadband.",
                              store.unchanged().value()));
    appendSources(samples);
    std::uint64_t behind = 0;
    std::uint64_t skipped = 0;
    for (const auto* feed : feeds_) {
        behind += feed->fellBehind().value();
        skipped += feed->skipped().value();
    }
    samples.push_back(
        counter("feed_fell_behind_total", "How often a serving thread fell behind the store.", behind));
    samples.push_back(counter("feed_changes_skipped_total",
                              "Changes that serving threads got conflated for that.", skipped));
    if (history_ != nullptr) appendHistory(samples, history_->status());
    if (access_ != nullptr) appendAccess(samples, access_->status());
    if (audit_ != nullptr) appendAudit(samples, audit_->status());
    if (writes_ != nullptr) appendWrites(samples, *writes_);
    if (sink_ != nullptr) appendSink(samples, sink_->status());
    samples.push_back({"process_resident_memory_bytes", "Memory in use.", false, residentBytes(), {}});
    samples.push_back({"process_cpu_seconds_total", "Processor time used.", true, cpuSeconds(), {}});
    return samples;
}

void ProgramMetrics::appendSources(std::vector<MetricSample>& samples) const {
    const std::scoped_lock lock(mutex_);
    for (const auto& [name, inbox, events, source] : sources_) {
        samples.push_back(counter("source_updates_total", "Values that arrived from the source.",
                                  inbox->received().value(), {{"source", name}}));
        samples.push_back(counter("source_updates_skipped_total",
                                  "Values that were conflated because the source's inbox was full.",
                                  inbox->skipped().value(), {{"source", name}}));
        samples.push_back({"source_updates_waiting",
                           "Values that wait in the source's inbox.",
                           false,
                           static_cast<double>(inbox->waiting()),
                           {{"source", name}}});
        appendEvents(samples, name, *events->snapshot());
    }
    for (const auto& each : sources_) {
        const auto diagnostics = each.source == nullptr ? nullptr : each.source->diagnostics();
        if (!diagnostics) continue;
        for (const SourceCount& count : diagnostics->counts) {
            samples.push_back({std::string(count.name),
                               std::string(count.help),
                               count.counter,
                               count.value,
                               {{"source", each.name}}});
        }
    }
}

}  // namespace tagwire::app
