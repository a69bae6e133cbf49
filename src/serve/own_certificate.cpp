#include "serve/own_certificate.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <optional>
#include <string_view>

#include <boost/asio/ip/address.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/files.h"
#include "base/log.h"
#include "serve/listen_address.h"
#include "serve/origin_policy.h"
#include "x509/certificate_fields.h"
#include "x509/certificate_maker.h"
#include "x509/host_names.h"
#include "x509/secret_bytes.h"

namespace tagwire::serve {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxPairBytes = std::size_t{64} * 1024;
constexpr mode_t kPairMode = 0600;
constexpr mode_t kCertificateMode = 0644;
constexpr mode_t kFolderMode = 0755;
constexpr mode_t kPrivateMode = 0700;
/// Clients with a clock that is late shall take it, too.
constexpr std::chrono::days kBackdated{1};
constexpr std::string_view kOrganisation = ",O=Tagwire";

void addOnce(std::vector<std::string>& list, std::string text) {
    if (std::ranges::find(list, text) == list.end()) list.push_back(std::move(text));
}

/// Those of `wanted` that `present` lacks.
std::vector<std::string> lacking(const ServerNames& wanted, const x509::AlternativeNames& present) {
    std::vector<std::string> names;
    const auto compare = [&names](const auto& all, const auto& has) {
        std::ranges::copy_if(all, std::back_inserter(names), [&has](const std::string& name) {
            return std::ranges::find(has, name) == has.end();
        });
    };
    compare(wanted.dnsNames, present.dnsNames);
    compare(wanted.ipAddresses, present.ipAddresses);
    return names;
}

}  // namespace

struct OwnCertificate::Present {
    x509::X509Handle certificate;
    x509::KeyHandle key;

    [[nodiscard]] Timestamp until() const { return x509::timeOf(X509_get0_notAfter(certificate.get())); }
    /// Whether we made it: what an administrator put there is not ours to change.
    [[nodiscard]] bool ours() const {
        return x509::distinguishedName(X509_get_subject_name(certificate.get())).ends_with(kOrganisation) &&
               x509::isSelfSigned(*certificate);
    }
};

ServerNames serverNames(const ServerOptions& options) {
    auto host = x509::hostNames();
    ServerNames names{.machine = host.name, .dnsNames = {}, .ipAddresses = {"127.0.0.1", "::1"}};
    for (const auto& name : host.dnsNames) addOnce(names.dnsNames, parseHostName(name).value_or(name));
    boost::system::error_code failed;
    if (const auto listen = parseListenAddress(options.listen)) {
        // Where it listens on one address, the others of this machine do not lead to it.
        const auto address = boost::asio::ip::make_address(listen->host, failed);
        if (!address.is_unspecified()) host.addresses = {address.to_string()};
    }
    for (auto& address : host.addresses) addOnce(names.ipAddresses, std::move(address));
    for (const auto& name : options.allowedHosts) {
        const auto address = boost::asio::ip::make_address(name, failed);
        if (failed) {
            addOnce(names.dnsNames, parseHostName(name).value_or(name));
        } else {
            addOnce(names.ipAddresses, address.to_string());
        }
    }
    names.ipAddresses.resize(std::min(names.ipAddresses.size(), x509::kMaxAlternativeNames / 2));
    names.dnsNames.resize(
        std::min(names.dnsNames.size(), x509::kMaxAlternativeNames - names.ipAddresses.size()));
    return names;
}

bool OwnCertificate::exists() const {
    std::error_code failed;
    // What cannot be looked at may well be there.
    return fs::exists(pair(), failed) || failed;
}

Result<OwnCertificate::Present> OwnCertificate::read() const {
    const auto refuse = [this](std::string_view why) {
        return fail(fmt::format(
            "the server's own TLS certificate cannot be used: {}. Put a good copy of `{}` back, or "
            "remove it so that a new one is made, which clients then have to trust",
            why, pair().string()));
    };
    auto bytes = readFile(pair(), kMaxPairBytes);
    if (!bytes) return refuse(bytes.error().message);
    const x509::SecretBytes text(std::move(*bytes));
    const auto input = x509::readerOf(text.view());
    Present present;
    present.certificate.reset(PEM_read_bio_X509(input.get(), nullptr, nullptr, nullptr));
    ERR_clear_error();
    if (!present.certificate) return refuse(fmt::format("`{}` holds no certificate", pair().string()));
    auto key = x509::parseKey(text.view());
    if (!key) return refuse(fmt::format("`{}` {}", pair().string(), key.error().message));
    present.key = std::move(*key);
    const bool fits = X509_check_private_key(present.certificate.get(), present.key.get()) == 1;
    ERR_clear_error();
    if (!fits)
        return refuse(
            fmt::format("the certificate and the key in `{}` do not belong together", pair().string()));
    return present;
}

Result<void> OwnCertificate::ensure(Timestamp now) const {
    const auto names = names_();
    if (!exists()) return make(names, now, nullptr);
    const auto present = read();
    if (!present) return tl::unexpected(present.error());
    if (present->ours()) {
        if (const auto lacks = lacking(names, x509::alternativeNamesOf(*present->certificate));
            !lacks.empty()) {
            log::info("serve", "the server's own TLS certificate is made anew: it is not yet for {}",
                      fmt::join(lacks, ", "));
            return make(names, now, &*present);
        }
        if (present->until() <= now + kRenewBefore) {
            log::info("serve", "the server's own TLS certificate is made anew: its time ends");
            return make(names, now, &*present);
        }
    }
    return show(x509::pemOf(*present->certificate));
}

Result<void> OwnCertificate::make(const ServerNames& names, Timestamp now, const Present* former) const {
    const auto key = x509::makeEcKey();
    if (!key) return tl::unexpected(key.error());
    const auto made = x509::issueCertificate({.commonName = fmt::format("Tagwire@{}", names.machine),
                                              .applicationUri = {},
                                              .dnsNames = names.dnsNames,
                                              .ipAddresses = names.ipAddresses,
                                              .validFrom = now - kBackdated,
                                              .validTo = now - kBackdated + kValidity,
                                              .use = x509::CertificateUse::WebServer},
                                             **key);
    if (!made) return tl::unexpected(made.error());
    if (auto folder = makeFolder(folder_, kFolderMode); !folder) return folder;
    if (auto folder = makeFolder(pair().parent_path(), kPrivateMode); !folder) return folder;
    const auto certificate = x509::pemOf(**made);
    const x509::SecretBytes both(certificate + x509::pemOf(**key));
    if (former != nullptr) {
        if (auto written = replaceFile(pair(), both.view(), kPairMode); !written) return written;
        return show(certificate);
    }
    const auto created = createFile(pair(), both.view(), kPairMode);
    if (!created) return tl::unexpected(created.error());
    if (*created) return show(certificate);
    // Another process was quicker; what it made is as good.
    const auto theirs = read();
    if (!theirs) return tl::unexpected(theirs.error());
    return show(x509::pemOf(*theirs->certificate));
}

/// The copy for clients follows the pair, also where something ended us between writing the two.
Result<void> OwnCertificate::show(const std::string& certificate) const {
    const auto shown = readFileIfThere(certificateFile(), kMaxPairBytes);
    if (shown && *shown && **shown == certificate) return {};
    return replaceFile(certificateFile(), certificate, kCertificateMode);
}

}  // namespace tagwire::serve
