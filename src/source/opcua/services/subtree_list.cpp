#include "source/opcua/services/subtree_list.h"

#include <algorithm>
#include <cstdint>
#include <set>
#include <utility>

#include <fmt/format.h>

namespace tagwire::source::opcua {
namespace {

bool isHex(char c) noexcept {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f');
}

Result<std::vector<TagPattern>> patternsOf(const std::vector<std::string>& texts) {
    std::vector<TagPattern> patterns;
    for (const std::string& text : texts) {
        auto pattern = TagPattern::parse(text);
        if (!pattern) return tl::unexpected(std::move(pattern.error()));
        patterns.push_back(std::move(*pattern));
    }
    return patterns;
}

bool anyMatches(const std::vector<TagPattern>& patterns, std::string_view path) {
    return std::ranges::any_of(patterns, [&](const TagPattern& pattern) { return pattern.matches(path); });
}

/// FNV-1a: the same everywhere and for ever, because tags are named by it.
std::uint32_t stableHash(std::string_view text) noexcept {
    std::uint32_t hash = 2'166'136'261U;
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 16'777'619U;
    return hash;
}

}  // namespace

Result<SubtreeRules> SubtreeRules::of(const SubtreeOptions& options, std::string_view serverPrefix) {
    SubtreeRules rules;
    auto start = parseNodeLocator(options.node);
    if (!start) return tl::unexpected(std::move(start.error()));
    rules.start = std::move(*start);
    auto include = patternsOf(options.include);
    if (!include) return tl::unexpected(std::move(include.error()));
    rules.include = std::move(*include);
    auto exclude = patternsOf(options.exclude);
    if (!exclude) return tl::unexpected(std::move(exclude.error()));
    rules.exclude = std::move(*exclude);
    for (const std::string_view part : {serverPrefix, std::string_view(options.name)}) {
        if (!part.empty()) rules.prefix.append(part).push_back('.');
    }
    rules.maxDepth = options.maxDepth;
    rules.maxTags = options.maxTags;
    rules.properties = options.properties;
    return rules;
}

bool SubtreeRules::excludes(std::string_view below) const { return anyMatches(exclude, below); }

bool SubtreeRules::takes(std::string_view below) const {
    return (include.empty() || anyMatches(include, below)) && !excludes(below);
}

std::string levelOf(std::string_view name) {
    if (name.empty()) return "_";
    std::string level;
    for (std::size_t i = 0; i < name.size(); ++i) {
        const char c = name[i];
        const auto byte = static_cast<unsigned char>(c);
        const bool readAsEscape = c == '%' && i + 2 < name.size() && isHex(name[i + 1]) && isHex(name[i + 2]);
        const bool atEnd = c == ' ' && (i == 0 || i + 1 == name.size());
        if (c == '.' || c == '*' || byte < 0x20 || byte == 0x7f || readAsEscape || atEnd) {
            level += fmt::format("%{:02X}", byte);
        } else {
            level.push_back(c);
        }
    }
    return level;
}

std::size_t settlePaths(std::vector<SubtreeVariable>& variables) {
    const auto byPath = [](const SubtreeVariable& a, const SubtreeVariable& b) {
        return a.path != b.path ? a.path < b.path : a.node.text() < b.node.text();
    };
    std::ranges::sort(variables, byPath);
    std::vector<SubtreeVariable*> others;
    for (std::size_t i = 1; i < variables.size(); ++i) {
        if (variables[i].path == variables[i - 1].path) others.push_back(&variables[i]);
    }
    // Names that are taken: a made-up one must not meet a real one.
    std::set<std::string, std::less<>> taken;
    if (!others.empty()) {
        for (const SubtreeVariable& each : variables) taken.insert(each.path);
    }
    for (SubtreeVariable* other : others) {
        const std::string base = fmt::format("{}~{:08x}", other->path, stableHash(other->node.text()));
        std::string path = base;
        for (int n = 2; !taken.insert(path).second; ++n) path = fmt::format("{}~{}", base, n);
        other->path = std::move(path);
    }
    const auto tooLong =
        std::erase_if(variables, [](const SubtreeVariable& each) { return !TagPath::parse(each.path); });
    std::ranges::sort(variables, {}, &SubtreeVariable::path);
    return tooLong;
}

SubtreeDiff differenceOf(std::span<const SubtreeVariable> before, std::span<const SubtreeVariable> now,
                         bool complete) {
    SubtreeDiff diff;
    auto old = before.begin();
    auto fresh = now.begin();
    while (old != before.end() || fresh != now.end()) {
        if (fresh == now.end() || (old != before.end() && old->path < fresh->path)) {
            if (complete) diff.removed.push_back(*old);
            ++old;
        } else if (old == before.end() || fresh->path < old->path) {
            diff.added.push_back(*fresh++);
        } else {
            if (old->node != fresh->node) diff.moved.push_back(*fresh);
            ++old;
            ++fresh;
        }
    }
    return diff;
}

}  // namespace tagwire::source::opcua
