/// The name of a tag: levels separated by dots, such as `Plant.Unit100.TI101` or `Bucket Brigade.Int1`.
/// Thread: any. Lifetime: value types.
#pragma once

#include <compare>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace tagwire {

/// At most 512 bytes of UTF-8, no empty level, no control character, no `*`; leading and trailing blanks of a
/// level are refused because nobody can see them.
class TagPath {
public:
    static constexpr std::size_t kMaxBytes = 512;

    [[nodiscard]] static Result<TagPath> parse(std::string_view text);

    [[nodiscard]] const std::string& text() const noexcept { return text_; }
    friend auto operator<=>(const TagPath&, const TagPath&) = default;

private:
    explicit TagPath(std::string text) : text_(std::move(text)) {}
    std::string text_;
};

/// Matches tag paths: `*` stands for any run of characters within one level (`Line1.*.Temp`, `Int*`), `**` as
/// a whole level for any number of levels, also none (`Line1.**`, `**.Temp`).
class TagPattern {
public:
    [[nodiscard]] static Result<TagPattern> parse(std::string_view text);
    /// Whether a subscriber's text is a pattern at all, or a plain name.
    [[nodiscard]] static bool isPattern(std::string_view text) noexcept {
        return text.find('*') != std::string_view::npos;
    }

    [[nodiscard]] bool matches(std::string_view path) const;
    [[nodiscard]] const std::string& text() const noexcept { return text_; }

private:
    std::string text_;
    std::vector<std::string> levels_;
};

}  // namespace tagwire
