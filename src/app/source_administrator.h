/// Adds, changes and ends sources while the program runs, on a thread of its own: files may be slow, and a
/// source takes up to two seconds to end. Thread: any may ask; answers come from its thread, or at once where
/// too many wait. Lifetime: outlives the server; what is open when it is stopped is answered with
/// BadShutdown.
#pragma once

#include <cstddef>
#include <functional>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>

#include "app/added_sources.h"
#include "app/running_sources.h"
#include "base/doorbell.h"
#include "base/mailbox.h"
#include "model/source_administration.h"

namespace tagwire::app {

class SourceAdministrator final : public SourceAdministration {
public:
    /// Requests that wait. One more is answered with BadTooManyOperations.
    static constexpr std::size_t kMaxWaiting = 20;
    /// In one run: a source that was replaced or ended keeps its place until the program ends.
    static constexpr std::size_t kMaxChanges = 1000;

    SourceAdministrator(AddedSources added, RunningSources& running)
        : added_(std::move(added)), running_(running) {}
    ~SourceAdministrator() override { stop(); }
    SourceAdministrator(const SourceAdministrator&) = delete;
    SourceAdministrator& operator=(const SourceAdministrator&) = delete;

    [[nodiscard]] const AddedSources& added() const noexcept { return added_; }

    void start();
    /// Before the sources are stopped.
    void stop() noexcept;

    void add(NewSource source, ServiceAnswer<SourceFile> answer) override;
    void addTags(std::string name, NewTags tags, ServiceAnswer<SourceFile> answer) override;
    void remove(std::string name, ServiceAnswer<SourceFile> answer) override;

private:
    /// Run with false where the program stops.
    using Task = std::function<void(bool running)>;

    void post(const ServiceAnswer<SourceFile>& answer, std::function<ServiceResult<SourceFile>()> work);
    void work(const std::stop_token& stop);
    [[nodiscard]] ServiceResult<SourceFile> addNow(const NewSource& source);
    [[nodiscard]] ServiceResult<SourceFile> addTagsNow(const std::string& name, const NewTags& tags);
    [[nodiscard]] ServiceResult<SourceFile> removeNow(const std::string& name);
    /// Counts a change, or says why there can be no more.
    [[nodiscard]] ServiceResult<void> count();
    [[nodiscard]] SourceFile fileOf(const std::string& name) const;

    AddedSources added_;
    RunningSources& running_;
    std::size_t changes_ = 0;
    Doorbell bell_;
    Mailbox<Task> tasks_{kMaxWaiting, [this] { bell_.ring(); }};
    std::jthread thread_;
};

}  // namespace tagwire::app
