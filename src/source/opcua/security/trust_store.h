/// Which servers' certificates are trusted: the files of a PkiFolder, nothing else.
/// Thread: any, also several processes; no call waits for another. Lifetime: value type.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/certificate_info.h"
#include "source/opcua/security/certificate.h"
#include "source/opcua/security/pki_folder.h"

namespace tagwire::source::opcua {

/// What a folder of certificates holds.
struct CertificateList {
    /// The newest file first.
    std::vector<CertificateInfo> certificates;
    /// "`/path/x.der` is no X.509 certificate …": files that are skipped.
    std::vector<std::string> unreadable;
};

class TrustStore {
public:
    /// Servers nobody asked for must not fill the disk: of the rejected certificates this many are kept, and
    /// the oldest are removed.
    static constexpr std::size_t kMaxRejected = 100;

    explicit TrustStore(PkiFolder folder) : folder_(std::move(folder)) {}

    [[nodiscard]] const PkiFolder& folder() const noexcept { return folder_; }

    [[nodiscard]] CertificateList trusted() const;
    [[nodiscard]] CertificateList rejected() const;
    /// Those of authorities in `issuers`.
    [[nodiscard]] CertificateList issuers() const;

    /// Moves a certificate among the trusted or the rejected ones. `fingerprint` is its SHA-256 or SHA-1 in
    /// hexadecimal, with or without colons and blanks. Trusting what is trusted already is no error.
    [[nodiscard]] Result<CertificateInfo> trust(std::string_view fingerprint) const;
    [[nodiscard]] Result<CertificateInfo> reject(std::string_view fingerprint) const;
    /// Forgets a certificate, be it trusted or rejected.
    [[nodiscard]] Result<CertificateInfo> remove(std::string_view fingerprint) const;
    /// Trusts a certificate that comes as a file, in DER or PEM form; its first certificate only.
    [[nodiscard]] Result<CertificateInfo> add(std::string_view bytes) const;

    [[nodiscard]] bool isTrusted(const Certificate& certificate) const;
    /// Keeps the certificate for an administrator to see. Failures are logged: nothing depends on it.
    void keepRejected(const Certificate& certificate) const;

    /// For the chain: every certificate that can be read.
    [[nodiscard]] std::vector<Certificate> trustedCertificates() const;
    [[nodiscard]] std::vector<Certificate> issuerCertificates() const;

private:
    [[nodiscard]] Result<CertificateInfo> move(std::string_view fingerprint,
                                               const std::filesystem::path& from,
                                               const std::filesystem::path& to) const;
    void dropOldestRejected() const;

    PkiFolder folder_;
};

/// How a certificate's file is called: `Boiler PLC [1A2B…].der`, name and SHA-1 thumbprint, with everything
/// replaced that a file name should not have.
[[nodiscard]] std::string certificateFileName(const CertificateInfo& certificate);

}  // namespace tagwire::source::opcua
