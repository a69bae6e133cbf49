/// Adds, changes and ends sources while the program runs, on a thread of its own: files may be slow, and a
/// source takes up to two seconds to end. Thread: any may ask; answers come from its thread, or at once where
/// too many wait. Lifetime: outlives the server; what is open when it is stopped is answered with
/// BadShutdown.
#pragma once

#include <cstddef>
#include <string>
#include <utility>

#include "app/added_sources.h"
#include "app/running_sources.h"
#include "model/service_thread.h"
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

    [[nodiscard]] const AddedSources& added() const noexcept { return added_; }

    void start() { thread_.start(); }
    /// Before the sources are stopped.
    void stop() noexcept { thread_.stop(); }

    void add(NewSource source, ServiceAnswer<SourceFile> answer) override;
    void addTags(std::string name, NewTags tags, ServiceAnswer<SourceFile> answer) override;
    void remove(std::string name, ServiceAnswer<SourceFile> answer) override;

private:
    [[nodiscard]] ServiceResult<SourceFile> addNow(const NewSource& source);
    [[nodiscard]] ServiceResult<SourceFile> addTagsNow(const std::string& name, const NewTags& tags);
    [[nodiscard]] ServiceResult<SourceFile> removeNow(const std::string& name);
    [[nodiscard]] ServiceResult<void> mayChange() const;
    /// A new source, or one in the place of that of this name.
    [[nodiscard]] SourceFile run(const std::string& name, source::opcua::OpcUaOptions options);
    [[nodiscard]] SourceFile fileOf(const std::string& name) const;

    AddedSources added_;
    RunningSources& running_;
    std::size_t changes_ = 0;
    ServiceThread thread_{"tw-admin", kMaxWaiting, "too many requests wait already: ask again in a moment"};
};

}  // namespace tagwire::app
