/// What a certificate says, taken out of OpenSSL's object.
/// Thread: any. Lifetime: functions and value types.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "x509/openssl_handles.h"

namespace tagwire::x509 {

/// As RFC 2253 writes it; UTF-8 stays readable, control characters and what could forge a separator are
/// escaped.
[[nodiscard]] std::string distinguishedName(const X509_NAME* name);
/// The first common name alone; empty if there is none.
[[nodiscard]] std::string commonName(const X509_NAME* name);

/// The epoch where it is no time.
[[nodiscard]] Timestamp timeOf(const ASN1_TIME* time);

/// Lower-case hexadecimal; empty when memory is out.
[[nodiscard]] std::string digestOf(std::string_view bytes, const EVP_MD* method);

/// "AB:CD:…" of SHA-256 over the DER form, as browsers and `openssl x509 -fingerprint` show it.
[[nodiscard]] std::string fingerprintOf(const X509& certificate);

/// So many names are read from one certificate; the rest is left out.
inline constexpr std::size_t kMaxAlternativeNames = 100;

/// Whom a certificate is for (RFC 5280, 4.2.1.6); bytes that cannot be shown are escaped.
struct AlternativeNames {
    std::vector<std::string> uris;
    std::vector<std::string> dnsNames;
    std::vector<std::string> ipAddresses;
};
[[nodiscard]] AlternativeNames alternativeNamesOf(const X509& certificate);

/// Whether subject and issuer are the same, and its own key has signed it.
[[nodiscard]] bool isSelfSigned(X509& certificate) noexcept;

}  // namespace tagwire::x509
