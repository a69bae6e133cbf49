#include "x509/certificate_fields.h"

#include <array>
#include <chrono>
#include <cstddef>
#include <ctime>
#include <utility>

#include <arpa/inet.h>
#include <fmt/format.h>

namespace tagwire::x509 {
namespace {

/// Of one text taken from a certificate; the rest is cut off.
constexpr std::size_t kMaxText = 1024;

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

std::string addressText(std::string_view bytes) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    const int family = bytes.size() == 4 ? AF_INET : bytes.size() == 16 ? AF_INET6 : -1;
    if (family < 0 || inet_ntop(family, bytes.data(), text.data(), text.size()) == nullptr) return {};
    return text.data();
}

}  // namespace

std::string distinguishedName(const X509_NAME* name) {
    const BioHandle out(BIO_new(BIO_s_mem()));
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

Timestamp timeOf(const ASN1_TIME* time) {
    std::tm parts{};
    if (ASN1_TIME_to_tm(time, &parts) != 1) return {};
    const std::chrono::year_month_day day{std::chrono::year(parts.tm_year + 1900),
                                          std::chrono::month(static_cast<unsigned>(parts.tm_mon) + 1),
                                          std::chrono::day(static_cast<unsigned>(parts.tm_mday))};
    return Timestamp{std::chrono::sys_days{day} + std::chrono::hours(parts.tm_hour) +
                     std::chrono::minutes(parts.tm_min) + std::chrono::seconds(parts.tm_sec)};
}

std::string digestOf(std::string_view bytes, const EVP_MD* method) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
    unsigned int size = 0;
    if (EVP_Digest(bytes.data(), bytes.size(), hash.data(), &size, method, nullptr) != 1) return {};
    std::string text;
    for (unsigned int i = 0; i < size; ++i) text += fmt::format("{:02x}", hash.at(i));
    return text;
}

std::string fingerprintOf(const X509& certificate) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
    unsigned int size = 0;
    if (X509_digest(&certificate, EVP_sha256(), hash.data(), &size) != 1) return {};
    std::string text;
    for (unsigned int i = 0; i < size; ++i) text += fmt::format("{}{:02X}", i == 0 ? "" : ":", hash.at(i));
    return text;
}

AlternativeNames alternativeNamesOf(const X509& certificate) {
    AlternativeNames all;
    const GeneralNamesHandle names(
        static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(&certificate, NID_subject_alt_name, nullptr, nullptr)));
    if (!names) return all;
    const int count = sk_GENERAL_NAME_num(names.get());
    for (int i = 0; i < count && std::cmp_less(i, kMaxAlternativeNames); ++i) {
        int kind = 0;
        const void* value = GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(names.get(), i), &kind);
        if (kind == GEN_URI) {
            all.uris.push_back(printable(bytesOf(static_cast<const ASN1_STRING*>(value))));
        } else if (kind == GEN_DNS) {
            all.dnsNames.push_back(printable(bytesOf(static_cast<const ASN1_STRING*>(value))));
        } else if (kind == GEN_IPADD) {
            if (auto text = addressText(bytesOf(static_cast<const ASN1_STRING*>(value))); !text.empty())
                all.ipAddresses.push_back(std::move(text));
        }
    }
    return all;
}

bool isSelfSigned(X509& certificate) noexcept {
    if (X509_NAME_cmp(X509_get_subject_name(&certificate), X509_get_issuer_name(&certificate)) != 0)
        return false;
    EVP_PKEY* key = X509_get0_pubkey(&certificate);
    return key != nullptr && X509_verify(&certificate, key) == 1;
}

}  // namespace tagwire::x509
