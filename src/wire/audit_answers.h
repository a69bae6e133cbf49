/// Bodies of the HTTP routes under /api/v1/audit (OpenAPI document), as text.
/// Thread: any. Lifetime: functions. All append to `out`.
#pragma once

#include <string>

#include "model/audit_reader.h"

namespace tagwire::wire {

void appendAuditPage(std::string& out, const AuditPage& page);
/// The same as a file for spreadsheets (RFC 4180, with a byte order mark).
void appendAuditCsv(std::string& out, const AuditPage& page);
void appendAuditVerdict(std::string& out, const AuditVerdict& verdict);

}  // namespace tagwire::wire
