/// Makes keys and certificates: those of OPC UA applications (OPC 10000-6, 6.2.2), and those of web servers.
/// Thread: any. Lifetime: functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "x509/openssl_handles.h"

namespace tagwire::x509 {

enum class CertificateUse : std::uint8_t {
    OpcUaApplication,
    WebServer,
    Authority,  ///< it may sign others, and is no application's
};

struct CertificateRequest {
    std::string commonName;
    /// None where it is no application's.
    std::string applicationUri;
    std::vector<std::string> dnsNames;
    std::vector<std::string> ipAddresses;
    Timestamp validFrom;
    Timestamp validTo;
    CertificateUse use = CertificateUse::OpcUaApplication;
};

/// RSA 2048, which every policy of OPC UA takes and every server can do.
[[nodiscard]] Result<KeyHandle> makeRsaKey();
/// ECDSA P-256, which every browser takes.
[[nodiscard]] Result<KeyHandle> makeEcKey();

/// The signer of a certificate; null members: it signs itself.
struct CertificateIssuer {
    X509* certificate = nullptr;
    EVP_PKEY* key = nullptr;
};

[[nodiscard]] Result<X509Handle> issueCertificate(const CertificateRequest& request, EVP_PKEY& key,
                                                  CertificateIssuer issuer = {});

/// PEM or DER (PKCS#1 or PKCS#8) without a passphrase.
[[nodiscard]] Result<KeyHandle> parseKey(std::string_view bytes);
/// PKCS#8 in PEM form; empty when memory is out.
[[nodiscard]] std::string pemOf(EVP_PKEY& key);
/// PKCS#8 in DER form; empty when memory is out.
[[nodiscard]] std::string derOf(EVP_PKEY& key);
/// Empty when memory is out.
[[nodiscard]] std::string pemOf(X509& certificate);
[[nodiscard]] std::string derOf(X509& certificate);

}  // namespace tagwire::x509
