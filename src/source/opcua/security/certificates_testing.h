/// Certificates to test with, and a folder that goes away at the end.
/// Thread: the test's. Lifetime: the test.
#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <stdlib.h>

#include "source/opcua/security/certificate_making.h"
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
    static const x509::KeyHandle key = std::move(x509::makeRsaKey().value());
    return *key;
}

inline x509::CertificateRequest serverRequest(std::string name = "Boiler PLC") {
    const Timestamp now = wallClockNow();
    return {.commonName = std::move(name),
            .applicationUri = "urn:plant:boiler",
            .dnsNames = {"boiler.plant.example"},
            .ipAddresses = {"192.168.7.5"},
            .validFrom = now - std::chrono::hours(1),
            .validTo = now + std::chrono::hours(24),
            .use = x509::CertificateUse::OpcUaApplication};
}

inline Certificate makeTest(const x509::CertificateRequest& request, x509::CertificateIssuer issuer = {}) {
    return makeCertificate(request, testKey(), issuer).value();
}

inline std::string pemOf(const Certificate& certificate) { return x509::pemOf(*certificate.x509()); }
using x509::pemOf;

}  // namespace tagwire::source::opcua
