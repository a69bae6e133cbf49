/// Makes keys and application instance certificates as OPC UA asks for them (OPC 10000-6, 6.2.2).
/// Thread: any. Lifetime: functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "source/opcua/security/certificate.h"
#include "source/opcua/security/openssl_handles.h"

namespace tagwire::source::opcua {

struct CertificateRequest {
    std::string commonName;
    /// None where it is no application's.
    std::string applicationUri;
    std::vector<std::string> dnsNames;
    std::vector<std::string> ipAddresses;
    Timestamp validFrom;
    Timestamp validTo;
    /// Of an authority: it may sign others, and is no application's.
    bool authority = false;
};

/// RSA 2048, which every policy takes and every server can do.
[[nodiscard]] Result<KeyHandle> makeKey();

/// The signer of a certificate; null members: it signs itself.
struct CertificateIssuer {
    x509_st* certificate = nullptr;
    EVP_PKEY* key = nullptr;
};

[[nodiscard]] Result<Certificate> makeCertificate(const CertificateRequest& request, EVP_PKEY& key,
                                                  CertificateIssuer issuer = {});

/// PEM or DER (PKCS#1 or PKCS#8) without a passphrase.
[[nodiscard]] Result<KeyHandle> parseKey(std::string_view bytes);
/// PKCS#8 in PEM form; empty when memory is out.
[[nodiscard]] std::string pemOf(EVP_PKEY& key);
/// PKCS#8 in DER form; empty when memory is out.
[[nodiscard]] std::string derOf(EVP_PKEY& key);

}  // namespace tagwire::source::opcua
