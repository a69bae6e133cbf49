/// Chooses among a server's endpoints what the options ask for.
/// Thread: any. Lifetime: points into the server's answer.
#pragma once

#include <open62541/types_generated.h>

#include "base/result.h"
#include "source/opcua/client/security_policies.h"
#include "source/opcua/security/certificate_verifier.h"
#include "source/opcua/security_options.h"

namespace tagwire::source::opcua {

struct EndpointChoice {
    const UA_EndpointDescription* endpoint = nullptr;
    const SecurityPolicy* policy = nullptr;
    const UA_UserTokenPolicy* token = nullptr;
    /// What protects the user's password or signature; strength 0: nothing but the connection.
    const SecurityPolicy* tokenPolicy = nullptr;
};

/// As whom the options say we come.
[[nodiscard]] UA_UserTokenType userTokenTypeOf(const SecurityOptions& options) noexcept;

/// The refusal says what the server offers instead, and what to change.
[[nodiscard]] Result<EndpointChoice, Refusal> chooseEndpoint(const UA_GetEndpointsResponse& answer,
                                                             const SecurityOptions& options);

}  // namespace tagwire::source::opcua
