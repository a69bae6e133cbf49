#include "config/problem.h"

#include <fmt/format.h>

#include "config/option_text.h"

namespace tagwire::config {

std::string toText(const Problem& problem) {
    std::string text = printable(problem.file);
    if (problem.line > 0) text += fmt::format(":{}", problem.line);
    if (!problem.key.empty()) text += ": " + printable(problem.key);
    return text + ": " + printable(problem.reason);
}

}  // namespace tagwire::config
