/// What secures one connection, from the first look at our own certificate to the check of the server's while
/// it is live. Thread: the source's. Lifetime: a UaClient's; outlives the library's client that was
/// configured with it, which calls back into it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <open62541/client.h>

#include "base/result.h"
#include "base/time.h"
#include "source/opcua/client/endpoint_choice.h"
#include "source/opcua/security/certificate_verifier.h"
#include "source/opcua/security/own_certificate.h"
#include "source/opcua/security/pki_folder.h"
#include "source/opcua/security_options.h"

namespace tagwire::source::opcua {

/// How far it had come when the server said no.
enum class SecurityStage : std::uint8_t {
    /// The server has not seen our certificate.
    Reaching,
    OpeningChannel,
    OpeningSession,
    Live
};

class ConnectionSecurity {
public:
    /// `host` is the server's as configured. The options are copied.
    ConnectionSecurity(SecurityOptions options, std::string host);
    ConnectionSecurity(const ConnectionSecurity&) = delete;
    ConnectionSecurity& operator=(const ConnectionSecurity&) = delete;
    ~ConnectionSecurity() = default;

    /// Makes our own certificate if there is none yet, and looks at its dates. Before anything is sent.
    [[nodiscard]] std::optional<Refusal> begin();

    /// Chooses the endpoint, verifies the server's certificate, and puts everything into `config`. The
    /// configuration keeps a pointer to this object.
    [[nodiscard]] std::optional<Refusal> configure(const UA_GetEndpointsResponse& answer,
                                                   UA_ClientConfig& config);

    /// Whether a live connection must end: the server's certificate is not trusted any more, or our own was
    /// replaced. Cheap to call often.
    [[nodiscard]] std::optional<Refusal> recheck(SteadyTime now);

    /// What happened and what to do when the connection failed with `status`; empty if it has nothing to do
    /// with security.
    [[nodiscard]] std::string explain(SecurityStage stage, StatusCode status) const;

private:
    [[nodiscard]] bool secure() const noexcept { return options_.policy != SecurityPolicyChoice::None; }
    [[nodiscard]] std::optional<Refusal> needOwn();
    [[nodiscard]] std::optional<Refusal> verifyServer(std::string_view bytes);
    [[nodiscard]] std::optional<Refusal> setUser(const EndpointChoice& choice, UA_ClientConfig& config);
    void setDescription(UA_ClientConfig& config) const;
    [[nodiscard]] std::string ourCertificate() const;
    [[nodiscard]] std::string aboutUser(StatusCode status) const;
    static UA_StatusCode onCertificate(const UA_CertificateVerification* verification,
                                       const UA_ByteString* chain) noexcept;

    SecurityOptions options_;
    std::string host_;
    PkiFolder folder_;
    CertificateVerifier verifier_;
    /// The dates of certificates are looked at as of then: one that expires does not end what works.
    Timestamp begun_;
    std::optional<Identity> own_;
    ExpectedServer expected_;
    /// As verified; empty where the server's certificate is of no importance.
    std::vector<Certificate> server_;
    std::optional<Refusal> refusal_;
    std::optional<PkiWatch> watch_;
};

}  // namespace tagwire::source::opcua
