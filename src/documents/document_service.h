/// Keeps documents on a thread of its own, because files may be slow.
/// Thread: any may ask; answers come from its thread, or at once where too much waits. Lifetime: outlives
/// whoever asks; what waits when it is stopped is answered with BadShutdown.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "base/doorbell.h"
#include "base/mailbox.h"
#include "documents/document_store.h"
#include "documents/options.h"
#include "model/document_services.h"

namespace tagwire::documents {

class DocumentService final : public DocumentServices {
public:
    /// Of all questions that wait, where each counts as its document, and as kQuestionBytes at least. One
    /// more is answered with BadTooManyOperations.
    static constexpr std::size_t kMaxWaitingBytes = 16 * kMaxDocumentBytes;
    static constexpr std::size_t kQuestionBytes = kMaxWaitingBytes / 100;

    /// Relative names of files count from `base`, the configuration's folder.
    DocumentService(const DocumentOptions& options, const std::filesystem::path& base);
    ~DocumentService() override { stop(); }
    DocumentService(const DocumentService&) = delete;
    DocumentService& operator=(const DocumentService&) = delete;

    void start();
    void stop() noexcept;

    void list(DocumentKind kind, ServiceAnswer<std::vector<DocumentSummary>> answer) override;
    void read(DocumentId id, std::optional<std::int64_t> version,
              ServiceAnswer<DocumentText> answer) override;
    void versions(DocumentId id, ServiceAnswer<std::vector<DocumentVersion>> answer) override;
    void save(DocumentSave save, ServiceAnswer<DocumentSaveAnswer> answer) override;
    void remove(DocumentId id, std::int64_t seen, ServiceAnswer<DocumentRemoveAnswer> answer) override;

private:
    /// Run with false where the program stops.
    using Task = std::function<void(bool running)>;

    template <class T, class Work>
    void post(const ServiceAnswer<T>& answer, std::size_t bytes, Work work);
    void work(const std::stop_token& stop);

    DocumentStore store_;  ///< the thread's
    Doorbell bell_;
    Mailbox<Task> tasks_{kMaxWaitingBytes, [this] { bell_.ring(); }};
    std::jthread thread_;
};

}  // namespace tagwire::documents
