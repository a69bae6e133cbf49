/// Parses TOML files and joins them into one tree. Every node keeps the file and line it came from.
/// Thread: any. Lifetime: no state.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/problem.h"
#include "config/toml.h"

namespace tagwire::config {

struct TomlText {
    /// As shown in problems.
    std::string file;
    std::string text;
};

/// Top-level keys of all texts together. Arrays of tables of the same key are joined in order; any other key
/// that comes twice is a problem that names both places. A text with a syntax error adds that problem and
/// nothing else.
[[nodiscard]] toml::table parseAll(const std::vector<TomlText>& texts, std::vector<Problem>& problems);

}  // namespace tagwire::config
