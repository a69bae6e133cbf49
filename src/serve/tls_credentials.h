/// The server's TLS identity, read again when its files change; our own certificate is renewed in time.
/// Thread: load, start and stop by the composition root; get by any; a thread of its own looks at the files,
/// which may be slow. Lifetime: owned by the server context.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>

#include "base/doorbell.h"
#include "base/latest.h"
#include "base/result.h"
#include "base/time.h"
#include "serve/own_certificate.h"
#include "serve/tls_identity.h"

namespace tagwire::serve {

class TlsCredentials {
public:
    /// How often the files are looked at. New connections get the new certificate, open ones keep theirs.
    static constexpr std::chrono::seconds kLookInterval{2};

    /// How often it is looked whether our own certificate still fits: addresses of machines change.
    static constexpr std::chrono::seconds kRenewalInterval{10};

    explicit TlsCredentials(TlsFiles files) : files_(std::move(files)) {}
    explicit TlsCredentials(OwnCertificate own) : own_(std::move(own)), files_(own_->files()) {}
    ~TlsCredentials() { stop(); }
    TlsCredentials(const TlsCredentials&) = delete;
    TlsCredentials& operator=(const TlsCredentials&) = delete;

    [[nodiscard]] Result<void> load();
    void start();
    void stop() noexcept;

    /// Whether the certificate is of our own making, which nobody has vouched for.
    [[nodiscard]] bool isOwn() const noexcept { return own_.has_value(); }

    /// Not null after load() succeeded.
    [[nodiscard]] std::shared_ptr<const TlsIdentity> get() const { return identity_.get(); }

private:
    void watch(const std::stop_token& stop);
    void renewInTime();
    void lookAgain();
    [[nodiscard]] Result<void> read();
    /// Changes whenever somebody wrote or replaced one of the files.
    [[nodiscard]] std::string stamp() const;

    const std::optional<OwnCertificate> own_;
    const TlsFiles files_;
    Latest<TlsIdentity> identity_;
    std::string loaded_;  ///< the stamp of what was read last, whether it was right or not
    std::chrono::sys_days warned_{};
    SteadyTime nextRenewal_{};
    std::string renewalProblem_;  ///< as it was reported last
    Doorbell bell_;
    std::jthread thread_;
};

}  // namespace tagwire::serve
