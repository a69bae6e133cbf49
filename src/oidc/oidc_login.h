/// Logging in by OpenID Connect: authorisation code, PKCE, state and nonce (docs/adr/0032-openid-connect.md).
/// The provider is asked on a thread of its own, one question after the other.
/// Thread: any may ask; start and stop by the composition root. Lifetime: access services outlive it; what
/// waits when it is stopped is answered with BadShutdown.
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>

#include "access/login_provider.h"
#include "access/oidc_options.h"
#include "model/service_thread.h"
#include "oidc/http_client.h"
#include "oidc/login_state.h"
#include "oidc/provider.h"

namespace tagwire::oidc {

class OidcLogin final : public access::LoginProvider {
public:
    static constexpr std::size_t kMaxWaiting = 50;
    /// From the question to the answer, waiting for others included.
    static constexpr std::chrono::seconds kPatience{20};

    /// Only where `options` are enabled. Names of files count from `folder`.
    OidcLogin(access::OidcOptions options, std::filesystem::path folder, access::AccessServices& access);
    ~OidcLogin() override { stop(); }
    OidcLogin(const OidcLogin&) = delete;
    OidcLogin& operator=(const OidcLogin&) = delete;

    void start();
    /// What the provider is being asked ends at once.
    void stop() noexcept;

    [[nodiscard]] const access::ProviderSummary& summary() const noexcept override { return summary_; }
    void begin(ServiceAnswer<access::LoginBegun> answer) override;
    void finish(access::LoginReturned returned, ServiceAnswer<access::LoginOutcome> answer) override;

private:
    [[nodiscard]] ServiceResult<access::LoginBegun> beginNow(SteadyTime until);
    [[nodiscard]] Provider::Identified identifyNow(const access::LoginReturned& returned, SteadyTime until);

    const access::OidcOptions options_;
    const access::ProviderSummary summary_;
    access::AccessServices& access_;
    StateSeal seal_;
    HttpClient http_;
    Provider provider_;  ///< the thread's
    ServiceThread thread_{"tw-oidc", kMaxWaiting, "too many log in at the same time: try again in a moment"};
};

}  // namespace tagwire::oidc
