#include "com/text.h"

#include <array>
#include <cstring>

#include "com/com_ptr.h"

namespace tagwire::da {

std::string utf8Of(std::wstring_view text) {
    const auto length = static_cast<int>(text.size());
    const int size = WideCharToMultiByte(CP_UTF8, 0, text.data(), length, nullptr, 0, nullptr, nullptr);
    std::string out(static_cast<std::size_t>(size), '\0');
    WideCharToMultiByte(CP_UTF8, 0, text.data(), length, out.data(), size, nullptr, nullptr);
    return out;
}

std::wstring utf16Of(std::string_view text) {
    const auto length = static_cast<int>(text.size());
    const int size = MultiByteToWideChar(CP_UTF8, 0, text.data(), length, nullptr, 0);
    std::wstring out(static_cast<std::size_t>(size), L'\0');
    MultiByteToWideChar(CP_UTF8, 0, text.data(), length, out.data(), size);
    return out;
}

wchar_t* taskCopyOf(std::wstring_view text) noexcept {
    auto* copy = allocateTask<wchar_t>(text.size() + 1);
    if (copy != nullptr) std::memcpy(copy, text.data(), text.size() * sizeof(wchar_t));
    return copy;
}

std::wstring guidText(const GUID& guid) {
    std::array<wchar_t, 40> text{};
    StringFromGUID2(guid, text.data(), static_cast<int>(text.size()));
    return text.data();
}

}  // namespace tagwire::da
