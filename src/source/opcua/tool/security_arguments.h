/// How a connection of `tagwire opcua` is secured: the options of [opcua.security], named alike.
/// Thread: main. Lifetime: functions.
#pragma once

#include <span>

#include "base/result.h"
#include "source/opcua/security_options.h"
#include "source/opcua/tool/arguments.h"

namespace tagwire::source::opcua {

[[nodiscard]] std::span<const OptionSpec> securityArguments() noexcept;

/// Files are relative to the current folder. The error names the option that is wrong or missing.
[[nodiscard]] Result<SecurityOptions> securityOf(const Arguments& arguments);

}  // namespace tagwire::source::opcua
