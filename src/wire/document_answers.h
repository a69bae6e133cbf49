/// Bodies of the HTTP routes under /api/v1/documents (OpenAPI document), as text.
/// Thread: any. Lifetime: functions. All append to `out`.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/document_services.h"

namespace tagwire::wire {

/// `refusal`: why whoever asks may not change them; nothing: he may.
void appendDocuments(std::string& out, const std::vector<DocumentSummary>& documents,
                     std::optional<std::string_view> refusal);

void appendDocumentSummary(std::string& out, const DocumentSummary& document);

void appendDocumentVersions(std::string& out, const std::vector<DocumentVersion>& versions);

}  // namespace tagwire::wire
