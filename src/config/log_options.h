/// Options of the log: the table [log] of the configuration.
/// Thread: any. Lifetime: value type.
#pragma once

#include <array>

#include "base/log.h"
#include "base/option.h"

namespace tagwire::log {

[[nodiscard]] constexpr std::array<OptionName<Level>, 4> optionNames(Level) noexcept {
    return {{{Level::Debug, "debug"},
             {Level::Info, "info"},
             {Level::Warning, "warning"},
             {Level::Error, "error"}}};
}

}  // namespace tagwire::log

namespace tagwire::config {

struct LogOptions {
    log::Level level = log::Level::Info;

    template <class Visitor>
    static void describe(Visitor& v) {
        v.field(&LogOptions::level, {.key = "level", .text = "Messages below this level are not written."});
    }
};

}  // namespace tagwire::config
