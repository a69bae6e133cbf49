#include "wire/audit_answers.h"

#include <fmt/format.h>

#include "base/json_text.h"
#include "wire/csv_text.h"
#include "wire/generated/protocol.h"
#include "wire/json_list.h"

namespace tagwire::wire {
namespace {

constexpr std::string_view kAuditHead =
    "number,time,user,token,address,action,target,before,after,outcome,detail\r\n";

std::string_view nameOf(tagwire::AuditOutcome outcome) noexcept {
    static_assert(static_cast<int>(tagwire::AuditOutcome::Refused) ==
                  static_cast<int>(AuditOutcome::Refused));
    static_assert(static_cast<std::size_t>(tagwire::AuditOutcome::Failed) + 1 == kAuditOutcomeNames.size());
    return kAuditOutcomeNames.at(static_cast<std::size_t>(outcome));
}

void appendEntry(std::string& out, const NumberedAuditEntry& numbered) {
    const auto& entry = numbered.entry;
    ObjectWriter object(out);
    object.member("n", numbered.number);
    object.member("time", entry.time);
    object.member("user", entry.user);
    object.member("token", entry.token);
    object.member("address", entry.address);
    object.member("action", entry.action);
    object.member("target", entry.target);
    object.member("before", entry.before);
    object.member("after", entry.after);
    object.member("outcome", nameOf(entry.outcome));
    object.member("detail", entry.detail);
}

}  // namespace

void appendAuditPage(std::string& out, const AuditPage& page) {
    ObjectWriter object(out);
    appendJsonList(object.key("entries"), page.entries, appendEntry);
    object.member("more", page.more);
}

void appendAuditCsv(std::string& out, const AuditPage& page) {
    out.append(kByteOrderMark).append(kAuditHead);
    for (const auto& [number, entry] : page.entries) {
        out += fmt::format("{},", number);
        appendTimeCell(out, entry.time);
        const std::string_view outcome = nameOf(entry.outcome);
        for (const std::string_view text :
             {std::string_view(entry.user), std::string_view(entry.token), std::string_view(entry.address),
              std::string_view(entry.action), std::string_view(entry.target), std::string_view(entry.before),
              std::string_view(entry.after), outcome, std::string_view(entry.detail)}) {
            out += ',';
            appendTextCell(out, text);
        }
        out += "\r\n";
    }
}

void appendAuditVerdict(std::string& out, const AuditVerdict& verdict) {
    ObjectWriter object(out);
    object.member("intact", verdict.intact);
    object.member("entries", verdict.entries);
    object.member("problem", verdict.problem);
}

}  // namespace tagwire::wire
