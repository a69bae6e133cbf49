/// Which tags somebody may read and write.
/// Thread: any (immutable once made). Lifetime: value type.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/tag_path.h"

namespace tagwire::access {

/// No pattern, no tag. What may be written has to be readable, too: a set point that one cannot see is not
/// one to change.
class TagScope {
public:
    /// Nothing at all.
    TagScope() = default;
    [[nodiscard]] static TagScope everything();

    static constexpr std::size_t kMaxPatterns = 100;
    /// The error names the pattern that is wrong.
    [[nodiscard]] static Result<TagScope> parse(std::span<const std::string> read,
                                                std::span<const std::string> write);

    [[nodiscard]] bool reads(std::string_view tag) const;
    /// Without looking at any tag: one of the patterns is `**`.
    [[nodiscard]] bool readsEverything() const noexcept;
    [[nodiscard]] bool writes(std::string_view tag) const;

    [[nodiscard]] const std::vector<TagPattern>& readPatterns() const noexcept { return read_; }
    [[nodiscard]] const std::vector<TagPattern>& writePatterns() const noexcept { return write_; }

private:
    std::vector<TagPattern> read_;
    std::vector<TagPattern> write_;
};

}  // namespace tagwire::access
