#include "source/opcua/subtree_options.h"

#include <fmt/format.h>

#include "model/tag_path.h"
#include "source/opcua/text/browse_path_text.h"

namespace tagwire::source::opcua {
namespace {

void checkPatterns(std::string_view key, const std::vector<std::string>& patterns, OptionErrors& errors) {
    for (std::size_t i = 0; i < patterns.size(); ++i) {
        if (const auto pattern = TagPattern::parse(patterns[i]); !pattern)
            errors.add(fmt::format("{}[{}]", key, i), pattern.error().message);
    }
}

}  // namespace

void SubtreeOptions::check(OptionErrors& errors) const {
    if (const auto locator = parseNodeLocator(node); !locator) errors.add("node", locator.error().message);
    if (!name.empty()) {
        if (const auto path = TagPath::parse(name); !path) errors.add("name", path.error().message);
    }
    checkPatterns("include", include, errors);
    checkPatterns("exclude", exclude, errors);
    if (deadbandAbsolute && deadbandPercent)
        errors.add("deadband_percent", "give deadband_absolute or deadband_percent, not both");
}

}  // namespace tagwire::source::opcua
