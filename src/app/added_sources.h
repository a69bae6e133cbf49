/// Sources that are added while the program runs: one file each in `sources.d` beside the configuration, read
/// again at the next start, and to be edited by hand as well.
/// Thread: one at a time. Lifetime: no state but the paths.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "config/load.h"
#include "model/source_administration.h"
#include "source/opcua/options.h"

namespace tagwire::app {

class AddedSources {
public:
    /// `configuration` is what the program was started with, if anything.
    explicit AddedSources(std::optional<std::filesystem::path> configuration);

    /// What is written must fit to the whole configuration as it is on disk now: else nothing is written.
    [[nodiscard]] ServiceResult<source::opcua::OpcUaOptions> add(const NewSource& source) const;
    [[nodiscard]] ServiceResult<source::opcua::OpcUaOptions> addTags(const std::string& name,
                                                                     const NewTags& tags) const;
    [[nodiscard]] ServiceResult<void> remove(const std::string& name) const;

    /// Whether the source stands here rather than in the configuration's own files.
    [[nodiscard]] bool contains(std::string_view name) const;
    /// Of the source with this name: readable, and different for every name.
    [[nodiscard]] std::filesystem::path fileOf(std::string_view name) const;

private:
    [[nodiscard]] ServiceResult<source::opcua::OpcUaOptions> write(const std::string& name,
                                                                   const config::TomlText& text) const;
    [[nodiscard]] std::optional<ServiceFailure> missing(const std::string& name) const;

    std::optional<std::filesystem::path> configuration_;
    std::filesystem::path folder_;
};

}  // namespace tagwire::app
