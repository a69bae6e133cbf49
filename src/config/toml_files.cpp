#include "config/toml_files.h"

#include <optional>
#include <utility>

#include <fmt/format.h>

namespace tagwire::config {
namespace {

/// The parser's own words, without what it was busy with, and friendlier where people often go wrong.
std::string reasonOf(const toml::parse_error& error) {
    std::string_view text = error.description();
    constexpr std::string_view kPrefix = "Error while parsing ";
    if (text.starts_with(kPrefix)) {
        if (const auto colon = text.find(": "); colon != std::string_view::npos)
            text.remove_prefix(colon + 2);
    }
    constexpr std::string_view kAgain = "cannot redefine existing ";
    if (text.starts_with(kAgain)) {
        const auto name = text.find('\'');
        if (name != std::string_view::npos) {
            return fmt::format("{} is defined a second time; keep one", text.substr(name));
        }
    }
    if (text.find("utf-8") != std::string_view::npos)
        return "is not valid UTF-8; save the file in that encoding";
    if (text.starts_with("unescaped control characters")) {
        return "not valid TOML: a control character or the end of the line within a text; is a closing quote "
               "missing?";
    }
    return fmt::format("not valid TOML: {}", text);
}

std::optional<toml::table> parse(const TomlText& source, std::vector<Problem>& problems) {
    try {
        return toml::parse(source.text, source.file);
    } catch (const toml::parse_error& error) {
        problems.push_back(
            {.file = source.file, .line = error.source().begin.line, .key = {}, .reason = reasonOf(error)});
        return std::nullopt;
    }
}

void append(toml::array& to, toml::array& from) {
    // Moved, not copied: a copy of a node forgets where it came from.
    for (toml::node& node : from) to.push_back(std::move(*node.as_table()));
}

void merge(toml::table& into, toml::table&& from, std::vector<Problem>& problems) {
    for (auto&& [key, node] : from) {
        toml::node* present = into.get(key.str());
        if (present == nullptr) {
            std::move(node).visit([&into, name = key](auto&& value) {
                into.insert(name, std::forward<decltype(value)>(value));
            });
        } else if (present->is_array_of_tables() && node.is_array_of_tables()) {
            append(*present->as_array(), *node.as_array());
        } else {
            problems.push_back(
                {.file = *node.source().path,
                 .line = key.source().begin.line,
                 .key = std::string(key.str()),
                 .reason = fmt::format("is already defined at {}:{}; keep one of the two",
                                       *present->source().path, present->source().begin.line)});
        }
    }
}

}  // namespace

toml::table parseAll(const std::vector<TomlText>& texts, std::vector<Problem>& problems) {
    toml::table all;
    for (const TomlText& text : texts) {
        if (auto table = parse(text, problems)) merge(all, std::move(*table), problems);
    }
    return all;
}

}  // namespace tagwire::config
