/// The web server's own certificate, where nobody configured one: self-signed, made at the first start, and
/// made anew before it ends and when this machine gets a name or an address that it does not have.
///
///     FOLDER/private/server.pem   certificate and key: one file, so that they fit whoever looks when
///     FOLDER/certificate.pem      the certificate alone, for those who shall trust it
///
/// An administrator may put another pair there: what is not of our making is never made anew.
/// Thread: one at a time; processes may share a folder. Lifetime: owned by TlsCredentials.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "serve/options.h"
#include "serve/tls_identity.h"

namespace tagwire::serve {

/// Whom a server's certificate has to be for.
struct ServerNames {
    std::string machine;
    std::vector<std::string> dnsNames;
    std::vector<std::string> ipAddresses;
};

/// Names of this machine, the configured ones, and the addresses that it listens on, as they are now. At most
/// as many as are read from a certificate.
[[nodiscard]] ServerNames serverNames(const ServerOptions& options);

class OwnCertificate {
public:
    /// What browsers take of certificates from authorities; nothing says they will be kinder to others.
    static constexpr std::chrono::days kValidity{397};
    static constexpr std::chrono::days kRenewBefore{30};

    OwnCertificate(std::filesystem::path folder, std::function<ServerNames()> names)
        : folder_(std::move(folder)), names_(std::move(names)) {}

    [[nodiscard]] TlsFiles files() const { return {.certificate = pair(), .key = pair()}; }

    /// Whether there is one, before anything is made.
    [[nodiscard]] bool exists() const;

    /// Makes the pair if there is none, or renews it where that is due. A file that cannot be read or is no
    /// such pair is an error that says what to do, and stays as it is.
    [[nodiscard]] Result<void> ensure(Timestamp now) const;

private:
    struct Present;

    [[nodiscard]] std::filesystem::path pair() const { return folder_ / "private" / "server.pem"; }
    [[nodiscard]] std::filesystem::path certificateFile() const { return folder_ / "certificate.pem"; }
    [[nodiscard]] Result<Present> read() const;
    [[nodiscard]] Result<void> make(const ServerNames& names, Timestamp now, const Present* former) const;
    [[nodiscard]] Result<void> show(const std::string& certificate) const;

    std::filesystem::path folder_;
    std::function<ServerNames()> names_;
};

}  // namespace tagwire::serve
