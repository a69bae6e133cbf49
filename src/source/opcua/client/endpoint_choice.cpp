#include "source/opcua/client/endpoint_choice.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <open62541/statuscodes.h>

#include "source/opcua/client/server_endpoints.h"
#include "source/opcua/values/ua_types.h"

namespace tagwire::source::opcua {
namespace {

using Choices = std::vector<EndpointChoice>;

tl::unexpected<Refusal> refuse(UA_StatusCode status, std::string message) {
    return tl::unexpected(Refusal{StatusCode{status}, std::move(message)});
}

UA_MessageSecurityMode modeOf(const SecurityOptions& options) noexcept {
    if (options.policy == SecurityPolicyChoice::None) return UA_MESSAGESECURITYMODE_NONE;
    return options.mode == SecurityModeChoice::Sign ? UA_MESSAGESECURITYMODE_SIGN
                                                    : UA_MESSAGESECURITYMODE_SIGNANDENCRYPT;
}

bool isWanted(const SecurityPolicy& policy, SecurityPolicyChoice wanted) noexcept {
    return wanted == SecurityPolicyChoice::Auto ? policy.strength > 0 : policy.choice == wanted;
}

/// "encrypted and signed, Basic256Sha256; without security": each once.
std::string offers(const Choices& choices) {
    std::vector<std::string> words;
    for (const EndpointChoice& each : choices) {
        const auto mode = each.endpoint->securityMode;
        std::string text(securityWords(mode));
        if (mode != UA_MESSAGESECURITYMODE_NONE)
            text += fmt::format(", {}", policyName(view(each.endpoint->securityPolicyUri)).substr(0, 100));
        if (std::ranges::find(words, text) == words.end()) words.push_back(std::move(text));
    }
    constexpr std::size_t kShown = 12;
    words.resize(std::min(words.size(), kShown));
    return fmt::format("{}", fmt::join(words, "; "));
}

std::string userKinds(const Choices& choices) {
    std::vector<std::string_view> words;
    for (const EndpointChoice& each : choices) {
        for (const UA_UserTokenPolicy& token : userTokensOf(*each.endpoint)) {
            const auto text = userTokenWords(token.tokenType);
            if (std::ranges::find(words, text) == words.end()) words.push_back(text);
        }
    }
    return words.empty() ? "nobody at all" : fmt::format("{}", fmt::join(words, ", "));
}

tl::unexpected<Refusal> notOffered(const Choices& all, const SecurityOptions& options) {
    const bool secure = std::ranges::any_of(
        all, [](const EndpointChoice& each) { return each.policy != nullptr && each.policy->strength > 0; });
    if (options.policy == SecurityPolicyChoice::None)
        return refuse(UA_STATUSCODE_BADSECURITYMODEREJECTED,
                      fmt::format("does not allow connections without security; it offers: {}. Remove "
                                  "policy = \"none\" from [opcua.security]",
                                  offers(all)));
    if (!secure)
        return refuse(UA_STATUSCODE_BADSECURITYPOLICYREJECTED,
                      fmt::format("offers no secure connection that can be used here (it offers: {}). Set up "
                                  "a security policy such as Aes256_Sha256_RsaPss or Basic256Sha256 there; "
                                  "or, if everybody on the network may read and change what is sent, allow "
                                  "it with policy = \"none\" in [opcua.security]",
                                  offers(all)));
    const bool mode = std::ranges::any_of(all, [&](const EndpointChoice& each) {
        return each.policy != nullptr && isWanted(*each.policy, options.policy);
    });
    if (!mode)
        return refuse(UA_STATUSCODE_BADSECURITYPOLICYREJECTED,
                      fmt::format("does not offer the security policy that [opcua.security] asks for; it "
                                  "offers: {}. Take policy = \"auto\"",
                                  offers(all)));
    return refuse(
        UA_STATUSCODE_BADSECURITYMODEREJECTED,
        fmt::format("does not offer that policy with the mode that [opcua.security] asks for; it "
                    "offers: {}. Set mode = \"{}\" to allow it",
                    offers(all), options.mode == SecurityModeChoice::Sign ? "sign_and_encrypt" : "sign"));
}

std::string_view userAdvice(UA_UserTokenType wanted) noexcept {
    return wanted == UA_USERTOKENTYPE_ANONYMOUS
               ? "set user and password, or user_certificate and user_key, in [opcua.security]"
               : "change the user in [opcua.security], or allow this kind at the server";
}

/// Whether the secret of this kind of user can be read by others on the way.
bool inClear(const EndpointChoice& choice) noexcept {
    return choice.token->tokenType == UA_USERTOKENTYPE_USERNAME && choice.tokenPolicy->strength == 0 &&
           choice.endpoint->securityMode != UA_MESSAGESECURITYMODE_SIGNANDENCRYPT;
}

/// One choice for each kind of user token that fits and can be used.
Choices withUser(const Choices& endpoints, UA_UserTokenType wanted) {
    Choices choices;
    for (const EndpointChoice& endpoint : endpoints) {
        for (const UA_UserTokenPolicy& token : userTokensOf(*endpoint.endpoint)) {
            if (token.tokenType != wanted) continue;
            const std::string_view own = view(token.securityPolicyUri);
            const SecurityPolicy* protection = own.empty() ? endpoint.policy : findPolicy(own);
            if (wanted == UA_USERTOKENTYPE_ANONYMOUS) protection = findPolicy(kPolicyNone);
            if (protection == nullptr) continue;
            // A certificate without a signature would prove nothing.
            if (wanted == UA_USERTOKENTYPE_CERTIFICATE && protection->strength == 0) continue;
            EndpointChoice choice = endpoint;
            choice.token = &token;
            choice.tokenPolicy = protection;
            choices.push_back(choice);
        }
    }
    return choices;
}

auto rankOf(const EndpointChoice& choice) noexcept {
    return std::tuple(choice.policy->strength, choice.endpoint->securityLevel, choice.tokenPolicy->strength);
}

}  // namespace

UA_UserTokenType userTokenTypeOf(const SecurityOptions& options) noexcept {
    if (!options.userCertificate.empty()) return UA_USERTOKENTYPE_CERTIFICATE;
    return options.user.empty() ? UA_USERTOKENTYPE_ANONYMOUS : UA_USERTOKENTYPE_USERNAME;
}

Result<EndpointChoice, Refusal> chooseEndpoint(const UA_GetEndpointsResponse& answer,
                                               const SecurityOptions& options) {
    Choices all;
    for (const UA_EndpointDescription& endpoint : endpointsOf(answer)) {
        if (!isBinary(endpoint)) continue;
        all.push_back({&endpoint, findPolicy(view(endpoint.securityPolicyUri)), nullptr, nullptr});
    }
    if (all.empty())
        return refuse(UA_STATUSCODE_BADTCPENDPOINTURLINVALID,
                      "tells no endpoint that can be used: is its endpoint URL set up right?");

    Choices fitting;
    for (const EndpointChoice& each : all) {
        if (each.policy != nullptr && isWanted(*each.policy, options.policy) &&
            each.endpoint->securityMode == modeOf(options))
            fitting.push_back(each);
    }
    if (fitting.empty()) return notOffered(all, options);

    const UA_UserTokenType wanted = userTokenTypeOf(options);
    Choices users = withUser(fitting, wanted);
    if (users.empty())
        return refuse(UA_STATUSCODE_BADIDENTITYTOKENREJECTED,
                      fmt::format("does not take {} on this connection; it takes: {}. Please {}",
                                  wanted == UA_USERTOKENTYPE_ANONYMOUS ? "anonymous users"
                                  : wanted == UA_USERTOKENTYPE_USERNAME
                                      ? "a user name and password in a way that can be used here"
                                      : "a user certificate in a way that can be used here",
                                  userKinds(fitting), userAdvice(wanted)));
    if (!options.allowPasswordInClear) {
        std::erase_if(users, inClear);
        if (users.empty())
            return refuse(UA_STATUSCODE_BADSECURITYCHECKSFAILED,
                          "would have the password sent so that everybody on the way can read it: use an "
                          "encrypted connection, have the server encrypt passwords, or set "
                          "allow_password_in_clear = true in [opcua.security]");
    }
    return *std::ranges::max_element(users, {}, rankOf);
}

}  // namespace tagwire::source::opcua
