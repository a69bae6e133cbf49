/// Certificates to test with, and a folder that goes away at the end.
/// Thread: the test's. Lifetime: the test.
#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <stdlib.h>

#include "source/opcua/security/certificate_maker.h"
#include "source/opcua/security/pki_folder.h"

namespace tagwire::source::opcua {

class TemporaryFolder {
public:
    TemporaryFolder() {
        std::string name = (std::filesystem::temp_directory_path() / "tagwire-pki-XXXXXX").string();
        if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp");
        path_ = name;
    }
    ~TemporaryFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
    [[nodiscard]] PkiFolder pki() const { return PkiFolder(path_ / "pki"); }

private:
    std::filesystem::path path_;
};

/// One key for all: making one takes a noticeable time.
inline EVP_PKEY& testKey() {
    static const KeyHandle key = std::move(makeKey().value());
    return *key;
}

inline CertificateRequest serverRequest(std::string name = "Boiler PLC") {
    const Timestamp now = wallClockNow();
    return {.commonName = std::move(name),
            .applicationUri = "urn:plant:boiler",
            .dnsNames = {"boiler.plant.example"},
            .ipAddresses = {"192.168.7.5"},
            .validFrom = now - std::chrono::hours(1),
            .validTo = now + std::chrono::hours(24),
            .authority = false};
}

inline Certificate makeTest(const CertificateRequest& request, CertificateIssuer issuer = {}) {
    return makeCertificate(request, testKey(), issuer).value();
}

inline std::string pemOf(const Certificate& certificate) {
    const BioHandle out(BIO_new(BIO_s_mem()));
    PEM_write_bio_X509(out.get(), certificate.x509());
    return contentsOf(out.get());
}

}  // namespace tagwire::source::opcua
