/// The server's TLS identity, read again when its files change.
/// Thread: load, start and stop by the composition root; get by any; a thread of its own looks at the files,
/// which may be slow. Lifetime: owned by the server context.
#pragma once

#include <chrono>
#include <memory>
#include <stop_token>
#include <string>
#include <thread>

#include "base/doorbell.h"
#include "base/latest.h"
#include "base/result.h"
#include "serve/tls_identity.h"

namespace tagwire::serve {

class TlsCredentials {
public:
    /// How often the files are looked at. New connections get the new certificate, open ones keep theirs.
    static constexpr std::chrono::seconds kLookInterval{2};

    explicit TlsCredentials(TlsFiles files) : files_(std::move(files)) {}
    ~TlsCredentials() { stop(); }
    TlsCredentials(const TlsCredentials&) = delete;
    TlsCredentials& operator=(const TlsCredentials&) = delete;

    [[nodiscard]] Result<void> load();
    void start();
    void stop() noexcept;

    /// Not null after load() succeeded.
    [[nodiscard]] std::shared_ptr<const TlsIdentity> get() const { return identity_.get(); }

private:
    void watch(const std::stop_token& stop);
    void lookAgain();
    /// Changes whenever somebody wrote or replaced one of the files.
    [[nodiscard]] std::string stamp() const;

    const TlsFiles files_;
    Latest<TlsIdentity> identity_;
    std::string loaded_;  ///< the stamp of what was read last, whether it was right or not
    std::chrono::sys_days warned_{};
    Doorbell bell_;
    std::jthread thread_;
};

}  // namespace tagwire::serve
