/// Whether a gateway shows the one certificate that is trusted by its fingerprint.
/// Thread: the one that connects. Lifetime: functions.
#pragma once

#include "base/result.h"
#include "bridge/fingerprint.h"
#include "bridge/win_http.h"

namespace tagwire::da {

/// Before the request is sent: whoever issued the certificate, and for whatever name, its fingerprint says
/// all.
[[nodiscard]] bool takeAnyCertificate(HINTERNET request);

/// Of the connection that has answered the request. The error names the one that is shown.
[[nodiscard]] Result<void> checkCertificate(HINTERNET request, const Fingerprint& trusted);

}  // namespace tagwire::da
