#include "bridge/win_http.h"

#include <fmt/format.h>

namespace tagwire::da {

std::string winHttpText(DWORD code) {
    switch (code) {
        case ERROR_WINHTTP_NAME_NOT_RESOLVED: return "the gateway's name is not known: check the address";
        case ERROR_WINHTTP_CANNOT_CONNECT:
            return "nobody answers there: is the gateway running, and the port open?";
        case ERROR_WINHTTP_TIMEOUT: return "no answer in time";
        case ERROR_WINHTTP_CONNECTION_ERROR: return "the connection was lost";
        case ERROR_WINHTTP_SECURE_FAILURE:
            return "the gateway's certificate is not trusted: import it, or its authority, into this "
                   "computer's "
                   "trusted roots, and use the name that it was issued for";
        case ERROR_WINHTTP_SECURE_CHANNEL_ERROR:
            return "no secure connection can be made: the gateway's certificate is not trusted, or it and "
                   "this "
                   "computer have no version of TLS in common";
        case ERROR_WINHTTP_INVALID_SERVER_RESPONSE: return "what answers there is no gateway";
        default: return fmt::format("Windows error {}", code);
    }
}

tl::unexpected<Error> winHttpFailure(std::string_view what, DWORD code) {
    return fail(fmt::format("{}: {}", what, winHttpText(code)));
}

DWORD sendRequest(HINTERNET request, const std::wstring& headers) {
    const BOOL sent =
        WinHttpSendRequest(request, headers.empty() ? WINHTTP_NO_ADDITIONAL_HEADERS : headers.c_str(),
                           static_cast<DWORD>(headers.size()), WINHTTP_NO_REQUEST_DATA, 0, 0, 0);
    return sent == FALSE ? GetLastError() : DWORD{ERROR_SUCCESS};
}

}  // namespace tagwire::da
