/// Several patterns for tags, such as those that a source lets be written.
/// Thread: any (immutable once made). Lifetime: value type.
#pragma once

#include <algorithm>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/option.h"
#include "model/tag_path.h"

namespace tagwire {

class TagPatterns {
public:
    /// No pattern, no tag.
    TagPatterns() = default;
    /// Texts that are no patterns match nothing: checkPatterns() has refused them before.
    explicit TagPatterns(std::span<const std::string> texts) {
        for (const auto& text : texts) {
            if (auto pattern = TagPattern::parse(text)) patterns_.push_back(*std::move(pattern));
        }
    }

    [[nodiscard]] bool matches(std::string_view path) const {
        return std::ranges::any_of(patterns_, [path](const auto& each) { return each.matches(path); });
    }

private:
    std::vector<TagPattern> patterns_;
};

/// For the check() of options: says which text of the list `key` is no pattern.
inline void checkPatterns(std::string_view key, std::span<const std::string> texts, OptionErrors& errors) {
    for (std::size_t i = 0; i < texts.size(); ++i) {
        if (const auto pattern = TagPattern::parse(texts[i]); !pattern)
            errors.add(std::string(key) + '[' + std::to_string(i) + ']', pattern.error().message);
    }
}

}  // namespace tagwire
