/// X.509 certificates as bytes from outside: DER as OPC UA sends it, one or several behind each other
/// (OPC 10000-6, 6.2.6), or PEM as administrators have it.
/// Thread: any; immutable. Lifetime: value type, cheap to copy.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/certificate_info.h"

// OpenSSL's; whoever needs it includes x509/openssl_handles.h.
struct x509_st;

namespace tagwire::source::opcua {

class Certificate {
public:
    /// Longest input and chain that is looked at.
    static constexpr std::size_t kMaxBytes = std::size_t{64} * 1024;
    static constexpr std::size_t kMaxChain = 10;

    /// The first certificate in `bytes`.
    [[nodiscard]] static Result<Certificate> parse(std::string_view bytes);
    /// All certificates in `bytes`, at least one, that of the peer itself first.
    [[nodiscard]] static Result<std::vector<Certificate>> parseChain(std::string_view bytes);

    [[nodiscard]] const CertificateInfo& info() const noexcept { return parts_->info; }
    [[nodiscard]] const std::string& der() const noexcept { return parts_->der; }
    /// Never null; belongs to this object.
    [[nodiscard]] x509_st* x509() const noexcept { return parts_->x509.get(); }

    friend bool operator==(const Certificate& a, const Certificate& b) noexcept { return a.der() == b.der(); }

private:
    struct Parts {
        std::shared_ptr<x509_st> x509;
        std::string der;
        CertificateInfo info;
    };

    explicit Certificate(std::shared_ptr<const Parts> parts) noexcept : parts_(std::move(parts)) {}
    static Result<Certificate> take(x509_st* owned);

    std::shared_ptr<const Parts> parts_;
};

/// "`Boiler PLC` (SHA-1 1a2b…)": how a certificate is called in messages.
[[nodiscard]] std::string nameOf(const CertificateInfo& certificate);

/// "2026-05-04"
[[nodiscard]] std::string dateText(Timestamp time);

}  // namespace tagwire::source::opcua
