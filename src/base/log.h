/// The program's log: one line per event on standard error, `time level module: message`.
/// Thread: any. Lifetime: usable from main's start to its end. Outside text (tag names, peers' messages) is
/// escaped, so that it cannot forge lines.
#pragma once

#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace tagwire::log {

enum class Level { Debug, Info, Warning, Error };

void setLevel(Level level) noexcept;
[[nodiscard]] bool enabled(Level level) noexcept;

/// Writes one line; control characters in `message` are replaced by \xNN.
void write(Level level, std::string_view module, std::string_view message);

template <class... Args>
void debug(std::string_view module, fmt::format_string<Args...> text, Args&&... args) {
    if (enabled(Level::Debug)) write(Level::Debug, module, fmt::format(text, std::forward<Args>(args)...));
}

template <class... Args>
void info(std::string_view module, fmt::format_string<Args...> text, Args&&... args) {
    if (enabled(Level::Info)) write(Level::Info, module, fmt::format(text, std::forward<Args>(args)...));
}

template <class... Args>
void warning(std::string_view module, fmt::format_string<Args...> text, Args&&... args) {
    if (enabled(Level::Warning))
        write(Level::Warning, module, fmt::format(text, std::forward<Args>(args)...));
}

template <class... Args>
void error(std::string_view module, fmt::format_string<Args...> text, Args&&... args) {
    if (enabled(Level::Error)) write(Level::Error, module, fmt::format(text, std::forward<Args>(args)...));
}

}  // namespace tagwire::log
