#include "control/write_log.h"

#include <utility>

#include <fmt/format.h>

#include "base/json_text.h"
#include "control/json_words.h"
#include "model/value_json.h"

namespace tagwire::control {
namespace {

std::string bounded(std::string json) {
    if (json.size() <= WriteLog::kMaxValueBytes) return json;
    std::string instead;
    appendJsonString(instead, fmt::format("a value of {} bytes", json.size()));
    return instead;
}

std::string jsonOf(const Value& value) {
    if (value.isNull()) return {};
    std::string text;
    appendValue(text, value);
    return bounded(std::move(text));
}

void addWords(std::string& detail, std::string_view words) {
    if (words.empty()) return;
    if (!detail.empty()) detail += "; ";
    detail += words;
}

}  // namespace

AuditEntry WriteLog::entry(std::string_view action, const WriteAsker& by, std::string target) const {
    return {.time = now_(),
            .user = by.user,
            .token = by.token,
            .address = by.address,
            .action = std::string(action),
            .target = std::move(target),
            .before = {},
            .after = {},
            .outcome = AuditOutcome::Refused,
            .detail = {}};
}

void WriteLog::record(AuditEntry entry) {
    switch (entry.outcome) {
        case AuditOutcome::Done: counts_.done.add(); break;
        case AuditOutcome::Failed: counts_.failed.add(); break;
        case AuditOutcome::Refused: counts_.refused.add(); break;
    }
    trail_.record(std::move(entry));
}

void WriteLog::refused(std::string_view action, const WriteAsker& by, const OrderedWrite& write,
                       std::string_view why) {
    auto line = entry(action, by, write.tag ? write.tag->path.text() : write.path);
    line.before = jsonOf(write.before);
    line.after = bounded(jsonText(write.value));
    line.detail = why;
    record(std::move(line));
}

void WriteLog::notSent(std::string_view action, const WriteAsker& by, const TagWrite& write,
                       const Value& before, const ServiceFailure& failure) {
    auto line = entry(action, by, write.tag->path.text());
    line.before = jsonOf(before);
    line.after = jsonOf(write.value);
    line.detail = failure.message;
    record(std::move(line));
}

void WriteLog::answered(std::string_view action, const WriteAsker& by, const TagWrite& write,
                        const Value& before, const TagWritten& written, std::string_view note) {
    auto line = entry(action, by, write.tag->path.text());
    line.before = jsonOf(written.before.value_or(before));
    line.after = jsonOf(write.value);
    line.outcome = written.status.isBad() ? AuditOutcome::Failed : AuditOutcome::Done;
    if (written.status != StatusCode{}) line.detail = statusText(written.status);
    addWords(line.detail, written.message);
    if (written.readBack && written.readBack->value != write.value)
        addWords(line.detail, fmt::format("read back: {}", jsonOf(written.readBack->value)));
    addWords(line.detail, note);
    record(std::move(line));
}

}  // namespace tagwire::control
