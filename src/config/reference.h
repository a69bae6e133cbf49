/// What can be configured, for people and for programs.
/// Thread: any. Lifetime: no state.
#pragma once

#include <string>

namespace tagwire::config {

/// Markdown: the generated part of docs/configuration.md.
[[nodiscard]] std::string referenceMarkdown();

/// JSON Schema, draft 2020-12, of the whole configuration.
[[nodiscard]] std::string referenceSchema();

}  // namespace tagwire::config
