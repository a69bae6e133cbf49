#include "serve/tls_identity.h"

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <string_view>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <openssl/ssl.h>

#include "base/free_with.h"
#include "x509/certificate_fields.h"
#include "x509/openssl_handles.h"

namespace tagwire::serve {
namespace {

namespace ssl = boost::asio::ssl;

/// A chain of a few certificates is some kilobytes.
constexpr std::size_t kMaxFileBytes = std::size_t{1} * 1024 * 1024;
constexpr int kMaxChain = 20;
/// Of TLS 1.2; those of TLS 1.3 are all of this kind.
constexpr const char* kCiphers = "ECDHE+AESGCM:ECDHE+CHACHA20";
constexpr std::string_view kAlpnHttp11 = "http/1.1";

using File = std::unique_ptr<std::FILE, FreeWith<std::fclose>>;

/// What OpenSSL complained about last, and an empty queue.
std::string opensslReason() {
    const auto code = ERR_peek_last_error();
    ERR_clear_error();
    const char* reason = ERR_reason_error_string(code);
    return reason == nullptr ? "unknown reason" : reason;
}

Result<std::string> readPem(std::string_view option, const std::filesystem::path& path) {
    const auto refuse = [&](std::string_view why) {
        return fail(fmt::format("server.{}: '{}' {}", option, path.string(), why));
    };
    std::error_code ignored;
    if (std::filesystem::is_directory(path, ignored)) return refuse("is a folder; name the PEM file in it");
    const File file(std::fopen(path.c_str(), "rbe"));
    if (!file) return refuse("cannot be read: " + std::generic_category().message(errno));
    std::string text(kMaxFileBytes + 1, '\0');
    text.resize(std::fread(text.data(), 1, text.size(), file.get()));
    if (text.size() > kMaxFileBytes) return refuse("is larger than 1 MiB, so it is no PEM file");
    if (text.find("-----BEGIN ") == std::string::npos) {
        return refuse(
            "holds no PEM text (-----BEGIN …); convert a DER file with: openssl "
            "x509 -inform DER -in FILE, or openssl pkey -inform DER -in FILE");
    }
    return text;
}

/// Notes that a passphrase was asked for, and gives none.
int noPassphrase(char*, int, int, void* asked) {
    *static_cast<bool*>(asked) = true;
    return -1;
}

Result<x509::KeyHandle> readKey(const std::filesystem::path& path) {
    const auto text = readPem("tls_key", path);
    if (!text) return tl::unexpected(text.error());
    bool encrypted = false;
    x509::KeyHandle key(
        PEM_read_bio_PrivateKey(x509::readerOf(*text).get(), nullptr, noPassphrase, &encrypted));
    if (key) return key;
    const auto reason = opensslReason();
    if (encrypted) {
        return fail(
            fmt::format("server.tls_key: '{}' is encrypted; decrypt it with: openssl pkey -in FILE "
                        "-out NEW, and let only the user that runs Tagwire read it",
                        path.string()));
    }
    return fail(
        fmt::format("server.tls_key: '{}' holds no private key in PEM form ({})", path.string(), reason));
}

/// A client that offers protocols, but not ours, wants another server (RFC 7301, 3.2).
int chooseProtocol(SSL*, const unsigned char** out, unsigned char* outSize, const unsigned char* in,
                   unsigned int inSize, void*) {
    for (unsigned int at = 0; at < inSize; at += in[at] + 1U) {
        if (in[at] >= inSize - at) break;
        const std::string_view name(reinterpret_cast<const char*>(in + at + 1), in[at]);
        if (name != kAlpnHttp11) continue;
        *out = in + at + 1;
        *outSize = in[at];
        return SSL_TLSEXT_ERR_OK;
    }
    return SSL_TLSEXT_ERR_ALERT_FATAL;
}

std::shared_ptr<ssl::context> makeContext() {
    auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
    SSL_CTX* const ctx = context->native_handle();
    SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION);
    SSL_CTX_set_cipher_list(ctx, kCiphers);
    SSL_CTX_set_options(ctx, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                 SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA);
    // Clients resume by tickets, which cost no memory here.
    SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_alpn_select_cb(ctx, chooseProtocol, nullptr);
    return context;
}

}  // namespace

Result<std::shared_ptr<const TlsIdentity>> loadTlsIdentity(const TlsFiles& files) {
    ERR_clear_error();
    const auto text = readPem("tls_certificate", files.certificate);
    if (!text) return tl::unexpected(text.error());
    const auto wrong = [&files](std::string_view why) {
        return fail(fmt::format("server.tls_certificate: '{}' {}", files.certificate.string(), why));
    };
    const auto input = x509::readerOf(*text);
    const x509::X509Handle own(PEM_read_bio_X509_AUX(input.get(), nullptr, nullptr, nullptr));
    if (!own) return wrong("holds no certificate in PEM form (" + opensslReason() + ")");
    auto key = readKey(files.key);
    if (!key) return tl::unexpected(key.error());
    if (X509_check_private_key(own.get(), key->get()) != 1) {
        ERR_clear_error();
        return wrong(fmt::format(
            "and the key '{}' do not belong together: the key must be the one the certificate was made for, "
            "and the server's own certificate must come first in its file",
            files.key.string()));
    }

    auto identity = std::make_shared<TlsIdentity>();
    identity->context = makeContext();
    SSL_CTX* const ctx = identity->context->native_handle();
    if (SSL_CTX_use_certificate(ctx, own.get()) != 1 || SSL_CTX_use_PrivateKey(ctx, key->get()) != 1)
        return wrong("cannot be used: " + opensslReason());
    for (int length = 0;; ++length) {
        const x509::X509Handle above(PEM_read_bio_X509(input.get(), nullptr, nullptr, nullptr));
        if (!above) break;
        if (length == kMaxChain) return wrong(fmt::format("holds more than {} certificates", kMaxChain));
        if (SSL_CTX_add1_chain_cert(ctx, above.get()) != 1)
            return wrong("holds a certificate that cannot be used: " + opensslReason());
    }
    if (ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE)
        return wrong("is damaged after its first certificate: " + opensslReason());
    ERR_clear_error();
    identity->subject = x509::distinguishedName(X509_get_subject_name(own.get()));
    identity->fingerprint = x509::fingerprintOf(*own);
    identity->notBefore = x509::timeOf(X509_get0_notBefore(own.get()));
    identity->notAfter = x509::timeOf(X509_get0_notAfter(own.get()));
    return identity;
}

}  // namespace tagwire::serve
