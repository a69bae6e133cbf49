/// Patterns with * and ?, without regard to the case of ASCII letters: item ids are compared so by most
/// servers. Thread: any. Lifetime: function.
#pragma once

#include <string_view>

namespace tagwire::da {

/// An empty pattern matches everything. `?` is one unit of text: of UTF-8, a byte.
template <class Char>
[[nodiscard]] bool matchesWildcard(std::basic_string_view<Char> text,
                                   std::basic_string_view<Char> pattern) noexcept {
    if (pattern.empty()) return true;
    const auto lower = [](Char c) { return c >= Char{'A'} && c <= Char{'Z'} ? c + ('a' - 'A') : c + 0; };
    std::size_t t = 0;
    std::size_t p = 0;
    std::size_t star = pattern.size();  // the last * seen, and where its text ends so far
    std::size_t starEnd = 0;
    while (t < text.size()) {
        if (p < pattern.size() && pattern[p] == Char{'*'}) {
            star = p++;
            starEnd = t;
        } else if (p < pattern.size() && (pattern[p] == Char{'?'} || lower(pattern[p]) == lower(text[t]))) {
            ++p;
            ++t;
        } else if (star != pattern.size()) {
            p = star + 1;
            t = ++starEnd;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == Char{'*'}) ++p;
    return p == pattern.size();
}

}  // namespace tagwire::da
