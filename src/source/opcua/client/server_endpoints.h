/// A server's endpoints in the model's words.
/// Thread: any. Lifetime: functions.
#pragma once

#include <chrono>
#include <future>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include <open62541/types_generated.h>

#include "base/result.h"
#include "model/server_endpoint.h"
#include "source/opcua/text/asked_address.h"

namespace tagwire::source::opcua {

/// Those for OPC UA over TCP, at most kMaxEndpoints, the strongest first.
[[nodiscard]] std::vector<ServerEndpoint> describeEndpoints(const UA_GetEndpointsResponse& answer);

/// Those of an answer that are looked at, and of each the kinds of users; a server may send what it likes.
inline constexpr std::size_t kMaxEndpoints = 100;
inline constexpr std::size_t kMaxUserTokens = 50;
[[nodiscard]] std::span<const UA_EndpointDescription> endpointsOf(
    const UA_GetEndpointsResponse& answer) noexcept;
[[nodiscard]] std::span<const UA_UserTokenPolicy> userTokensOf(
    const UA_EndpointDescription& endpoint) noexcept;

/// Whether it is OPC UA over TCP (OPC 10000-7: uatcp-uasc-uabinary).
[[nodiscard]] bool isBinary(const UA_EndpointDescription& endpoint) noexcept;

/// "encrypted and signed", "signed", "without security"
[[nodiscard]] std::string_view securityWords(UA_MessageSecurityMode mode) noexcept;

/// "anonymous", "user name", …
[[nodiscard]] std::string_view userTokenWords(UA_UserTokenType type) noexcept;

/// Asks the server at `url` (`opc.tcp://host:port`), on a thread of its own, for at most `timeout` or until
/// it is stopped. Where that was asked for by the API, only addresses are connected to that may be. The error
/// says what to do. Destroying the future waits for the end, as std::async's do.
[[nodiscard]] std::future<Result<std::vector<ServerEndpoint>>> discoverEndpoints(
    std::string url, std::chrono::milliseconds timeout, AskedBy by, std::stop_token stop = {});

}  // namespace tagwire::source::opcua
