#include "source/opcua/client/endpoint_choice.h"

#include <deque>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "source/opcua/client/server_endpoints.h"
#include "source/opcua/values/ua_types.h"

namespace tagwire::source::opcua {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::string_view kBasic = "http://opcfoundation.org/UA/SecurityPolicy#Basic256Sha256";
constexpr std::string_view kAes128 = "http://opcfoundation.org/UA/SecurityPolicy#Aes128_Sha256_RsaOaep";
constexpr std::string_view kAes256 = "http://opcfoundation.org/UA/SecurityPolicy#Aes256_Sha256_RsaPss";
constexpr std::string_view kBroken = "http://opcfoundation.org/UA/SecurityPolicy#Basic128Rsa15";

struct Token {
    UA_UserTokenType type;
    std::string_view policy = {};
};

/// What a server answers; borrows constants, owns its arrays.
class Answer {
public:
    Answer& add(std::string_view policy, UA_MessageSecurityMode mode, const std::vector<Token>& tokens,
                UA_Byte level = 0) {
        std::vector<UA_UserTokenPolicy>& raw = tokens_.emplace_back();
        for (const Token& token : tokens) {
            UA_UserTokenPolicy& each = raw.emplace_back();
            each = {};
            each.tokenType = token.type;
            each.securityPolicyUri = borrow(token.policy);
        }
        UA_EndpointDescription endpoint{};
        endpoint.securityPolicyUri = borrow(policy);
        endpoint.securityMode = mode;
        endpoint.securityLevel = level;
        endpoint.userIdentityTokens = raw.data();
        endpoint.userIdentityTokensSize = raw.size();
        endpoints_.push_back(endpoint);
        return *this;
    }
    [[nodiscard]] UA_GetEndpointsResponse raw() {
        UA_GetEndpointsResponse response{};
        response.endpoints = endpoints_.data();
        response.endpointsSize = endpoints_.size();
        return response;
    }
    [[nodiscard]] Result<EndpointChoice, Refusal> choose(const SecurityOptions& options) {
        return chooseEndpoint(raw(), options);
    }
    std::vector<UA_EndpointDescription>& endpoints() { return endpoints_; }

private:
    std::deque<std::vector<UA_UserTokenPolicy>> tokens_;
    std::vector<UA_EndpointDescription> endpoints_;
};

constexpr auto kNone = UA_MESSAGESECURITYMODE_NONE;
constexpr auto kSign = UA_MESSAGESECURITYMODE_SIGN;
constexpr auto kEncrypt = UA_MESSAGESECURITYMODE_SIGNANDENCRYPT;
constexpr Token kAnyone{UA_USERTOKENTYPE_ANONYMOUS};
constexpr Token kUser{UA_USERTOKENTYPE_USERNAME};

Answer everything() {
    Answer answer;
    answer.add(kPolicyNone, kNone, {kAnyone}, 255);
    for (const auto policy : {kBasic, kAes256, kAes128, kBroken}) {
        answer.add(policy, kSign, {kAnyone, kUser});
        answer.add(policy, kEncrypt, {kAnyone, kUser});
    }
    return answer;
}

SecurityOptions withPassword() {
    SecurityOptions options;
    options.user = "operator";
    options.password = "secret";
    return options;
}

TEST(EndpointChoice, AutoTakesTheStrongestAndNeverNone) {
    Answer answer = everything();
    const auto choice = answer.choose({});
    ASSERT_TRUE(choice);
    EXPECT_EQ(choice->policy->uri, kAes256);
    EXPECT_EQ(choice->endpoint->securityMode, kEncrypt);
}

TEST(EndpointChoice, TakesWhatIsAskedFor) {
    Answer answer = everything();
    SecurityOptions options;
    options.policy = SecurityPolicyChoice::Aes128Sha256RsaOaep;
    options.mode = SecurityModeChoice::Sign;
    EXPECT_EQ(answer.choose(options)->policy->uri, kAes128);
    EXPECT_EQ(answer.choose(options)->endpoint->securityMode, kSign);
    options = {.policy = SecurityPolicyChoice::None};
    EXPECT_EQ(answer.choose(options)->policy->uri, kPolicyNone);
}

TEST(EndpointChoice, ABrokenPolicyIsNoSecurity) {
    Answer answer;
    answer.add(kBroken, kEncrypt, {kAnyone}).add(kPolicyNone, kNone, {kAnyone});
    const auto refused = answer.choose({});
    ASSERT_FALSE(refused);
    EXPECT_EQ(statusText(refused.error().status), "BadSecurityPolicyRejected");
    EXPECT_THAT(refused.error().message,
                AllOf(HasSubstr("encrypted and signed, Basic128Rsa15; without security"),
                      HasSubstr("allow it with policy = \"none\"")));
}

TEST(EndpointChoice, SaysWhichModeThereIs) {
    Answer answer;
    answer.add(kBasic, kSign, {kAnyone});
    EXPECT_THAT(answer.choose({}).error().message, HasSubstr("Set mode = \"sign\" to allow it"));
}

TEST(EndpointChoice, SaysWhichPolicyThereIs) {
    Answer answer;
    answer.add(kBasic, kEncrypt, {kAnyone});
    SecurityOptions options;
    options.policy = SecurityPolicyChoice::Aes256Sha256RsaPss;
    EXPECT_THAT(
        answer.choose(options).error().message,
        AllOf(HasSubstr("it offers: encrypted and signed, Basic256Sha256"), HasSubstr("policy = \"auto\"")));
}

TEST(EndpointChoice, SaysWhoIsTaken) {
    Answer answer;
    answer.add(kBasic, kEncrypt, {kUser});
    const auto refused = answer.choose({});
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().message, AllOf(HasSubstr("does not take anonymous users"),
                                               HasSubstr("it takes: user name and password")));
    EXPECT_TRUE(answer.choose(withPassword()));
}

TEST(EndpointChoice, NeverSendsThePasswordInClearUnasked) {
    for (const auto& [policy, mode] : {std::pair{kPolicyNone, kNone}, {kBasic, kSign}}) {
        Answer answer;
        answer.add(policy, mode, {{UA_USERTOKENTYPE_USERNAME, kPolicyNone}});
        SecurityOptions options = withPassword();
        options.policy = mode == kNone ? SecurityPolicyChoice::None : SecurityPolicyChoice::Auto;
        options.mode = mode == kSign ? SecurityModeChoice::Sign : SecurityModeChoice::SignAndEncrypt;
        const auto refused = answer.choose(options);
        ASSERT_FALSE(refused) << policy;
        EXPECT_THAT(refused.error().message, HasSubstr("allow_password_in_clear"));
        options.allowPasswordInClear = true;
        EXPECT_TRUE(answer.choose(options));
    }
}

TEST(EndpointChoice, PrefersToEncryptThePassword) {
    Answer answer;
    answer.add(kPolicyNone, kNone,
               {{UA_USERTOKENTYPE_USERNAME, kPolicyNone}, {UA_USERTOKENTYPE_USERNAME, kBasic}});
    SecurityOptions options = withPassword();
    options.policy = SecurityPolicyChoice::None;
    options.allowPasswordInClear = true;
    EXPECT_EQ(answer.choose(options)->tokenPolicy->uri, kBasic);
}

TEST(EndpointChoice, AUserCertificateMustBeAbleToSign) {
    Answer answer;
    answer.add(kPolicyNone, kNone, {{UA_USERTOKENTYPE_CERTIFICATE, kPolicyNone}});
    SecurityOptions options;
    options.policy = SecurityPolicyChoice::None;
    options.userCertificate = "user.der";
    options.userKey = "user.key";
    EXPECT_FALSE(answer.choose(options));
    answer.add(kPolicyNone, kNone, {{UA_USERTOKENTYPE_CERTIFICATE, kBasic}});
    EXPECT_EQ(answer.choose(options)->tokenPolicy->uri, kBasic);
}

TEST(EndpointChoice, LooksAtSoManyOnly) {
    Answer answer;
    for (std::size_t i = 0; i < kMaxEndpoints; ++i) answer.add(kBroken, kEncrypt, {kAnyone});
    answer.add(kBasic, kEncrypt, {kAnyone});
    EXPECT_FALSE(answer.choose({}));
    EXPECT_EQ(describeEndpoints(answer.raw()).size(), kMaxEndpoints);
    EXPECT_FALSE(Answer{}.choose({}));
}

TEST(EndpointChoice, LeavesOtherTransportsOut) {
    Answer answer = everything();
    for (auto& endpoint : answer.endpoints())
        endpoint.transportProfileUri = borrow("http://opcfoundation.org/UA-Profile/Transport/https-uabinary");
    EXPECT_FALSE(answer.choose({}));
    EXPECT_TRUE(describeEndpoints(answer.raw()).empty());
}

TEST(DescribeEndpoints, StrongestFirstInPlainWords) {
    Answer answer = everything();
    answer.endpoints()[0].server.applicationUri = borrow("urn:\xFF\xFEserver");
    std::vector<std::string> words;
    for (const ServerEndpoint& each : describeEndpoints(answer.raw())) words.push_back(each.words);
    EXPECT_THAT(
        words,
        ElementsAre("encrypted and signed, Aes256_Sha256_RsaPss", "encrypted and signed, Basic256Sha256",
                    "encrypted and signed, Aes128_Sha256_RsaOaep",
                    "encrypted and signed, Basic128Rsa15 (not supported here)",
                    "signed, Aes256_Sha256_RsaPss", "signed, Basic256Sha256", "signed, Aes128_Sha256_RsaOaep",
                    "signed, Basic128Rsa15 (not supported here)", "without security"));
    EXPECT_EQ(describeEndpoints(answer.raw()).back().applicationUri, "urn:\uFFFD\uFFFDserver");
}

}  // namespace
}  // namespace tagwire::source::opcua
