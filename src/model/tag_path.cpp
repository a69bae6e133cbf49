#include "model/tag_path.h"

#include <algorithm>
#include <cstddef>

#include <fmt/format.h>
#include <utf8.h>

namespace tagwire {
namespace {

std::vector<std::string_view> splitLevels(std::string_view text) {
    std::vector<std::string_view> levels;
    std::size_t start = 0;
    for (;;) {
        const auto dot = text.find('.', start);
        levels.push_back(text.substr(start, dot == std::string_view::npos ? dot : dot - start));
        if (dot == std::string_view::npos) return levels;
        start = dot + 1;
    }
}

bool isControl(char c) noexcept {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f;
}

/// What is wrong with a path or pattern whatever its stars; empty if nothing.
std::string commonFault(std::string_view text) {
    if (text.empty()) return "is empty";
    if (text.size() > TagPath::kMaxBytes) {
        return fmt::format("is {} bytes long; the limit is {}", text.size(), TagPath::kMaxBytes);
    }
    if (!utf8::is_valid(text.begin(), text.end())) return "is not valid UTF-8";
    if (std::ranges::any_of(text, isControl)) return "contains a control character";
    for (const auto level : splitLevels(text)) {
        if (level.empty()) return "has an empty level (two dots in a row, or a dot at an end)";
        if (level.front() == ' ' || level.back() == ' ')
            return "has a level that begins or ends with a blank";
    }
    return {};
}

/// `*` in `pattern` stands for any run of characters. Iterative with one fallback point, so that a hostile
/// pattern costs at most pattern × text steps.
bool matchLevel(std::string_view pattern, std::string_view text) noexcept {
    std::size_t p = 0;
    std::size_t t = 0;
    std::size_t star = std::string_view::npos;
    std::size_t resume = 0;
    while (t < text.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            resume = t;
        } else if (p < pattern.size() && pattern[p] == text[t]) {
            ++p;
            ++t;
        } else if (star != std::string_view::npos) {
            p = star + 1;
            t = ++resume;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == '*') ++p;
    return p == pattern.size();
}

}  // namespace

Result<TagPath> TagPath::parse(std::string_view text) {
    auto fault = commonFault(text);
    if (fault.empty() && text.find('*') != std::string_view::npos) {
        fault = "contains '*', which is reserved for patterns";
    }
    if (!fault.empty()) return fail(fmt::format("the tag name {}", fault));
    return TagPath(std::string(text));
}

Result<TagPattern> TagPattern::parse(std::string_view text) {
    auto fault = commonFault(text);
    TagPattern pattern;
    if (fault.empty()) {
        for (const auto level : splitLevels(text)) {
            if (level != "**" && level.find("**") != std::string_view::npos) {
                fault = "has '**' beside other characters: it must stand alone as a level";
                break;
            }
            // Neighbouring ** levels mean the same as one, and would only cost time.
            if (level == "**" && !pattern.levels_.empty() && pattern.levels_.back() == "**") continue;
            pattern.levels_.emplace_back(level);
        }
    }
    if (!fault.empty()) return fail(fmt::format("the tag pattern {}", fault));
    pattern.text_ = text;
    return pattern;
}

bool TagPattern::matches(std::string_view path) const {
    const auto pathLevels = splitLevels(path);
    // The same matching as within a level, one floor up: ** is the star, levels are the characters.
    std::size_t p = 0;
    std::size_t t = 0;
    std::size_t star = levels_.size();
    std::size_t resume = 0;
    while (t < pathLevels.size()) {
        if (p < levels_.size() && levels_[p] == "**") {
            star = p++;
            resume = t;
        } else if (p < levels_.size() && matchLevel(levels_[p], pathLevels[t])) {
            ++p;
            ++t;
        } else if (star < levels_.size()) {
            p = star + 1;
            t = ++resume;
        } else {
            return false;
        }
    }
    while (p < levels_.size() && levels_[p] == "**") ++p;
    return p == levels_.size();
}

}  // namespace tagwire
