/// Certificates of ours as OPC UA's code holds them.
/// Thread: any. Lifetime: functions.
#pragma once

#include "base/result.h"
#include "source/opcua/security/certificate.h"
#include "x509/certificate_maker.h"

namespace tagwire::source::opcua {

[[nodiscard]] Result<Certificate> makeCertificate(const x509::CertificateRequest& request, EVP_PKEY& key,
                                                  x509::CertificateIssuer issuer = {});

}  // namespace tagwire::source::opcua
