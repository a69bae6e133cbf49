#include "documents/document_service.h"

#include <algorithm>
#include <utility>

namespace tagwire::documents {

DocumentService::DocumentService(const DocumentOptions& options, const std::filesystem::path& base)
    : store_(std::filesystem::absolute(base / options.folder), std::int64_t{options.maxSizeMb} * 1'000'000) {}

template <class T, class Work>
void DocumentService::post(const ServiceAnswer<T>& answer, std::size_t bytes, Work work) {
    thread_.post(answer, std::max(bytes, kQuestionBytes), std::move(work));
}

void DocumentService::list(DocumentKind kind, ServiceAnswer<std::vector<DocumentSummary>> answer) {
    post(answer, 0, [this, kind] { return store_.list(kind); });
}

void DocumentService::read(DocumentId id, std::optional<std::int64_t> version,
                           ServiceAnswer<DocumentText> answer) {
    post(answer, 0, [this, id = std::move(id), version] { return store_.read(id, version); });
}

void DocumentService::versions(DocumentId id, ServiceAnswer<std::vector<DocumentVersion>> answer) {
    post(answer, 0, [this, id = std::move(id)] { return store_.versions(id); });
}

void DocumentService::save(DocumentSave save, ServiceAnswer<DocumentSaveAnswer> answer) {
    const auto bytes = save.text.size();
    post(answer, bytes, [this, save = std::move(save)] { return store_.save(save, wallClockNow()); });
}

void DocumentService::remove(DocumentId id, std::int64_t seen, ServiceAnswer<DocumentRemoveAnswer> answer) {
    post(answer, 0, [this, id = std::move(id), seen] { return store_.remove(id, seen, wallClockNow()); });
}

}  // namespace tagwire::documents
