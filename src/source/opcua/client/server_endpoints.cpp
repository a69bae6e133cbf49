#include "source/opcua/client/server_endpoints.h"

#include <algorithm>
#include <thread>
#include <tuple>
#include <utility>

#include <fmt/format.h>
#include <utf8.h>

#include "base/time.h"
#include "source/opcua/client/endpoint_discovery.h"
#include "source/opcua/client/host_lookup.h"
#include "source/opcua/client/security_policies.h"
#include "source/opcua/security/certificate.h"
#include "source/opcua/text/endpoint_url.h"

namespace tagwire::source::opcua {
namespace {

using Endpoints = std::vector<ServerEndpoint>;

/// What a server says of itself, as text that can be shown and sent on.
std::string plainText(const UA_String& text) {
    constexpr std::size_t kMaxBytes = 1024;
    return utf8::replace_invalid(std::string(view(text).substr(0, kMaxBytes)));
}

EndpointSecurity securityOf(UA_MessageSecurityMode mode) noexcept {
    switch (mode) {
        case UA_MESSAGESECURITYMODE_SIGN: return EndpointSecurity::Sign;
        case UA_MESSAGESECURITYMODE_SIGNANDENCRYPT: return EndpointSecurity::SignAndEncrypt;
        default: return EndpointSecurity::None;
    }
}

UserTokenKind kindOf(UA_UserTokenType type) noexcept {
    switch (type) {
        case UA_USERTOKENTYPE_USERNAME: return UserTokenKind::UserName;
        case UA_USERTOKENTYPE_CERTIFICATE: return UserTokenKind::Certificate;
        case UA_USERTOKENTYPE_ISSUEDTOKEN: return UserTokenKind::Issued;
        default: return UserTokenKind::Anonymous;
    }
}

ServerEndpoint describe(const UA_EndpointDescription& raw) {
    ServerEndpoint endpoint;
    endpoint.url = plainText(raw.endpointUrl);
    endpoint.applicationUri = plainText(raw.server.applicationUri);
    endpoint.applicationName = plainText(raw.server.applicationName.text);
    endpoint.productUri = plainText(raw.server.productUri);
    endpoint.security = securityOf(raw.securityMode);
    const std::string policy = plainText(raw.securityPolicyUri);
    endpoint.policy = policyName(policy);
    endpoint.supported = findPolicy(policy) != nullptr;
    endpoint.securityLevel = raw.securityLevel;
    for (const UA_UserTokenPolicy& token : userTokensOf(raw)) {
        const std::string own = plainText(token.securityPolicyUri);
        endpoint.userTokens.push_back(
            {kindOf(token.tokenType), std::string(policyName(own.empty() ? policy : own))});
    }
    if (const auto certificate = Certificate::parse(view(raw.serverCertificate)))
        endpoint.certificate = certificate->info();
    endpoint.words = fmt::format("{}{}{}{}", securityWords(raw.securityMode),
                                 endpoint.security == EndpointSecurity::None ? "" : ", ",
                                 endpoint.security == EndpointSecurity::None ? "" : endpoint.policy,
                                 endpoint.supported ? "" : " (not supported here)");
    return endpoint;
}

int strengthOf(const UA_EndpointDescription& endpoint) noexcept {
    const SecurityPolicy* policy = findPolicy(view(endpoint.securityPolicyUri));
    return policy != nullptr ? policy->strength : -1;
}

Result<Endpoints> ask(const EndpointUrl& url, const std::string& address, SteadyTime deadline,
                      std::chrono::milliseconds timeout, const std::stop_token& stop) {
    constexpr std::chrono::milliseconds kTurn{20};
    EndpointUrl numeric = url;
    numeric.host = address;
    EndpointDiscovery discovery(numeric.text(), url.text(), timeout);
    while (discovery.answer() == nullptr) {
        discovery.run(kTurn);
        if (const auto failure = discovery.failure())
            return fail(
                fmt::format("{} does not tell its endpoints ({}): is the address right, and does an "
                            "OPC UA server listen there?",
                            url.text(), statusText(*failure)));
        if (SteadyClock::now() > deadline || stop.stop_requested())
            return fail(
                fmt::format("{} does not answer in time: is the host reachable, and no firewall "
                            "between?",
                            url.text()));
    }
    return describeEndpoints(*discovery.answer());
}

Result<HostLookup::Addresses> lookUp(const EndpointUrl& url, SteadyTime deadline,
                                     const std::stop_token& stop) {
    if (url.isNumeric()) return HostLookup::Addresses{url.host};
    HostLookup lookup;
    lookup.begin(url.host);
    for (;;) {
        if (auto found = lookup.take()) return std::move(*found);
        if (SteadyClock::now() > deadline || stop.stop_requested())
            return fail(fmt::format("host `{}` is still being looked up: does the DNS work?", url.host));
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
}

Result<Endpoints> discover(const std::string& text, std::chrono::milliseconds timeout, AskedBy by,
                           const std::stop_token& stop) {
    const SteadyTime deadline = SteadyClock::now() + timeout;
    const auto url = EndpointUrl::parse(text);
    if (!url) return tl::unexpected(url.error());
    auto found = lookUp(*url, deadline, stop);
    if (!found) return tl::unexpected(found.error());
    const auto addresses = allowedAddresses(by, url->host, std::move(*found));
    if (!addresses) return tl::unexpected(addresses.error());
    Result<Endpoints> outcome = Endpoints{};
    for (const std::string& address : *addresses) {
        outcome = ask(*url, address, deadline, timeout, stop);
        if (outcome || stop.stop_requested()) break;
    }
    return outcome;
}

}  // namespace

std::span<const UA_EndpointDescription> endpointsOf(const UA_GetEndpointsResponse& answer) noexcept {
    return {answer.endpoints, std::min(answer.endpointsSize, kMaxEndpoints)};
}

std::span<const UA_UserTokenPolicy> userTokensOf(const UA_EndpointDescription& endpoint) noexcept {
    return {endpoint.userIdentityTokens, std::min(endpoint.userIdentityTokensSize, kMaxUserTokens)};
}

bool isBinary(const UA_EndpointDescription& endpoint) noexcept {
    constexpr std::string_view kBinary = "http://opcfoundation.org/UA-Profile/Transport/uatcp-uasc-uabinary";
    // Some servers leave it empty.
    const std::string_view profile = view(endpoint.transportProfileUri);
    return profile.empty() || profile == kBinary;
}

std::string_view securityWords(UA_MessageSecurityMode mode) noexcept {
    switch (mode) {
        case UA_MESSAGESECURITYMODE_SIGN: return "signed";
        case UA_MESSAGESECURITYMODE_SIGNANDENCRYPT: return "encrypted and signed";
        default: return "without security";
    }
}

std::string_view userTokenWords(UA_UserTokenType type) noexcept {
    switch (type) {
        case UA_USERTOKENTYPE_USERNAME: return "user name and password";
        case UA_USERTOKENTYPE_CERTIFICATE: return "user certificate";
        case UA_USERTOKENTYPE_ISSUEDTOKEN: return "issued token";
        default: return "anonymous";
    }
}

std::vector<ServerEndpoint> describeEndpoints(const UA_GetEndpointsResponse& answer) {
    std::vector<const UA_EndpointDescription*> sorted;
    for (const UA_EndpointDescription& endpoint : endpointsOf(answer)) {
        if (isBinary(endpoint)) sorted.push_back(&endpoint);
    }
    std::ranges::sort(sorted, [](const auto* a, const auto* b) {
        return std::tuple(a->securityMode, strengthOf(*a), a->securityLevel) >
               std::tuple(b->securityMode, strengthOf(*b), b->securityLevel);
    });
    Endpoints endpoints;
    for (const auto* endpoint : sorted) endpoints.push_back(describe(*endpoint));
    return endpoints;
}

std::future<Result<Endpoints>> discoverEndpoints(std::string url, std::chrono::milliseconds timeout,
                                                 AskedBy by, std::stop_token stop) {
    return std::async(std::launch::async, [url = std::move(url), timeout, by, stop = std::move(stop)] {
        return discover(url, timeout, by, stop);
    });
}

}  // namespace tagwire::source::opcua
