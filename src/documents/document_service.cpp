#include "documents/document_service.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/thread_name.h"
#include "model/generated/status_codes.h"

namespace tagwire::documents {

DocumentService::DocumentService(const DocumentOptions& options, const std::filesystem::path& base)
    : store_(std::filesystem::absolute(base / options.folder), std::int64_t{options.maxSizeMb} * 1'000'000) {}

void DocumentService::start() {
    thread_ = std::jthread([this](const std::stop_token& stop) { work(stop); });
}

void DocumentService::stop() noexcept {
    thread_.request_stop();
    bell_.ring();
    if (thread_.joinable()) thread_.join();
    std::vector<Task> left;
    tasks_.drain(left);
    for (Task& task : left) task(false);
}

void DocumentService::work(const std::stop_token& stop) {
    nameThisThread("tw-documents");
    std::vector<Task> tasks;
    while (!stop.stop_requested()) {
        tasks.clear();
        // One at a time, so that those that wait are counted.
        if (tasks_.drain(tasks, 1)) {
            for (Task& task : tasks) task(true);
        } else {
            bell_.waitUntil(SteadyClock::now() + std::chrono::hours{1});  // a stop rings, too
        }
    }
}

template <class T, class Work>
void DocumentService::post(const ServiceAnswer<T>& answer, std::size_t bytes, Work work) {
    Task task = [answer, work = std::move(work)](bool running) mutable {
        answer(running ? work()
                       : ServiceResult<T>(tl::unexpected(ServiceFailure{
                             kBadShutdown, "the program is stopping: ask again when it is back"})));
    };
    if (tasks_.tryPush(std::move(task), std::max(bytes, kQuestionBytes))) return;
    answer(tl::unexpected(ServiceFailure{
        kBadTooManyOperations, "too many questions about documents are waiting: ask again in a moment"}));
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
