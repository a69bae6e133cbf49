#include "source/opcua/security/certificate_making.h"

#include <utility>

namespace tagwire::source::opcua {

Result<Certificate> makeCertificate(const x509::CertificateRequest& request, EVP_PKEY& key,
                                    x509::CertificateIssuer issuer) {
    const auto made = x509::issueCertificate(request, key, issuer);
    if (!made) return tl::unexpected(made.error());
    return Certificate::parse(x509::derOf(**made));
}

}  // namespace tagwire::source::opcua
