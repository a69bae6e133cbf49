#include "wire/document_answers.h"

#include "base/json_text.h"
#include "wire/json_list.h"

namespace tagwire::wire {
namespace {

void writeVersion(ObjectWriter& object, const DocumentVersion& version) {
    object.member("version", version.number);
    object.member("title", version.title);
    object.member("changed", version.changed);
    object.member("by", version.by);
}

}  // namespace

void appendDocuments(std::string& out, const std::vector<DocumentSummary>& documents,
                     std::optional<std::string_view> refusal) {
    ObjectWriter object(out);
    appendJsonList(object.key("documents"), documents, appendDocumentSummary);
    if (refusal) object.member("refusal", *refusal);
}

void appendDocumentSummary(std::string& out, const DocumentSummary& document) {
    ObjectWriter object(out);
    object.member("name", document.name);
    writeVersion(object, document.latest);
}

void appendDocumentVersions(std::string& out, const std::vector<DocumentVersion>& versions) {
    ObjectWriter object(out);
    appendJsonList(object.key("versions"), versions, [](std::string& text, const DocumentVersion& version) {
        ObjectWriter entry(text);
        writeVersion(entry, version);
    });
}

}  // namespace tagwire::wire
