#include "app/source_administrator.h"

#include <utility>

#include <fmt/format.h>

#include "base/log.h"
#include "model/generated/status_codes.h"
#include "source/opcua/opcua_source.h"
#include "source/opcua/security/own_certificate.h"

namespace tagwire::app {
void SourceAdministrator::add(NewSource source, ServiceAnswer<SourceFile> answer) {
    thread_.post(answer, 1, [this, source = std::move(source)] { return addNow(source); });
}

void SourceAdministrator::addTags(std::string name, NewTags tags, ServiceAnswer<SourceFile> answer) {
    thread_.post(answer, 1,
                 [this, name = std::move(name), tags = std::move(tags)] { return addTagsNow(name, tags); });
}

void SourceAdministrator::remove(std::string name, ServiceAnswer<SourceFile> answer) {
    thread_.post(answer, 1, [this, name = std::move(name)] { return removeNow(name); });
}

ServiceResult<SourceFile> SourceAdministrator::addNow(const NewSource& source) {
    if (auto may = mayChange(); !may) return tl::unexpected(std::move(may.error()));
    if (running_.contains(source.name) && !running_.canBeReplaced(source.name)) {
        return failure(
            kBadInvalidArgument,
            fmt::format("name: a source '{}' runs, which the configuration held at the start", source.name));
    }
    auto options = added_.add(source);
    if (!options) return tl::unexpected(std::move(options.error()));
    log::info("app", "source '{}' was added, in {}", source.name, fileOf(source.name).file);
    return run(source.name, std::move(*options));
}

ServiceResult<SourceFile> SourceAdministrator::addTagsNow(const std::string& name, const NewTags& tags) {
    if (auto may = mayChange(); !may) return tl::unexpected(std::move(may.error()));
    auto options = added_.addTags(name, tags);
    if (!options) return tl::unexpected(std::move(options.error()));
    log::info("app", "source '{}' starts anew with {} more tags and {} more subtrees", name, tags.tags.size(),
              tags.subtrees.size());
    return run(name, std::move(*options));
}

ServiceResult<SourceFile> SourceAdministrator::removeNow(const std::string& name) {
    if (auto removed = added_.remove(name); !removed) return tl::unexpected(std::move(removed.error()));
    log::info("app", "source '{}' was removed", name);
    running_.end(name, "removed; its tags stay until Tagwire restarts");
    return fileOf(name);
}

ServiceResult<void> SourceAdministrator::mayChange() const {
    if (changes_ < kMaxChanges) return {};
    return failure(kBadTooManyOperations,
                   fmt::format("sources were changed {} times in this run: restart Tagwire", kMaxChanges));
}

SourceFile SourceAdministrator::run(const std::string& name, source::opcua::OpcUaOptions options) {
    ++changes_;
    // It may be the first that needs our own certificate: what is wrong with that the source says itself.
    if (options.security.policy != source::opcua::SecurityPolicyChoice::None)
        static_cast<void>(source::opcua::ownCertificate(source::opcua::PkiFolder(options.security.pki)));
    auto make = RunningSources::makerOf<source::opcua::OpcUaSource>(std::move(options));
    if (running_.contains(name)) {
        running_.replace(name, make);
    } else {
        running_.add(name, "opcua", make, Succession::Possible);
    }
    return fileOf(name);
}

SourceFile SourceAdministrator::fileOf(const std::string& name) const {
    return {.name = name, .file = std::filesystem::absolute(added_.fileOf(name)).string()};
}

}  // namespace tagwire::app
