/// What the program was asked to do.
/// Thread: main. Lifetime: value type.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "base/result.h"

namespace tagwire::app {

enum class Task : std::uint8_t { Run, Check, Help, Version, ConfigDocs, ConfigSchema };

struct CommandLine {
    Task task = Task::Run;
    /// File or directory; none: the defaults, with the simulator.
    std::optional<std::filesystem::path> config;
};

/// The error names the argument that is wrong.
[[nodiscard]] Result<CommandLine> parseCommandLine(int argc, const char* const* argv);

[[nodiscard]] std::string helpText();

}  // namespace tagwire::app
