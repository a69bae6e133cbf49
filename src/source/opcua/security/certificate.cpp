#include "source/opcua/security/certificate.h"

#include <array>
#include <chrono>
#include <ctime>
#include <utility>

#include <arpa/inet.h>
#include <fmt/format.h>

#include "source/opcua/security/openssl_handles.h"

namespace tagwire::source::opcua {
namespace {

/// Of one text taken from a certificate; the rest is cut off.
constexpr std::size_t kMaxText = 1024;
constexpr std::size_t kMaxNames = 100;

constexpr std::string_view kPemBegin = "-----BEGIN CERTIFICATE-----";

/// Bytes of a name in a certificate, which may be anything, as text that can be shown.
std::string printable(std::string_view bytes) {
    std::string text;
    for (const char c : bytes.substr(0, kMaxText)) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20 || byte >= 0x7F) {
            text += fmt::format("\\x{:02x}", byte);
        } else {
            text += c;
        }
    }
    return text;
}

/// Not within a character of UTF-8.
std::string shortened(std::string text) {
    if (text.size() <= kMaxText) return text;
    std::size_t end = kMaxText;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
    text.resize(end);
    return text;
}

std::string_view bytesOf(const ASN1_STRING* string) noexcept {
    const int length = ASN1_STRING_length(string);
    if (length <= 0) return {};
    return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(string)), static_cast<std::size_t>(length)};
}

std::string distinguishedName(const X509_NAME* name) {
    const BioHandle out(BIO_new(BIO_s_mem()));
    // UTF-8 stays readable; control characters and what could forge a separator are escaped.
    constexpr unsigned long kFlags = XN_FLAG_RFC2253 & ~static_cast<unsigned long>(ASN1_STRFLGS_ESC_MSB);
    if (!out || X509_NAME_print_ex(out.get(), name, 0, kFlags) < 0) return {};
    return shortened(contentsOf(out.get()));
}

std::string commonName(const X509_NAME* name) {
    const int index = X509_NAME_get_index_by_NID(name, NID_commonName, -1);
    if (index < 0) return {};
    const ASN1_STRING* string = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, index));
    const BioHandle out(BIO_new(BIO_s_mem()));
    constexpr unsigned long kFlags = ASN1_STRFLGS_ESC_CTRL | ASN1_STRFLGS_UTF8_CONVERT;
    if (!out || ASN1_STRING_print_ex(out.get(), string, kFlags) < 0) return {};
    return shortened(contentsOf(out.get()));
}

std::string digest(std::string_view bytes, const EVP_MD* method) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
    unsigned int size = 0;
    if (EVP_Digest(bytes.data(), bytes.size(), hash.data(), &size, method, nullptr) != 1) return {};
    std::string text;
    for (unsigned int i = 0; i < size; ++i) text += fmt::format("{:02x}", hash.at(i));
    return text;
}

Timestamp timeOf(const ASN1_TIME* time) {
    std::tm parts{};
    if (ASN1_TIME_to_tm(time, &parts) != 1) return {};
    const std::chrono::year_month_day day{std::chrono::year(parts.tm_year + 1900),
                                          std::chrono::month(static_cast<unsigned>(parts.tm_mon) + 1),
                                          std::chrono::day(static_cast<unsigned>(parts.tm_mday))};
    return Timestamp{std::chrono::sys_days{day} + std::chrono::hours(parts.tm_hour) +
                     std::chrono::minutes(parts.tm_min) + std::chrono::seconds(parts.tm_sec)};
}

std::string addressText(std::string_view bytes) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    const int family = bytes.size() == 4 ? AF_INET : bytes.size() == 16 ? AF_INET6 : -1;
    if (family < 0 || inet_ntop(family, bytes.data(), text.data(), text.size()) == nullptr) return {};
    return text.data();
}

void readAlternativeNames(const X509* x509, CertificateInfo& info) {
    const GeneralNamesHandle names(
        static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(x509, NID_subject_alt_name, nullptr, nullptr)));
    if (!names) return;
    const int count = sk_GENERAL_NAME_num(names.get());
    for (int i = 0; i < count && std::cmp_less(i, kMaxNames); ++i) {
        int kind = 0;
        const void* value = GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(names.get(), i), &kind);
        if (kind == GEN_URI && info.applicationUri.empty()) {
            info.applicationUri = printable(bytesOf(static_cast<const ASN1_STRING*>(value)));
        } else if (kind == GEN_DNS) {
            info.dnsNames.push_back(printable(bytesOf(static_cast<const ASN1_STRING*>(value))));
        } else if (kind == GEN_IPADD) {
            if (auto text = addressText(bytesOf(static_cast<const ASN1_STRING*>(value))); !text.empty())
                info.ipAddresses.push_back(std::move(text));
        }
    }
}

bool isSelfSigned(X509* x509) noexcept {
    if (X509_NAME_cmp(X509_get_subject_name(x509), X509_get_issuer_name(x509)) != 0) return false;
    EVP_PKEY* key = X509_get0_pubkey(x509);
    return key != nullptr && X509_verify(x509, key) == 1;
}

CertificateInfo describe(X509* x509, std::string_view der) {
    CertificateInfo info;
    info.subject = distinguishedName(X509_get_subject_name(x509));
    info.issuer = distinguishedName(X509_get_issuer_name(x509));
    info.commonName = commonName(X509_get_subject_name(x509));
    info.thumbprint = digest(der, EVP_sha1());
    info.fingerprint = digest(der, EVP_sha256());
    info.validFrom = timeOf(X509_get0_notBefore(x509));
    info.validTo = timeOf(X509_get0_notAfter(x509));
    readAlternativeNames(x509, info);
    if (const EVP_PKEY* key = X509_get0_pubkey(x509); key != nullptr)
        info.keyBits = static_cast<std::uint32_t>(EVP_PKEY_get_bits(key));
    info.selfSigned = isSelfSigned(x509);
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
    const BioHandle reader = pem ? readerOf(bytes) : nullptr;
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
