/// Keeps documents on a thread of its own, because files may be slow.
/// Thread: any may ask; answers come from its thread, or at once where too much waits. Lifetime: outlives
/// whoever asks; what waits when it is stopped is answered with BadShutdown.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "documents/document_store.h"
#include "documents/options.h"
#include "model/document_services.h"
#include "model/service_thread.h"

namespace tagwire::documents {

class DocumentService final : public DocumentServices {
public:
    /// Of all questions that wait, where each counts as its document, and as kQuestionBytes at least. One
    /// more is answered with BadTooManyOperations.
    static constexpr std::size_t kMaxWaitingBytes = 16 * kMaxDocumentBytes;
    static constexpr std::size_t kQuestionBytes = kMaxWaitingBytes / 100;

    /// Relative names of files count from `base`, the configuration's folder.
    DocumentService(const DocumentOptions& options, const std::filesystem::path& base);

    void start() { thread_.start(); }
    void stop() noexcept { thread_.stop(); }

    void list(DocumentKind kind, ServiceAnswer<std::vector<DocumentSummary>> answer) override;
    void read(DocumentId id, std::optional<std::int64_t> version,
              ServiceAnswer<DocumentText> answer) override;
    void versions(DocumentId id, ServiceAnswer<std::vector<DocumentVersion>> answer) override;
    void save(DocumentSave save, ServiceAnswer<DocumentSaveAnswer> answer) override;
    void remove(DocumentId id, std::int64_t seen, ServiceAnswer<DocumentRemoveAnswer> answer) override;

private:
    template <class T, class Work>
    void post(const ServiceAnswer<T>& answer, std::size_t bytes, Work work);

    DocumentStore store_;  ///< the thread's
    ServiceThread thread_{"tw-documents", kMaxWaitingBytes,
                          "too many questions about documents are waiting: ask again in a moment"};
};

}  // namespace tagwire::documents
