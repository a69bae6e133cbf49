#include "x509/certificate_maker.h"

#include <chrono>
#include <cstddef>
#include <cstring>  // of EVP_EC_gen
#include <ctime>
#include <utility>

#include <fmt/format.h>

namespace tagwire::x509 {
namespace {

constexpr unsigned int kKeyBits = 2048;
constexpr int kSerialBits = 159;  // positive, and at most 20 bytes (RFC 5280, 4.1.2.2)

/// Never asks at a terminal for a passphrase.
int noPassphrase(char* /*buffer*/, int /*size*/, int /*forWriting*/, void* /*context*/) { return 0; }

tl::unexpected<Error> openSslError(std::string_view what) {
    const unsigned long code = ERR_get_error();
    const char* const reason = ERR_reason_error_string(code);
    ERR_clear_error();
    return fail(fmt::format("{} failed: {}", what, reason != nullptr ? reason : "out of memory"));
}

bool setTime(ASN1_TIME* field, Timestamp time) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()).count();
    return ASN1_TIME_set(field, static_cast<std::time_t>(seconds)) != nullptr;
}

bool setSerial(X509* x509) {
    const BignumHandle number(BN_new());
    return number && BN_rand(number.get(), kSerialBits, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1 &&
           BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(x509)) != nullptr;
}

/// A common name has 64 characters at most (RFC 5280, A.1); names of machines may be nearly as long.
constexpr std::size_t kMaxCommonName = 64;

bool setSubject(X509* x509, std::string_view commonName) {
    X509_NAME* name = X509_get_subject_name(x509);
    const auto add = [name](const char* field, std::string_view text) {
        return X509_NAME_add_entry_by_txt(name, field, MBSTRING_UTF8,
                                          reinterpret_cast<const unsigned char*>(text.data()),
                                          static_cast<int>(text.size()), -1, 0) == 1;
    };
    return add("O", "Tagwire") && add("CN", commonName.substr(0, kMaxCommonName));
}

bool addExtension(X509* x509, X509* issuer, int kind, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, x509, nullptr, nullptr, 0);
    const ExtensionHandle extension(X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str()));
    return extension && X509_add_ext(x509, extension.get(), -1) == 1;
}

std::string alternativeNames(const CertificateRequest& request) {
    std::string names;
    const auto add = [&names](std::string_view kind, std::string_view value) {
        names += fmt::format("{}{}:{}", names.empty() ? "" : ",", kind, value);
    };
    if (!request.applicationUri.empty()) add("URI", request.applicationUri);
    for (const auto& name : request.dnsNames) add("DNS", name);
    for (const auto& address : request.ipAddresses) add("IP", address);
    return names;
}

std::string_view keyUsage(CertificateUse use, bool selfSigned) noexcept {
    switch (use) {
        case CertificateUse::Authority: return "critical,keyCertSign,cRLSign";
        // A key of an elliptic curve encrypts nothing.
        case CertificateUse::WebServer: return "critical,digitalSignature";
        case CertificateUse::OpcUaApplication: break;
    }
    // OPC UA: keyCertSign belongs to a certificate that signs itself.
    return selfSigned
               ? "critical,digitalSignature,nonRepudiation,keyEncipherment,dataEncipherment,keyCertSign"
               : "critical,digitalSignature,nonRepudiation,keyEncipherment,dataEncipherment";
}

std::string_view extendedKeyUsage(CertificateUse use) noexcept {
    switch (use) {
        case CertificateUse::Authority: return {};
        case CertificateUse::WebServer: return "serverAuth";
        case CertificateUse::OpcUaApplication: break;
    }
    return "serverAuth,clientAuth";
}

bool addExtensions(X509* x509, X509* issuer, const CertificateRequest& request) {
    const auto add = [x509, issuer](int kind, std::string_view value) {
        return value.empty() || addExtension(x509, issuer, kind, std::string(value));
    };
    const bool authority = request.use == CertificateUse::Authority;
    return add(NID_basic_constraints, authority ? "critical,CA:TRUE" : "critical,CA:FALSE") &&
           add(NID_subject_key_identifier, "hash") && add(NID_authority_key_identifier, "keyid:always") &&
           add(NID_key_usage, keyUsage(request.use, issuer == x509)) &&
           add(NID_ext_key_usage, extendedKeyUsage(request.use)) &&
           add(NID_subject_alt_name, alternativeNames(request));
}

/// What `write` wrote into memory of this kind.
template <class Write>
std::string textOf(const BIO_METHOD* memory, Write write) {
    const BioHandle out(BIO_new(memory));
    return out && write(out.get()) == 1 ? contentsOf(out.get()) : std::string();
}

}  // namespace

Result<KeyHandle> makeRsaKey() {
    KeyHandle key(EVP_RSA_gen(kKeyBits));
    if (!key) return openSslError("making an RSA key");
    return key;
}

Result<KeyHandle> makeEcKey() {
    // What the macro EVP_EC_gen does, without its cast.
    KeyHandle key(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"));
    if (!key) return openSslError("making a key");
    return key;
}

Result<X509Handle> issueCertificate(const CertificateRequest& request, EVP_PKEY& key,
                                    CertificateIssuer issuer) {
    X509Handle x509(X509_new());
    if (!x509) return openSslError("making a certificate");
    X509* const signer = issuer.certificate != nullptr ? issuer.certificate : x509.get();
    EVP_PKEY* const signingKey = issuer.key != nullptr ? issuer.key : &key;
    const bool made = X509_set_version(x509.get(), X509_VERSION_3) == 1 && setSerial(x509.get()) &&
                      setTime(X509_getm_notBefore(x509.get()), request.validFrom) &&
                      setTime(X509_getm_notAfter(x509.get()), request.validTo) &&
                      X509_set_pubkey(x509.get(), &key) == 1 && setSubject(x509.get(), request.commonName) &&
                      X509_set_issuer_name(x509.get(), X509_get_subject_name(signer)) == 1 &&
                      addExtensions(x509.get(), signer, request) &&
                      X509_sign(x509.get(), signingKey, EVP_sha256()) > 0;
    if (!made) return openSslError("making a certificate");
    return x509;
}

Result<KeyHandle> parseKey(std::string_view bytes) {
    KeyHandle key;
    if (bytes.find("-----BEGIN ") != std::string_view::npos) {
        const BioHandle reader = readerOf(bytes);
        key.reset(PEM_read_bio_PrivateKey(reader.get(), nullptr, noPassphrase, nullptr));
    } else {
        const auto* at = reinterpret_cast<const unsigned char*>(bytes.data());
        key.reset(d2i_AutoPrivateKey(nullptr, &at, static_cast<long>(bytes.size())));
    }
    ERR_clear_error();
    if (!key) return fail("is no private key in PEM or DER form without a passphrase");
    return key;
}

std::string pemOf(EVP_PKEY& key) {
    return textOf(BIO_s_secmem(), [&key](BIO* out) {
        return PEM_write_bio_PKCS8PrivateKey(out, &key, nullptr, nullptr, 0, nullptr, nullptr);
    });
}

std::string derOf(EVP_PKEY& key) {
    return textOf(BIO_s_secmem(), [&key](BIO* out) {
        return i2d_PKCS8PrivateKey_bio(out, &key, nullptr, nullptr, 0, nullptr, nullptr);
    });
}

std::string pemOf(X509& certificate) {
    return textOf(BIO_s_mem(), [&certificate](BIO* out) { return PEM_write_bio_X509(out, &certificate); });
}

std::string derOf(X509& certificate) {
    return textOf(BIO_s_mem(), [&certificate](BIO* out) { return i2d_X509_bio(out, &certificate); });
}

}  // namespace tagwire::x509
