/// Whether a gateway shows the one certificate that is trusted by its fingerprint.
///
/// Windows would send the headers of a request, and with them the token, as soon as the connection is
/// encrypted, whoever has the other end. So the certificate is looked at twice: by a request without a token,
/// and, because the next connection may have another end, in the moment before the headers are sent, when the
/// request can still be ended.
///
/// Thread: the one that connects. Lifetime: outlives the request that it sends.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "bridge/fingerprint.h"
#include "bridge/win_http.h"

namespace tagwire::da {

/// By a request of its own.
[[nodiscard]] Result<void> checkCertificate(HINTERNET connection, const Fingerprint& trusted);

class CertificateCheck {
public:
    explicit CertificateCheck(const Fingerprint& trusted) : trusted_(trusted) {}
    CertificateCheck(const CertificateCheck&) = delete;
    CertificateCheck& operator=(const CertificateCheck&) = delete;
    ~CertificateCheck() = default;

    /// Sends the request, unless the connection's other end has another certificate. The code of the failure.
    [[nodiscard]] DWORD send(WinHttpHandle& request, const std::wstring& headers);
    /// Why the request was ended; empty: for no reason of ours.
    [[nodiscard]] const std::string& problem() const noexcept { return problem_; }

private:
    static void CALLBACK onStatus(HINTERNET, DWORD_PTR context, DWORD status, void*, DWORD);

    const Fingerprint& trusted_;
    WinHttpHandle* request_ = nullptr;
    bool looked_ = false;
    std::string problem_;
};

}  // namespace tagwire::da
