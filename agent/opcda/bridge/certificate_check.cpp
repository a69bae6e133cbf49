#include "bridge/certificate_check.h"

#include <memory>
#include <optional>

#include "com/platform.h"

// After windows.h.
#include <bcrypt.h>
#include <wincrypt.h>

namespace tagwire::da {
namespace {

struct FreeCertificate {
    void operator()(const CERT_CONTEXT* context) const noexcept { CertFreeCertificateContext(context); }
};
using Certificate = std::unique_ptr<const CERT_CONTEXT, FreeCertificate>;

struct CloseAlgorithm {
    void operator()(void* algorithm) const noexcept { BCryptCloseAlgorithmProvider(algorithm, 0); }
};
struct DestroyHash {
    void operator()(void* hash) const noexcept { BCryptDestroyHash(hash); }
};

std::optional<Fingerprint> sha256(BYTE* bytes, DWORD size) {
    BCRYPT_ALG_HANDLE algorithm = nullptr;
    if (BCryptOpenAlgorithmProvider(&algorithm, BCRYPT_SHA256_ALGORITHM, nullptr, 0) != 0)
        return std::nullopt;
    const std::unique_ptr<void, CloseAlgorithm> closing(algorithm);
    BCRYPT_HASH_HANDLE hash = nullptr;
    if (BCryptCreateHash(algorithm, &hash, nullptr, 0, nullptr, 0, 0) != 0) return std::nullopt;
    const std::unique_ptr<void, DestroyHash> destroying(hash);
    Fingerprint digest{};
    const bool done = BCryptHashData(hash, bytes, size, 0) == 0 &&
                      BCryptFinishHash(hash, digest.data(), static_cast<ULONG>(digest.size()), 0) == 0;
    return done ? std::optional(digest) : std::nullopt;
}

/// Of the connection that the request has.
std::optional<Fingerprint> shownBy(HINTERNET request) {
    PCCERT_CONTEXT context = nullptr;
    DWORD size = sizeof context;
    if (WinHttpQueryOption(request, WINHTTP_OPTION_SERVER_CERT_CONTEXT, &context, &size) == FALSE)
        return std::nullopt;
    const Certificate certificate(context);
    return certificate ? sha256(certificate->pbCertEncoded, certificate->cbCertEncoded) : std::nullopt;
}

std::string problemOf(const std::optional<Fingerprint>& shown, const Fingerprint& trusted) {
    if (shown == trusted) return {};
    if (!shown) return "the gateway shows no certificate";
    return "the gateway's certificate is not the one that is trusted: its SHA-256 is " +
           fingerprintText(*shown) + "; if that is the gateway's new one, give it with --gateway-sha256";
}

}  // namespace

bool takeAnyCertificate(HINTERNET request) {
    DWORD flags = SECURITY_FLAG_IGNORE_UNKNOWN_CA | SECURITY_FLAG_IGNORE_CERT_CN_INVALID |
                  SECURITY_FLAG_IGNORE_CERT_DATE_INVALID | SECURITY_FLAG_IGNORE_CERT_WRONG_USAGE;
    return WinHttpSetOption(request, WINHTTP_OPTION_SECURITY_FLAGS, &flags, sizeof flags) != FALSE;
}

Result<void> checkCertificate(HINTERNET request, const Fingerprint& trusted) {
    auto problem = problemOf(shownBy(request), trusted);
    if (problem.empty()) return {};
    return fail(std::move(problem));
}

}  // namespace tagwire::da
