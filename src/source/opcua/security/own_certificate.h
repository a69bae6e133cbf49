/// Our application instance certificate, by which servers know this program (OPC 10000-6, 6.2.2): made at the
/// first start, or put into the folder by an administrator.
/// Thread: any, also several processes. Lifetime: functions and value types.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.h"
#include "source/opcua/security/certificate.h"
#include "source/opcua/security/pki_folder.h"
#include "x509/secret_bytes.h"

namespace tagwire::source::opcua {

/// A certificate with its private key.
struct Identity {
    Certificate certificate;
    /// PKCS#8, DER.
    x509::SecretBytes key;
    /// Where the certificate was read from.
    std::filesystem::path file;
};

/// "urn:<host name>:tagwire", what OPC UA servers know this program by.
[[nodiscard]] std::string applicationUriOf(std::string_view hostName);

enum class RenewKey : std::uint8_t { Keep, New };

/// Ours, whatever its dates; the error names the file and says what to do. Where several are in the folder,
/// the one that became valid last. Nothing is made.
[[nodiscard]] Result<Identity> loadOwnCertificate(const PkiFolder& folder);

/// The same, but made if there is none at all: RSA 2048, SHA-256, self-signed, for ten years. Two who do so
/// at once get the same.
[[nodiscard]] Result<Identity> ownCertificate(const PkiFolder& folder);

/// Makes a new self-signed certificate in the place of the present one, for the same application URI.
/// Connections that use the old one are made anew by themselves.
[[nodiscard]] Result<Identity> renewOwnCertificate(const PkiFolder& folder, RenewKey key);

/// Takes a certificate and its key (DER or PEM, without a passphrase) as ours; refuses what does not fit
/// together or lacks an application URI.
[[nodiscard]] Result<Identity> replaceOwnCertificate(const PkiFolder& folder, std::string_view certificate,
                                                     std::string_view key);

/// Any certificate with its key from two files, such as those of a user.
[[nodiscard]] Result<Identity> loadIdentity(const std::filesystem::path& certificateFile,
                                            const std::filesystem::path& keyFile);

/// Says what is wrong with the dates of ours, and what to do; nothing if all is well.
[[nodiscard]] Result<void> checkDates(const Identity& own, Timestamp now);

}  // namespace tagwire::source::opcua
