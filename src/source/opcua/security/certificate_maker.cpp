#include "source/opcua/security/certificate_maker.h"

#include <chrono>
#include <ctime>
#include <utility>

#include <fmt/format.h>

namespace tagwire::source::opcua {
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

bool setSubject(X509* x509, const std::string& commonName) {
    X509_NAME* name = X509_get_subject_name(x509);
    const auto add = [name](const char* field, std::string_view text) {
        return X509_NAME_add_entry_by_txt(name, field, MBSTRING_UTF8,
                                          reinterpret_cast<const unsigned char*>(text.data()),
                                          static_cast<int>(text.size()), -1, 0) == 1;
    };
    return add("O", "Tagwire") && add("CN", commonName);
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

bool addExtensions(X509* x509, X509* issuer, const CertificateRequest& request) {
    const bool self = issuer == x509;
    const std::string names = alternativeNames(request);
    // keyCertSign belongs to a certificate that signs itself.
    const std::string usage =
        request.authority
            ? "critical,keyCertSign,cRLSign"
            : fmt::format("critical,digitalSignature,nonRepudiation,keyEncipherment,dataEncipherment{}",
                          self ? ",keyCertSign" : "");
    return addExtension(x509, issuer, NID_basic_constraints,
                        request.authority ? "critical,CA:TRUE" : "critical,CA:FALSE") &&
           addExtension(x509, issuer, NID_subject_key_identifier, "hash") &&
           addExtension(x509, issuer, NID_authority_key_identifier, "keyid:always") &&
           addExtension(x509, issuer, NID_key_usage, usage) &&
           (request.authority || addExtension(x509, issuer, NID_ext_key_usage, "serverAuth,clientAuth")) &&
           (names.empty() || addExtension(x509, issuer, NID_subject_alt_name, names));
}

}  // namespace

Result<KeyHandle> makeKey() {
    KeyHandle key(EVP_RSA_gen(kKeyBits));
    if (!key) return openSslError("making an RSA key");
    return key;
}

Result<Certificate> makeCertificate(const CertificateRequest& request, EVP_PKEY& key,
                                    CertificateIssuer issuer) {
    const X509Handle x509(X509_new());
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
    unsigned char* der = nullptr;
    const int size = i2d_X509(x509.get(), &der);
    if (size <= 0) return openSslError("making a certificate");
    auto certificate =
        Certificate::parse({reinterpret_cast<const char*>(der), static_cast<std::size_t>(size)});
    OPENSSL_free(der);
    return certificate;
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
    const BioHandle out(BIO_new(BIO_s_secmem()));
    if (!out || PEM_write_bio_PKCS8PrivateKey(out.get(), &key, nullptr, nullptr, 0, nullptr, nullptr) != 1)
        return {};
    return contentsOf(out.get());
}

std::string derOf(EVP_PKEY& key) {
    const BioHandle out(BIO_new(BIO_s_secmem()));
    if (!out || i2d_PKCS8PrivateKey_bio(out.get(), &key, nullptr, nullptr, 0, nullptr, nullptr) != 1)
        return {};
    return contentsOf(out.get());
}

}  // namespace tagwire::source::opcua
