#include "source/opcua/security/own_certificate.h"

#include <chrono>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/files.h"
#include "base/log.h"
#include "source/opcua/security/certificate_making.h"
#include "x509/host_names.h"

namespace tagwire::source::opcua {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kCertificateName = "tagwire.der";
constexpr std::size_t kMaxKeyBytes = std::size_t{64} * 1024;
constexpr mode_t kKeyMode = 0600;
constexpr mode_t kCertificateMode = 0644;
/// Plants run for decades, and each new certificate has to be trusted at every server by hand.
constexpr std::chrono::days kValidity{3650};
/// Servers with a clock that is late shall take it, too.
constexpr std::chrono::days kBackdated{1};
constexpr std::chrono::days kWarnBefore{30};

struct Key {
    fs::path file;
    x509::KeyHandle handle;
};

bool belongTogether(const Certificate& certificate, const EVP_PKEY& key) {
    const bool fits = X509_check_private_key(certificate.x509(), &key) == 1;
    ERR_clear_error();
    return fits;
}

Result<x509::KeyHandle> readKey(const fs::path& file) {
    auto bytes = readFile(file, kMaxKeyBytes);
    if (!bytes) return tl::unexpected(std::move(bytes.error()));
    const x509::SecretBytes secret(std::move(*bytes));
    auto key = x509::parseKey(secret.view());
    if (!key) return fail(fmt::format("`{}` {}", file.string(), key.error().message));
    return key;
}

Result<Certificate> readCertificate(const fs::path& file) {
    const auto bytes = readFile(file, Certificate::kMaxBytes);
    if (!bytes) return tl::unexpected(bytes.error());
    auto certificate = Certificate::parse(*bytes);
    if (!certificate) return fail(fmt::format("`{}` {}", file.string(), certificate.error().message));
    return certificate;
}

struct Found {
    std::optional<Identity> best;
    /// What kept the other files from being used.
    std::string problem;
    bool empty = true;
};

Found look(const PkiFolder& folder) {
    Found found;
    std::vector<Key> keys;
    std::string keyProblem;
    for (const fs::path& file : filesIn(folder.ownKeys())) {
        if (auto key = readKey(file)) {
            keys.push_back({file, std::move(*key)});
        } else {
            keyProblem = key.error().message;
        }
    }
    for (const fs::path& file : filesIn(folder.ownCertificates())) {
        found.empty = false;
        auto certificate = readCertificate(file);
        if (!certificate) {
            found.problem = certificate.error().message;
            continue;
        }
        if (certificate->info().applicationUri.empty()) {
            found.problem = fmt::format(
                "`{}` has no application URI among its alternative names, which "
                "OPC UA demands",
                file.string());
            continue;
        }
        bool fits = false;
        for (const Key& key : keys) {
            if (!belongTogether(*certificate, *key.handle)) continue;
            fits = true;
            if (found.best && found.best->certificate.info().validFrom >= certificate->info().validFrom)
                continue;
            found.best = Identity{*certificate, x509::SecretBytes(x509::derOf(*key.handle)), file};
        }
        if (!fits)
            found.problem =
                fmt::format("there is no private key for `{}` in `{}`{}{}", file.string(),
                            folder.ownKeys().string(), keyProblem.empty() ? "" : ": ", keyProblem);
    }
    return found;
}

Result<Identity> fromFound(const PkiFolder& folder, Found found) {
    if (found.best) return std::move(*found.best);
    if (found.empty)
        return fail(fmt::format("there is no own certificate in `{}`", folder.ownCertificates().string()));
    return fail(fmt::format(
        "our own certificate cannot be used: {}. Put a good copy there, or remove the files in `{}` so that "
        "a new one is made (which every server then has to trust)",
        found.problem, (folder.root() / "own").string()));
}

x509::CertificateRequest requestFor(std::string applicationUri) {
    x509::HostNames host = x509::hostNames();
    const Timestamp now = wallClockNow();
    return {.commonName = fmt::format("Tagwire@{}", host.name),
            .applicationUri = std::move(applicationUri),
            .dnsNames = std::move(host.dnsNames),
            .ipAddresses = std::move(host.addresses),
            .validFrom = now - kBackdated,
            .validTo = now + kValidity,
            .use = x509::CertificateUse::OpcUaApplication};
}

/// A name by the key, so that a new key never overwrites one whose certificate is still in use.
Result<fs::path> storeKey(const PkiFolder& folder, EVP_PKEY& key, const Certificate& certificate) {
    const x509::SecretBytes pem(x509::pemOf(key));
    if (pem.view().empty()) return fail("the private key cannot be encoded");
    fs::path file =
        folder.ownKeys() / fmt::format("tagwire-{}.pem", certificate.info().fingerprint.substr(0, 16));
    if (auto written = replaceFile(file, pem.view(), kKeyMode); !written)
        return tl::unexpected(std::move(written.error()));
    return file;
}

void removeOthers(const fs::path& folder, const fs::path& kept) {
    for (const fs::path& file : filesIn(folder)) {
        std::error_code ignored;
        if (file != kept) fs::remove(file, ignored);
    }
}

/// The key first, then in one step the certificate, then the old ones are removed: whoever looks in between
/// finds a pair.
Result<Identity> install(const PkiFolder& folder, const Certificate& certificate, EVP_PKEY& key) {
    if (auto made = folder.create(); !made) return tl::unexpected(std::move(made.error()));
    const auto keyFile = storeKey(folder, key, certificate);
    if (!keyFile) return tl::unexpected(keyFile.error());
    const fs::path file = folder.ownCertificates() / kCertificateName;
    if (auto written = replaceFile(file, certificate.der(), kCertificateMode); !written)
        return tl::unexpected(std::move(written.error()));
    removeOthers(folder.ownCertificates(), file);
    removeOthers(folder.ownKeys(), *keyFile);
    log::info("opcua", "our own certificate is {}, valid until {}, in `{}`", nameOf(certificate.info()),
              dateText(certificate.info().validTo), file.string());
    return Identity{certificate, x509::SecretBytes(x509::derOf(key)), file};
}

Result<Identity> makeFirst(const PkiFolder& folder) {
    if (auto made = folder.create(); !made) return tl::unexpected(std::move(made.error()));
    auto key = x509::makeRsaKey();
    if (!key) return tl::unexpected(std::move(key.error()));
    auto certificate = makeCertificate(requestFor(applicationUriOf(x509::hostNames().name)), **key);
    if (!certificate) return tl::unexpected(std::move(certificate.error()));
    const auto keyFile = storeKey(folder, **key, *certificate);
    if (!keyFile) return tl::unexpected(keyFile.error());
    const fs::path file = folder.ownCertificates() / kCertificateName;
    const auto created = createFile(file, certificate->der(), kCertificateMode);
    if (created && *created) {
        log::info("opcua", "made our own certificate {}, valid until {}: `{}`", nameOf(certificate->info()),
                  dateText(certificate->info().validTo), file.string());
        return Identity{*certificate, x509::SecretBytes(x509::derOf(**key)), file};
    }
    // Somebody else was quicker, or it cannot be written; our key is of no use.
    std::error_code ignored;
    fs::remove(*keyFile, ignored);
    if (!created) return tl::unexpected(created.error());
    return loadOwnCertificate(folder);
}

}  // namespace

std::string applicationUriOf(std::string_view hostName) { return fmt::format("urn:{}:tagwire", hostName); }

Result<Identity> loadOwnCertificate(const PkiFolder& folder) {
    Found found = look(folder);
    // The pair may have been changed between looking at the keys and at the certificates.
    if (!found.best && !found.empty) found = look(folder);
    return fromFound(folder, std::move(found));
}

Result<Identity> ownCertificate(const PkiFolder& folder) {
    if (filesIn(folder.ownCertificates()).empty()) return makeFirst(folder);
    return loadOwnCertificate(folder);
}

Result<Identity> renewOwnCertificate(const PkiFolder& folder, RenewKey key) {
    auto present = loadOwnCertificate(folder);
    if (!present) return present;
    auto kept = key == RenewKey::Keep ? x509::parseKey(present->key.view()) : x509::makeRsaKey();
    if (!kept) return tl::unexpected(std::move(kept.error()));
    auto certificate = makeCertificate(requestFor(present->certificate.info().applicationUri), **kept);
    if (!certificate) return tl::unexpected(std::move(certificate.error()));
    return install(folder, *certificate, **kept);
}

Result<Identity> replaceOwnCertificate(const PkiFolder& folder, std::string_view certificateBytes,
                                       std::string_view keyBytes) {
    const auto certificate = Certificate::parse(certificateBytes);
    if (!certificate) return fail("the certificate " + certificate.error().message);
    const auto key = x509::parseKey(keyBytes);
    if (!key) return fail("the key " + key.error().message);
    if (!belongTogether(*certificate, **key))
        return fail("the private key does not belong to the certificate");
    if (certificate->info().applicationUri.empty())
        return fail(
            "the certificate has no application URI among its alternative names, which OPC UA "
            "demands");
    return install(folder, *certificate, **key);
}

Result<Identity> loadIdentity(const fs::path& certificateFile, const fs::path& keyFile) {
    auto certificate = readCertificate(certificateFile);
    if (!certificate) return tl::unexpected(std::move(certificate.error()));
    const auto key = readKey(keyFile);
    if (!key) return tl::unexpected(key.error());
    if (!belongTogether(*certificate, **key))
        return fail(fmt::format("the private key in `{}` does not belong to the certificate in `{}`",
                                keyFile.string(), certificateFile.string()));
    return Identity{std::move(*certificate), x509::SecretBytes(x509::derOf(**key)), certificateFile};
}

Result<void> checkDates(const Identity& own, Timestamp now) {
    const CertificateInfo& info = own.certificate.info();
    if (now < info.validFrom)
        return fail(fmt::format("our own certificate in `{}` is valid only from {}: is the clock right?",
                                own.file.string(), dateText(info.validFrom)));
    if (now > info.validTo)
        return fail(
            fmt::format("our own certificate in `{}` expired on {}: renew it, or remove it so that a "
                        "new one is made, and trust the new one at the server",
                        own.file.string(), dateText(info.validTo)));
    if (now + kWarnBefore > info.validTo)
        log::warning("opcua", "our own certificate in `{}` expires on {}", own.file.string(),
                     dateText(info.validTo));
    return {};
}

}  // namespace tagwire::source::opcua
