/// What the program was asked to do.
/// Thread: main. Lifetime: value type.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace tagwire::app {

enum class Task : std::uint8_t {
    Run,
    Check,
    Help,
    Version,
    ConfigDocs,
    ConfigSchema,
    Routes,
    OpcUaTool,
    HistoryTool,
    UserTool,
    TokenTool,
    AuditTool
};

struct CommandLine {
    Task task = Task::Run;
    /// File or directory; none: the defaults, with the simulator.
    std::optional<std::filesystem::path> config;
    /// Of a tool: all after its name, as they stand in argv.
    std::vector<std::string_view> toolWords;
};

/// The error names the argument that is wrong.
[[nodiscard]] Result<CommandLine> parseCommandLine(int argc, const char* const* argv);

[[nodiscard]] std::string helpText();

}  // namespace tagwire::app
