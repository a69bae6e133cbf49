#include "access/tag_scope.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace tagwire::access {
namespace {

Result<std::vector<TagPattern>> parseAll(std::span<const std::string> texts) {
    if (texts.size() > TagScope::kMaxPatterns) {
        return fail(fmt::format("{} patterns of tags are too many; at most {} are taken", texts.size(),
                                TagScope::kMaxPatterns));
    }
    std::vector<TagPattern> patterns;
    for (const auto& text : texts) {
        auto pattern = TagPattern::parse(text);
        if (!pattern) return fail(fmt::format("'{}': {}", text, pattern.error().message));
        patterns.push_back(std::move(*pattern));
    }
    return patterns;
}

bool anyMatches(const std::vector<TagPattern>& patterns, std::string_view tag) {
    return std::ranges::any_of(patterns, [tag](const auto& pattern) { return pattern.matches(tag); });
}

}  // namespace

TagScope TagScope::everything() {
    TagScope scope;
    scope.read_.push_back(*TagPattern::parse("**"));
    scope.write_ = scope.read_;
    return scope;
}

Result<TagScope> TagScope::parse(std::span<const std::string> read, std::span<const std::string> write) {
    auto reading = parseAll(read);
    if (!reading) return tl::unexpected(reading.error());
    auto writing = parseAll(write);
    if (!writing) return tl::unexpected(writing.error());
    TagScope scope;
    scope.read_ = std::move(*reading);
    scope.write_ = std::move(*writing);
    return scope;
}

bool TagScope::reads(std::string_view tag) const { return anyMatches(read_, tag); }

bool TagScope::readsEverything() const noexcept {
    return std::ranges::any_of(read_, [](const auto& pattern) { return pattern.text() == "**"; });
}

bool TagScope::writes(std::string_view tag) const { return reads(tag) && anyMatches(write_, tag); }

}  // namespace tagwire::access
