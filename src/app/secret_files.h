/// Files with passwords and keys: those that others on this machine can read are named at the start. (The TLS
/// key is looked at whenever it is read: serve/tls_credentials.) Thread: any. Lifetime: functions.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "config/configuration.h"

namespace tagwire::app {

/// One warning a file, in words that say what to do. `file`: what the configuration was read from.
[[nodiscard]] std::vector<std::string> openSecrets(const config::Configuration& configuration,
                                                   const std::optional<std::filesystem::path>& file);

/// From now on what this process makes is for its user alone, whatever it was started by.
void keepFilesPrivate() noexcept;

}  // namespace tagwire::app
