#include "base/log.h"

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

}  // namespace

void setLevel(Level level) noexcept { logger().set_level(toSpdlog(level)); }

bool enabled(Level level) noexcept { return logger().should_log(toSpdlog(level)); }

void write(Level level, std::string_view module, std::string_view message) {
    std::string line;
    line.reserve(module.size() + message.size() + 2);
    line.append(module).append(": ");
    for (const char c : message) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20 || byte == 0x7f) {
            fmt::format_to(std::back_inserter(line), "\\x{:02x}", byte);
        } else {
            line.push_back(c);
        }
    }
    logger().log(toSpdlog(level), "{}", line);
}

}  // namespace tagwire::log
