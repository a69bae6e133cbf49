/// What people need to know of an X.509 certificate to decide about it.
/// Thread: any. Lifetime: value type.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/time.h"

namespace tagwire {

struct CertificateInfo {
    /// Distinguished names as RFC 2253 writes them, such as `CN=Boiler PLC,O=Example`; control characters are
    /// escaped.
    std::string subject;
    std::string issuer;
    /// The subject's common name alone; empty if it has none.
    std::string commonName;
    /// SHA-1 over the DER form, 40 lower-case hexadecimal digits: how OPC UA tools call a certificate.
    std::string thumbprint;
    /// SHA-256 over the DER form, 64 lower-case hexadecimal digits.
    std::string fingerprint;
    Timestamp validFrom;
    Timestamp validTo;
    /// Empty if it has none.
    std::string applicationUri;
    std::vector<std::string> dnsNames;
    std::vector<std::string> ipAddresses;
    /// 0 if the key is of a kind that is not known.
    std::uint32_t keyBits = 0;
    /// Whether subject and issuer are the same and its own key has signed it.
    bool selfSigned = false;

    friend bool operator==(const CertificateInfo&, const CertificateInfo&) = default;
};

}  // namespace tagwire
