/// Handles and failures of WinHTTP.
/// Thread: any. Lifetime: a handle owns what it holds.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "com/platform.h"

// After windows.h.
#include <winhttp.h>

namespace tagwire::da {

class WinHttpHandle {
public:
    explicit WinHttpHandle(HINTERNET handle = nullptr) noexcept : handle_(handle) {}
    WinHttpHandle(const WinHttpHandle&) = delete;
    WinHttpHandle& operator=(const WinHttpHandle&) = delete;
    WinHttpHandle(WinHttpHandle&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
    WinHttpHandle& operator=(WinHttpHandle&& other) noexcept {
        std::swap(handle_, other.handle_);
        return *this;
    }
    ~WinHttpHandle() {
        if (handle_ != nullptr) WinHttpCloseHandle(handle_);
    }
    [[nodiscard]] HINTERNET get() const noexcept { return handle_; }
    explicit operator bool() const noexcept { return handle_ != nullptr; }

private:
    HINTERNET handle_;
};

/// What a code of WinHTTP means, and what to do.
[[nodiscard]] std::string winHttpText(DWORD code);
[[nodiscard]] tl::unexpected<Error> winHttpFailure(std::string_view what, DWORD code);

/// A request without a body. `headers`: complete lines. The code of the failure, or ERROR_SUCCESS.
[[nodiscard]] DWORD sendRequest(HINTERNET request, const std::wstring& headers);

}  // namespace tagwire::da
