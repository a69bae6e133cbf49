#include "source/opcua/security/certificate.h"

#include <chrono>
#include <utility>

#include <fmt/format.h>

#include "x509/certificate_fields.h"
#include "x509/openssl_handles.h"

namespace tagwire::source::opcua {
namespace {

constexpr std::string_view kPemBegin = "-----BEGIN CERTIFICATE-----";

CertificateInfo describe(X509* x509, std::string_view der) {
    CertificateInfo info;
    info.subject = x509::distinguishedName(X509_get_subject_name(x509));
    info.issuer = x509::distinguishedName(X509_get_issuer_name(x509));
    info.commonName = x509::commonName(X509_get_subject_name(x509));
    info.thumbprint = x509::digestOf(der, EVP_sha1());
    info.fingerprint = x509::digestOf(der, EVP_sha256());
    info.validFrom = x509::timeOf(X509_get0_notBefore(x509));
    info.validTo = x509::timeOf(X509_get0_notAfter(x509));
    auto names = x509::alternativeNamesOf(*x509);
    if (!names.uris.empty()) info.applicationUri = std::move(names.uris.front());
    info.dnsNames = std::move(names.dnsNames);
    info.ipAddresses = std::move(names.ipAddresses);
    if (const EVP_PKEY* key = X509_get0_pubkey(x509); key != nullptr)
        info.keyBits = static_cast<std::uint32_t>(EVP_PKEY_get_bits(key));
    info.selfSigned = x509::isSelfSigned(*x509);
    return info;
}

tl::unexpected<Error> refuse(std::string_view why) {
    ERR_clear_error();
    return fail(fmt::format("is no X.509 certificate in DER or PEM form ({})", why));
}

}  // namespace

Result<Certificate> Certificate::take(x509_st* owned) {
    auto parts = std::make_shared<Parts>();
    parts->x509 = std::shared_ptr<x509_st>(owned, X509_free);
    unsigned char* raw = nullptr;
    const int size = i2d_X509(owned, &raw);
    if (size <= 0) return refuse("it cannot be encoded again");
    parts->der.assign(reinterpret_cast<const char*>(raw), static_cast<std::size_t>(size));
    OPENSSL_free(raw);
    parts->info = describe(owned, parts->der);
    ERR_clear_error();
    return Certificate(std::move(parts));
}

Result<std::vector<Certificate>> Certificate::parseChain(std::string_view bytes) {
    if (bytes.empty()) return refuse("it is empty");
    if (bytes.size() > kMaxBytes) return refuse("it is too long");
    std::vector<Certificate> chain;
    const bool pem = bytes.find(kPemBegin) != std::string_view::npos;
    const x509::BioHandle reader = pem ? x509::readerOf(bytes) : nullptr;
    const auto* at = reinterpret_cast<const unsigned char*>(bytes.data());
    const unsigned char* const end = at + bytes.size();
    while (chain.size() < kMaxChain && (pem || at < end)) {
        X509* x509 = pem ? PEM_read_bio_X509(reader.get(), nullptr, nullptr, nullptr)
                         : d2i_X509(nullptr, &at, static_cast<long>(end - at));
        if (x509 == nullptr && pem && !chain.empty()) break;  // the end of the text
        if (x509 == nullptr) return refuse("it cannot be decoded");
        auto certificate = take(x509);
        if (!certificate) return tl::unexpected(certificate.error());
        chain.push_back(std::move(*certificate));
    }
    ERR_clear_error();
    return chain;
}

Result<Certificate> Certificate::parse(std::string_view bytes) {
    auto chain = parseChain(bytes);
    if (!chain) return tl::unexpected(chain.error());
    return std::move(chain->front());
}

std::string nameOf(const CertificateInfo& certificate) {
    const std::string& name = certificate.commonName.empty() ? certificate.subject : certificate.commonName;
    return fmt::format("`{}` (SHA-1 {})", name, certificate.thumbprint);
}

std::string dateText(Timestamp time) {
    const std::chrono::year_month_day day{std::chrono::floor<std::chrono::days>(time)};
    return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(day.year()), static_cast<unsigned>(day.month()),
                       static_cast<unsigned>(day.day()));
}

}  // namespace tagwire::source::opcua
