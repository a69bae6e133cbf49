/// What the commands at the console have in common.
/// Thread: main. Lifetime: functions and value types.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "config/configuration.h"

namespace tagwire::app {

/// It could not be done.
inline constexpr int kConsoleProblem = 2;

/// Gives the exit code.
[[nodiscard]] int complain(const std::string& message);

/// The error lists all that is wrong with it, a line each.
[[nodiscard]] Result<config::Configuration> configurationAt(std::string_view path);

/// Words after a command: `NAME... --option VALUE`, where an option may be given several times.
struct ConsoleWords {
    std::vector<std::string> names;
    std::map<std::string, std::vector<std::string>, std::less<>> options;

    /// The last one counts.
    [[nodiscard]] const std::string* option(std::string_view name) const;
    [[nodiscard]] std::vector<std::string> all(std::string_view name) const;
};

/// After `--` all words are names. The error names the word that is wrong, and `tool` whose --help tells what
/// there is.
[[nodiscard]] Result<ConsoleWords> consoleWords(std::span<const std::string_view> words,
                                                std::span<const std::string_view> options,
                                                std::string_view tool);

/// From the terminal, where it is not seen and has to be typed twice, or else the first line of standard
/// input: never an argument, which everybody on the machine sees.
[[nodiscard]] Result<std::string> readNewPassword();

}  // namespace tagwire::app
