/// Decides whether a server is the one that was meant, by its certificate (OPC 10000-4, 6.1.3).
/// Thread: any. Lifetime: value type.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/time.h"
#include "model/status_code.h"
#include "source/opcua/security/certificate.h"
#include "source/opcua/security/trust_store.h"

namespace tagwire::source::opcua {

/// Why there is no connection: the code of the specification, and what happened and what to do.
struct Refusal {
    StatusCode status;
    std::string message;
};

/// What the certificate has to say.
struct ExpectedServer {
    /// Name or address as configured; empty: not checked.
    std::string host;
    /// Of the endpoint's description; empty: not checked.
    std::string applicationUri;
};

class CertificateVerifier {
public:
    explicit CertificateVerifier(TrustStore store) : store_(std::move(store)) {}

    /// Nothing if all is well. `chain` is what the server sent, its own certificate first. A certificate that
    /// nobody has trusted yet is kept among the rejected ones.
    ///
    /// A certificate that is in `trusted` itself is taken at its word: its issuers need not be known. Lists
    /// of revoked certificates hold all the same where they are there; they need not be.
    [[nodiscard]] std::optional<Refusal> verify(std::span<const Certificate> chain,
                                                const ExpectedServer& expected, Timestamp now) const;

private:
    TrustStore store_;
};

}  // namespace tagwire::source::opcua
