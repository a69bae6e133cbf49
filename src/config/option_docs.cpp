#include "config/option_docs.h"

namespace tagwire::config {
namespace {

/// A cell must not end early.
std::string cell(std::string_view text) {
    std::string result;
    for (const char c : text) {
        if (c == '|') result += '\\';
        result += c;
    }
    return result;
}

}  // namespace

std::string docsHeading(std::string_view path, bool list, std::string_view text) {
    return fmt::format(
        "\n### `{}{}{}`\n\n{}\n\n| Key | Default | Allowed | Meaning |\n| --- | --- | --- | --- |\n",
        list ? "[[" : "[", path, list ? "]]" : "]", text);
}

std::string docsRow(const Option& option, std::string_view defaultValue, std::string_view allowed) {
    const std::string shown = option.required        ? "required"
                              : defaultValue.empty() ? "none"
                                                     : fmt::format("`{}`", cell(defaultValue));
    return fmt::format("| `{}` | {} | {} | {} |\n", option.key, shown, cell(allowed), cell(option.text));
}

}  // namespace tagwire::config
