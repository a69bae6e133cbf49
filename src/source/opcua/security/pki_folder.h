/// Where certificates and keys lie, as OPC UA applications have them (OPC 10000-12, F.1):
///
///     own/certs         our application instance certificate
///     own/private       its private key, readable by nobody else
///     trusted/certs     certificates of servers, or of authorities, that are trusted
///     trusted/crl       lists of revoked certificates
///     issuers/certs     authorities that are needed to check a certificate, not trusted themselves
///     issuers/crl       their lists of revoked certificates
///     rejected/certs    certificates of servers that were refused: nobody has trusted them yet
///
/// An administrator may put files there, move and remove them at any time, in DER or PEM form.
/// Thread: any, also several processes: every change is one step of the file system. Lifetime: value type.
#pragma once

#include <array>
#include <cstddef>
#include <filesystem>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace tagwire::source::opcua {

class PkiFolder {
public:
    explicit PkiFolder(std::filesystem::path root) : root_(std::move(root)) {}

    [[nodiscard]] const std::filesystem::path& root() const noexcept { return root_; }
    [[nodiscard]] std::filesystem::path ownCertificates() const { return root_ / "own" / "certs"; }
    [[nodiscard]] std::filesystem::path ownKeys() const { return root_ / "own" / "private"; }
    [[nodiscard]] std::filesystem::path trusted() const { return root_ / "trusted" / "certs"; }
    [[nodiscard]] std::filesystem::path trustedCrls() const { return root_ / "trusted" / "crl"; }
    [[nodiscard]] std::filesystem::path issuers() const { return root_ / "issuers" / "certs"; }
    [[nodiscard]] std::filesystem::path issuerCrls() const { return root_ / "issuers" / "crl"; }
    [[nodiscard]] std::filesystem::path rejected() const { return root_ / "rejected" / "certs"; }

    /// Makes the folders that are missing.
    [[nodiscard]] Result<void> create() const;

private:
    std::filesystem::path root_;
};

/// Regular files of a folder with one of the extensions of certificates and keys (.der, .cer, .crt, .pem,
/// .crl, .key), sorted by name, at most `limit`; hidden ones are left out. A missing folder is empty.
[[nodiscard]] std::vector<std::filesystem::path> filesIn(const std::filesystem::path& folder,
                                                         std::size_t limit = 1000);

/// Notices changes in the folder that concern connections: trust, issuers, our own certificate.
/// Thread: its owner's. Lifetime: member of what has to know.
class PkiWatch {
public:
    explicit PkiWatch(const PkiFolder& folder);

    /// Whether anything may have changed since the last call that said so; looks at most every kInterval. A
    /// file that was rewritten in its place shows after kLongInterval only.
    [[nodiscard]] bool changed(SteadyTime now);

private:
    static constexpr std::chrono::milliseconds kInterval{500};
    static constexpr std::chrono::seconds kLongInterval{30};
    static constexpr std::size_t kFolders = 6;
    using Times = std::array<std::filesystem::file_time_type, kFolders>;

    [[nodiscard]] Times look() const;

    std::array<std::filesystem::path, kFolders> folders_;
    Times seen_;
    SteadyTime next_;
    SteadyTime nextAnyway_;
};

}  // namespace tagwire::source::opcua
