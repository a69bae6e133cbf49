#include "source/opcua/security/trust_store.h"

#include <algorithm>
#include <optional>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "base/files.h"
#include "base/log.h"

namespace tagwire::source::opcua {
namespace {

namespace fs = std::filesystem;

constexpr mode_t kFileMode = 0644;

struct Stored {
    fs::path file;
    Certificate certificate;
};

struct Contents {
    std::vector<Stored> stored;
    std::vector<std::string> unreadable;
};

Contents read(const fs::path& folder) {
    Contents contents;
    for (const fs::path& file : filesIn(folder)) {
        const auto bytes = readFileIfThere(file, Certificate::kMaxBytes);
        if (!bytes) {
            contents.unreadable.push_back(bytes.error().message);
            continue;
        }
        // One that was moved away in between is not there, even if it has come back by now.
        if (!*bytes) continue;
        auto certificate = Certificate::parse(**bytes);
        if (certificate) {
            contents.stored.push_back({file, std::move(*certificate)});
        } else {
            contents.unreadable.push_back(fmt::format("`{}` {}", file.string(), certificate.error().message));
        }
    }
    return contents;
}

fs::file_time_type timeOf(const fs::path& file) {
    std::error_code gone;
    return fs::last_write_time(file, gone);
}

CertificateList list(const fs::path& folder) {
    Contents contents = read(folder);
    CertificateList result{.certificates = {}, .unreadable = std::move(contents.unreadable)};
    std::vector<std::pair<fs::file_time_type, const Stored*>> byTime;
    byTime.reserve(contents.stored.size());
    for (const Stored& stored : contents.stored) byTime.emplace_back(timeOf(stored.file), &stored);
    std::ranges::sort(byTime, [](const auto& a, const auto& b) { return a.first > b.first; });
    for (const auto& [time, stored] : byTime) result.certificates.push_back(stored->certificate.info());
    return result;
}

std::vector<Certificate> certificatesIn(const fs::path& folder) {
    std::vector<Certificate> certificates;
    for (Stored& stored : read(folder).stored) certificates.push_back(std::move(stored.certificate));
    return certificates;
}

/// Hexadecimal digits in lower case, without what people and tools put between them.
std::string normalized(std::string_view fingerprint) {
    std::string digits;
    for (const char c : fingerprint) {
        if (c == ':' || c == ' ' || c == '-') continue;
        digits += c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return digits;
}

bool isCalled(const Certificate& certificate, const std::string& digits) {
    return certificate.info().fingerprint == digits || certificate.info().thumbprint == digits;
}

/// All files with the certificate: an administrator may have put it there under several names.
std::vector<Stored> find(const fs::path& folder, const std::string& digits) {
    std::vector<Stored> found = read(folder).stored;
    std::erase_if(found, [&](const Stored& stored) { return !isCalled(stored.certificate, digits); });
    return found;
}

tl::unexpected<Error> unknown(std::string_view fingerprint) {
    return fail(
        fmt::format("there is no certificate with the fingerprint `{}`; the list of trusted and rejected "
                    "certificates shows what there is",
                    fingerprint.substr(0, 200)));
}

Result<void> removeFile(const fs::path& file) {
    std::error_code error;
    fs::remove(file, error);
    if (error) return fail(fmt::format("`{}` cannot be removed: {}", file.string(), error.message()));
    return {};
}

}  // namespace

std::string certificateFileName(const CertificateInfo& certificate) {
    constexpr std::size_t kMaxName = 64;
    std::string name;
    for (const char c : std::string_view(certificate.commonName).substr(0, kMaxName)) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                           c == '-' || c == '_' || (c == ' ' && !name.empty()) || (c == '.' && !name.empty());
        name += plain ? c : '_';
    }
    if (name.empty()) name = "certificate";
    std::string thumbprint = certificate.thumbprint;
    std::ranges::transform(thumbprint, thumbprint.begin(), [](char c) {
        return c >= 'a' && c <= 'f' ? static_cast<char>(c - 'a' + 'A') : c;
    });
    return fmt::format("{} [{}].der", name, thumbprint);
}

CertificateList TrustStore::trusted() const { return list(folder_.trusted()); }
CertificateList TrustStore::rejected() const { return list(folder_.rejected()); }
CertificateList TrustStore::issuers() const { return list(folder_.issuers()); }

std::vector<Certificate> TrustStore::trustedCertificates() const { return certificatesIn(folder_.trusted()); }

std::vector<Certificate> TrustStore::issuerCertificates() const { return certificatesIn(folder_.issuers()); }

Result<CertificateInfo> TrustStore::move(std::string_view fingerprint, const fs::path& from,
                                         const fs::path& to) const {
    if (auto made = folder_.create(); !made) return tl::unexpected(std::move(made.error()));
    const std::string digits = normalized(fingerprint);
    const auto there = find(to, digits);
    const auto files = find(from, digits);
    if (files.empty() && there.empty()) return unknown(fingerprint);
    for (const Stored& stored : files) {
        const auto& info = stored.certificate.info();
        // Written anew rather than moved: as DER, whatever form it had, and with the time of now.
        auto written = replaceFile(to / certificateFileName(info), stored.certificate.der(), kFileMode);
        if (written) written = removeFile(stored.file);
        if (!written) return tl::unexpected(std::move(written.error()));
    }
    return (files.empty() ? there : files).front().certificate.info();
}

Result<CertificateInfo> TrustStore::trust(std::string_view fingerprint) const {
    return move(fingerprint, folder_.rejected(), folder_.trusted());
}

Result<CertificateInfo> TrustStore::reject(std::string_view fingerprint) const {
    auto moved = move(fingerprint, folder_.trusted(), folder_.rejected());
    if (moved) dropOldestRejected();
    return moved;
}

Result<CertificateInfo> TrustStore::remove(std::string_view fingerprint) const {
    std::optional<CertificateInfo> removed;
    for (const auto& folder : {folder_.trusted(), folder_.rejected()}) {
        for (const Stored& stored : find(folder, normalized(fingerprint))) {
            if (auto done = removeFile(stored.file); !done) return tl::unexpected(std::move(done.error()));
            removed = stored.certificate.info();
        }
    }
    if (!removed) return unknown(fingerprint);
    return *removed;
}

Result<CertificateInfo> TrustStore::add(std::string_view bytes) const {
    const auto certificate = Certificate::parse(bytes);
    if (!certificate) return fail("the file " + certificate.error().message);
    if (auto made = folder_.create(); !made) return tl::unexpected(std::move(made.error()));
    const auto file = folder_.trusted() / certificateFileName(certificate->info());
    if (auto written = replaceFile(file, certificate->der(), kFileMode); !written)
        return tl::unexpected(std::move(written.error()));
    for (const Stored& stored : find(folder_.rejected(), certificate->info().fingerprint)) {
        if (auto done = removeFile(stored.file); !done) return tl::unexpected(std::move(done.error()));
    }
    return certificate->info();
}

bool TrustStore::isTrusted(const Certificate& certificate) const {
    return !find(folder_.trusted(), certificate.info().fingerprint).empty();
}

void TrustStore::keepRejected(const Certificate& certificate) const {
    auto kept = folder_.create();
    if (kept) {
        const auto file = folder_.rejected() / certificateFileName(certificate.info());
        // Of what is there already only the time is set: it is the newest again.
        kept = replaceFile(file, certificate.der(), kFileMode);
    }
    if (!kept) {
        log::warning("opcua", "the certificate {} cannot be kept among the rejected ones: {}",
                     nameOf(certificate.info()), kept.error().message);
        return;
    }
    dropOldestRejected();
}

void TrustStore::dropOldestRejected() const {
    std::vector<std::pair<fs::file_time_type, fs::path>> byTime;
    for (fs::path& file : filesIn(folder_.rejected())) {
        const auto time = timeOf(file);
        byTime.emplace_back(time, std::move(file));
    }
    if (byTime.size() <= kMaxRejected) return;
    std::ranges::sort(byTime);
    byTime.resize(byTime.size() - kMaxRejected);
    for (const auto& [time, file] : byTime) static_cast<void>(removeFile(file));
}

}  // namespace tagwire::source::opcua
