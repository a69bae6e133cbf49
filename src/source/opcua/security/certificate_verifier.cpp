#include "source/opcua/security/certificate_verifier.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/files.h"
#include "x509/openssl_handles.h"

namespace tagwire::source::opcua {
namespace {

namespace fs = std::filesystem;

// OPC 10000-6, A.2.
constexpr StatusCode kSecurityChecksFailed{0x80130000};
constexpr StatusCode kTimeInvalid{0x80140000};
constexpr StatusCode kIssuerTimeInvalid{0x80150000};
constexpr StatusCode kHostNameInvalid{0x80160000};
constexpr StatusCode kUriInvalid{0x80170000};
constexpr StatusCode kUseNotAllowed{0x80180000};
constexpr StatusCode kUntrusted{0x801A0000};
constexpr StatusCode kRevoked{0x801D0000};
constexpr StatusCode kIssuerRevoked{0x801E0000};
constexpr StatusCode kChainIncomplete{0x810D0000};
constexpr StatusCode kPolicyCheckFailed{0x81140000};

/// What all three policies take (OPC 10000-7: Basic256Sha256, Aes128_Sha256_RsaOaep, Aes256_Sha256_RsaPss).
constexpr std::uint32_t kMinKeyBits = 2048;
constexpr std::uint32_t kMaxKeyBits = 4096;

constexpr std::size_t kMaxCrlBytes = std::size_t{4} * 1024 * 1024;

bool contains(std::span<const Certificate> certificates, const Certificate& wanted) {
    return std::ranges::find(certificates, wanted) != certificates.end();
}

x509::X509StackHandle stackOf(std::span<const Certificate> certificates) {
    x509::X509StackHandle stack(sk_X509_new_null());
    for (const Certificate& each : certificates) {
        X509_up_ref(each.x509());
        if (!stack || sk_X509_push(stack.get(), each.x509()) == 0) X509_free(each.x509());
    }
    return stack;
}

std::vector<x509::CrlHandle> readCrls(const PkiFolder& folder) {
    std::vector<x509::CrlHandle> crls;
    for (const auto& each : {folder.trustedCrls(), folder.issuerCrls()}) {
        for (const fs::path& file : filesIn(each)) {
            const auto bytes = readFile(file, kMaxCrlBytes);
            if (!bytes) continue;
            const auto* at = reinterpret_cast<const unsigned char*>(bytes->data());
            x509::CrlHandle crl(d2i_X509_CRL(nullptr, &at, static_cast<long>(bytes->size())));
            const x509::BioHandle reader = x509::readerOf(*bytes);
            if (!crl) crl.reset(PEM_read_bio_X509_CRL(reader.get(), nullptr, nullptr, nullptr));
            if (crl) crls.push_back(std::move(crl));
        }
    }
    ERR_clear_error();
    return crls;
}

/// Whether a list that `issuer` has signed revokes the certificate.
bool isRevoked(X509* certificate, X509* issuer, std::span<const x509::CrlHandle> crls) {
    for (const x509::CrlHandle& crl : crls) {
        if (X509_NAME_cmp(X509_CRL_get_issuer(crl.get()), X509_get_subject_name(issuer)) != 0) continue;
        EVP_PKEY* key = X509_get0_pubkey(issuer);
        if (key == nullptr || X509_CRL_verify(crl.get(), key) != 1) continue;
        X509_REVOKED* entry = nullptr;
        if (X509_CRL_get0_by_cert(crl.get(), &entry, certificate) == 1) return true;
    }
    return false;
}

std::string aboutTrust(const CertificateInfo& info, const PkiFolder& folder) {
    return fmt::format(
        "the certificate of {} with the fingerprint {} is not trusted yet: compare the fingerprint with the "
        "one that the server shows, then trust it on the Sources page, with `tagwire opcua trust {}`, or by "
        "moving its file from `{}` to `{}`",
        nameOf(info), info.fingerprint, info.fingerprint, folder.rejected().string(),
        folder.trusted().string());
}

/// One verification, with what it looks at.
class Check {
public:
    Check(const TrustStore& store, std::span<const Certificate> chain)
        : store_(store),
          chain_(chain),
          leaf_(chain.front()),
          trusted_(store.trustedCertificates()),
          issuers_(store.issuerCertificates()) {}

    [[nodiscard]] std::optional<Refusal> run(const ExpectedServer& expected, Timestamp now) {
        if (auto refusal = trust()) return refusal;
        if (auto refusal = dates(now)) return refusal;
        if (auto refusal = host(expected.host)) return refusal;
        if (auto refusal = uri(expected.applicationUri)) return refusal;
        if (auto refusal = usage()) return refusal;
        return revocation();
    }

private:
    [[nodiscard]] Refusal refuse(StatusCode status, std::string message) const {
        return {status, std::move(message)};
    }

    [[nodiscard]] std::optional<Refusal> untrusted() const {
        store_.keepRejected(leaf_);
        return refuse(kUntrusted, aboutTrust(leaf_.info(), store_.folder()));
    }

    /// Leaves the way from the certificate to what is trusted in path_.
    std::optional<Refusal> trust() {
        const x509::StoreHandle anchors(X509_STORE_new());
        const x509::StoreContextHandle context(X509_STORE_CTX_new());
        std::vector<Certificate> others(chain_.begin() + 1, chain_.end());
        others.insert(others.end(), issuers_.begin(), issuers_.end());
        const x509::X509StackHandle untrustedOnes = stackOf(others);
        if (!anchors || !context || !untrustedOnes ||
            X509_STORE_CTX_init(context.get(), anchors.get(), leaf_.x509(), untrustedOnes.get()) != 1)
            return refuse(kSecurityChecksFailed, "there is no memory to check the server's certificate");
        for (const Certificate& each : trusted_) X509_STORE_add_cert(anchors.get(), each.x509());
        X509_VERIFY_PARAM* parameters = X509_STORE_CTX_get0_param(context.get());
        // Dates are looked at afterwards, where their words can be better. Any trusted certificate ends the
        // chain, whether it signs itself or not.
        X509_VERIFY_PARAM_set_flags(parameters, X509_V_FLAG_NO_CHECK_TIME | X509_V_FLAG_PARTIAL_CHAIN);
        X509_VERIFY_PARAM_set_auth_level(parameters, 1);  // signatures with MD5 or SHA-1 prove nothing
        const bool proven = X509_verify_cert(context.get()) == 1;
        const int error = X509_STORE_CTX_get_error(context.get());
        ERR_clear_error();
        // Trusted itself: nothing has to vouch for it.
        if (contains(trusted_, leaf_)) {
            path_ = {leaf_};
            return std::nullopt;
        }
        if (!proven) return unproven(error);
        const x509::X509StackHandle path(X509_STORE_CTX_get1_chain(context.get()));
        for (int i = 0; i < sk_X509_num(path.get()); ++i) {
            unsigned char* der = nullptr;
            const int size = i2d_X509(sk_X509_value(path.get(), i), &der);
            if (size <= 0) return untrusted();
            auto certificate =
                Certificate::parse({reinterpret_cast<const char*>(der), static_cast<std::size_t>(size)});
            OPENSSL_free(der);
            if (!certificate) return untrusted();
            path_.push_back(std::move(*certificate));
        }
        return std::nullopt;
    }

    [[nodiscard]] std::optional<Refusal> unproven(int error) const {
        switch (error) {
            case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
            case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN: return untrusted();
            case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
            case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
            case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE: {
                store_.keepRejected(leaf_);
                return refuse(
                    kChainIncomplete,
                    fmt::format("the certificate of {} was issued by `{}`, which is not known here: put the "
                                "issuer's certificate into `{}` to trust all it issues; or {}",
                                nameOf(leaf_.info()), leaf_.info().issuer, store_.folder().trusted().string(),
                                aboutTrust(leaf_.info(), store_.folder())));
            }
            default:
                store_.keepRejected(leaf_);
                return refuse(kSecurityChecksFailed,
                              fmt::format("the certificate of {} is not in order ({}): give the server a new "
                                          "one, or trust this very one ({})",
                                          nameOf(leaf_.info()), X509_verify_cert_error_string(error),
                                          leaf_.info().fingerprint));
        }
    }

    [[nodiscard]] std::optional<Refusal> dates(Timestamp now) const {
        for (std::size_t i = 0; i < path_.size(); ++i) {
            const CertificateInfo& info = path_[i].info();
            const bool early = now < info.validFrom;
            if (!early && now <= info.validTo) continue;
            const std::string_view what = i == 0 ? "server" : "server's issuer";
            if (early)
                return refuse(i == 0 ? kTimeInvalid : kIssuerTimeInvalid,
                              fmt::format("the certificate of the {}, {}, is valid only from {}: are the "
                                          "clocks here and there right?",
                                          what, nameOf(info), dateText(info.validFrom)));
            return refuse(i == 0 ? kTimeInvalid : kIssuerTimeInvalid,
                          fmt::format("the certificate of the {}, {}, expired on {}: renew it there, and "
                                      "trust the new one here",
                                      what, nameOf(info), dateText(info.validTo)));
        }
        return std::nullopt;
    }

    [[nodiscard]] std::optional<Refusal> host(const std::string& wanted) const {
        if (wanted.empty() || X509_check_ip_asc(leaf_.x509(), wanted.c_str(), 0) == 1 ||
            X509_check_host(leaf_.x509(), wanted.c_str(), wanted.size(), 0, nullptr) == 1)
            return std::nullopt;
        std::vector<std::string> names = leaf_.info().dnsNames;
        names.insert(names.end(), leaf_.info().ipAddresses.begin(), leaf_.info().ipAddresses.end());
        constexpr std::size_t kShown = 10;
        names.resize(std::min(names.size(), kShown));
        return refuse(
            kHostNameInvalid,
            fmt::format("the certificate of {} is for {}, not for `{}`: use one of its names in `endpoint`, "
                        "renew it at the server with this name, or set verify_host = false in "
                        "[opcua.security]",
                        nameOf(leaf_.info()),
                        names.empty() ? "no host at all" : fmt::format("{}", fmt::join(names, ", ")),
                        wanted));
    }

    [[nodiscard]] std::optional<Refusal> uri(const std::string& wanted) const {
        const std::string& has = leaf_.info().applicationUri;
        if (wanted.empty() || has == wanted) return std::nullopt;
        return refuse(
            kUriInvalid,
            fmt::format("the server calls itself `{}`, but its certificate is for {}: another "
                        "server's certificate, or one from before it was renamed; make it a new one",
                        wanted, has.empty() ? "no application" : fmt::format("`{}`", has)));
    }

    /// Demands what the handshake uses; certificates in the field often lack the rest of what OPC 10000-6,
    /// 6.2.2 lists, and one without the extension may be used for anything (RFC 5280, 4.2.1.3).
    [[nodiscard]] std::optional<Refusal> usage() const {
        X509* const x509 = leaf_.x509();
        const std::uint32_t usage = X509_get_key_usage(x509);
        const std::uint32_t purposes = X509_get_extended_key_usage(x509);
        constexpr std::uint32_t kEncipher = KU_KEY_ENCIPHERMENT | KU_DATA_ENCIPHERMENT;
        const bool purpose = purposes == UINT32_MAX || (purposes & (XKU_SSL_SERVER | XKU_ANYEKU)) != 0;
        if ((usage & KU_DIGITAL_SIGNATURE) == 0 || (usage & kEncipher) == 0 || !purpose)
            return refuse(kUseNotAllowed,
                          fmt::format("the certificate of {} may not be used by a server (its key usage says "
                                      "so): give the server a certificate made for OPC UA",
                                      nameOf(leaf_.info())));
        const EVP_PKEY* key = X509_get0_pubkey(x509);
        const std::uint32_t bits = leaf_.info().keyBits;
        if (key == nullptr || EVP_PKEY_get_base_id(key) != EVP_PKEY_RSA || bits < kMinKeyBits ||
            bits > kMaxKeyBits)
            return refuse(kPolicyCheckFailed,
                          fmt::format("the key of {} is no RSA key of {} to {} bits, which the security "
                                      "policies demand: give the server a new certificate",
                                      nameOf(leaf_.info()), kMinKeyBits, kMaxKeyBits));
        return std::nullopt;
    }

    [[nodiscard]] std::optional<Refusal> revocation() const {
        const auto crls = readCrls(store_.folder());
        if (crls.empty()) return std::nullopt;
        for (std::size_t i = 0; i < path_.size(); ++i) {
            for (const auto* known : {&trusted_, &issuers_}) {
                for (const Certificate& issuer : *known) {
                    if (!isRevoked(path_[i].x509(), issuer.x509(), crls)) continue;
                    ERR_clear_error();
                    return refuse(i == 0 ? kRevoked : kIssuerRevoked,
                                  fmt::format("the certificate of {} was revoked by {}: the server needs a "
                                              "new one",
                                              nameOf(path_[i].info()), nameOf(issuer.info())));
                }
            }
        }
        ERR_clear_error();
        return std::nullopt;
    }

    const TrustStore& store_;
    std::span<const Certificate> chain_;
    const Certificate& leaf_;
    std::vector<Certificate> trusted_;
    std::vector<Certificate> issuers_;
    std::vector<Certificate> path_;
};

}  // namespace

std::optional<Refusal> CertificateVerifier::verify(std::span<const Certificate> chain,
                                                   const ExpectedServer& expected, Timestamp now) const {
    if (chain.empty()) return Refusal{kSecurityChecksFailed, "the server sent no certificate"};
    return Check(store_, chain).run(expected, now);
}

}  // namespace tagwire::source::opcua
