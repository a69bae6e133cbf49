#include "app/source_administrator.h"

#include <chrono>
#include <memory>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/log.h"
#include "base/thread_name.h"
#include "model/generated/status_codes.h"
#include "source/opcua/opcua_source.h"
#include "source/opcua/security/own_certificate.h"

namespace tagwire::app {
namespace {

/// Makes our own certificate, too, where the source is the first that needs one: what is wrong with it the
/// source says itself.
RunningSources::Make makerOf(source::opcua::OpcUaOptions options) {
    if (options.security.policy != source::opcua::SecurityPolicyChoice::None) {
        static_cast<void>(source::opcua::ownCertificate(source::opcua::PkiFolder(options.security.pki)));
    }
    return [options = std::move(options)](SourceId id, source::UpdateSink& sink) {
        return std::make_unique<source::opcua::OpcUaSource>(options, id, sink);
    };
}

}  // namespace

void SourceAdministrator::start() {
    thread_ = std::jthread([this](const std::stop_token& stop) { work(stop); });
}

void SourceAdministrator::stop() noexcept {
    thread_.request_stop();
    bell_.ring();
    if (thread_.joinable()) thread_.join();
    std::vector<Task> left;
    tasks_.drain(left);
    for (const Task& task : left) task(false);
}

void SourceAdministrator::work(const std::stop_token& stop) {
    nameThisThread("tw-admin");
    std::vector<Task> tasks;
    while (!stop.stop_requested()) {
        tasks.clear();
        tasks_.drain(tasks);
        for (const Task& task : tasks) task(!stop.stop_requested());
        bell_.waitUntil(SteadyClock::now() +
                        std::chrono::minutes(1));  // what is asked rings, a stop does, too
    }
}

void SourceAdministrator::post(const ServiceAnswer<SourceFile>& answer,
                               std::function<ServiceResult<SourceFile>()> work) {
    Task task = [answer, work = std::move(work)](bool running) {
        answer(running ? work()
                       : ServiceResult<SourceFile>(
                             failure(kBadShutdown, "the program is stopping: ask again when it is back")));
    };
    if (!tasks_.tryPush(std::move(task)))
        answer(failure(kBadTooManyOperations, "too many requests wait already: ask again in a moment"));
}

void SourceAdministrator::add(NewSource source, ServiceAnswer<SourceFile> answer) {
    post(answer, [this, source = std::move(source)] { return addNow(source); });
}

void SourceAdministrator::addTags(std::string name, NewTags tags, ServiceAnswer<SourceFile> answer) {
    post(answer, [this, name = std::move(name), tags = std::move(tags)] { return addTagsNow(name, tags); });
}

void SourceAdministrator::remove(std::string name, ServiceAnswer<SourceFile> answer) {
    post(answer, [this, name = std::move(name)] { return removeNow(name); });
}

ServiceResult<SourceFile> SourceAdministrator::addNow(const NewSource& source) {
    if (auto counted = count(); !counted) return tl::unexpected(std::move(counted.error()));
    const bool known = running_.contains(source.name);
    if (known && !running_.canBeReplaced(source.name)) {
        return failure(
            kBadInvalidArgument,
            fmt::format("name: a source '{}' runs, which the configuration held at the start", source.name));
    }
    auto options = added_.add(source);
    if (!options) return tl::unexpected(std::move(options.error()));
    log::info("app", "source '{}' was added, in {}", source.name, fileOf(source.name).file);
    if (known) {
        running_.replace(source.name, makerOf(std::move(*options)));  // one of that name was removed before
    } else {
        running_.add(source.name, "opcua", makerOf(std::move(*options)), Succession::Possible);
    }
    return fileOf(source.name);
}

ServiceResult<SourceFile> SourceAdministrator::addTagsNow(const std::string& name, const NewTags& tags) {
    if (auto counted = count(); !counted) return tl::unexpected(std::move(counted.error()));
    auto options = added_.addTags(name, tags);
    if (!options) return tl::unexpected(std::move(options.error()));
    log::info("app", "source '{}' starts anew with {} more tags and {} more subtrees", name, tags.tags.size(),
              tags.subtrees.size());
    running_.replace(name, makerOf(std::move(*options)));
    return fileOf(name);
}

ServiceResult<SourceFile> SourceAdministrator::removeNow(const std::string& name) {
    auto file = fileOf(name);
    if (auto removed = added_.remove(name); !removed) return tl::unexpected(std::move(removed.error()));
    log::info("app", "source '{}' was removed", name);
    running_.end(name, "removed; its tags stay until Tagwire restarts");
    return file;
}

ServiceResult<void> SourceAdministrator::count() {
    if (changes_++ < kMaxChanges) return {};
    return failure(kBadTooManyOperations,
                   fmt::format("sources were changed {} times in this run: restart Tagwire", kMaxChanges));
}

SourceFile SourceAdministrator::fileOf(const std::string& name) const {
    return {.name = name, .file = std::filesystem::absolute(added_.fileOf(name)).string()};
}

}  // namespace tagwire::app
