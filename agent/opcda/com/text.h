/// UTF-16 of Windows and UTF-8 of Tagwire.
/// Thread: any. Lifetime: functions.
#pragma once

#include <string>
#include <string_view>

#include "com/platform.h"

namespace tagwire::da {

/// Unpaired surrogates become U+FFFD. Null counts as empty.
[[nodiscard]] std::string utf8Of(std::wstring_view text);
[[nodiscard]] inline std::string utf8Of(const wchar_t* text) {
    return text == nullptr ? std::string{} : utf8Of(std::wstring_view(text));
}
[[nodiscard]] std::wstring utf16Of(std::string_view text);

/// A copy in memory of the COM allocator; null when there is none.
[[nodiscard]] wchar_t* taskCopyOf(std::wstring_view text) noexcept;

[[nodiscard]] std::wstring guidText(const GUID& guid);

}  // namespace tagwire::da
