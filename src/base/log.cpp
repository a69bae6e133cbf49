#include "base/log.h"

#include <cstddef>
#include <iterator>
#include <memory>
#include <string>

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

namespace tagwire::log {
namespace {

spdlog::level::level_enum toSpdlog(Level level) noexcept {
    switch (level) {
        case Level::Debug: return spdlog::level::debug;
        case Level::Info: return spdlog::level::info;
        case Level::Warning: return spdlog::level::warn;
        case Level::Error: return spdlog::level::err;
    }
    return spdlog::level::info;
}

spdlog::logger& logger() {
    static const std::shared_ptr<spdlog::logger> instance = [] {
        auto made = std::make_shared<spdlog::logger>("tagwire",
                                                     std::make_shared<spdlog::sinks::stderr_color_sink_mt>());
        made->set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %^%l%$ %v");
        made->set_level(spdlog::level::info);
        return made;
    }();
    return *instance;
}

/// How many bytes at the beginning of `text` are one control character, or break a line: those of ASCII,
/// those of ISO 6429's second set, which terminals obey as well, and the separators of Unicode. 0: none.
std::size_t controlBytes(std::string_view text) noexcept {
    const auto at = [text](std::size_t i) {
        return i < text.size() ? static_cast<unsigned char>(text[i]) : static_cast<unsigned char>(0);
    };
    if (at(0) < 0x20 || at(0) == 0x7f) return 1;
    if (at(0) == 0xc2 && at(1) >= 0x80 && at(1) < 0xa0) return 2;
    const bool separator = at(0) == 0xe2 && at(1) == 0x80 && (at(2) == 0xa8 || at(2) == 0xa9);
    return separator ? 3 : 0;
}

}  // namespace

void setLevel(Level level) noexcept { logger().set_level(toSpdlog(level)); }

bool enabled(Level level) noexcept { return logger().should_log(toSpdlog(level)); }

void write(Level level, std::string_view module, std::string_view message) {
    std::string line;
    line.reserve(module.size() + message.size() + 2);
    line.append(module).append(": ");
    for (std::size_t i = 0; i < message.size();) {
        const auto control = controlBytes(message.substr(i));
        if (control == 0) line.push_back(message[i++]);
        for (const auto end = i + control; i < end; ++i)
            fmt::format_to(std::back_inserter(line), "\\x{:02x}", static_cast<unsigned char>(message[i]));
    }
    logger().log(toSpdlog(level), "{}", line);
}

}  // namespace tagwire::log
