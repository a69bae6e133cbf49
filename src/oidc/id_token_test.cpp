// Tokens that are right, and everything that others have been taken in by.
#include "oidc/id_token.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "oidc/token_testing.h"

namespace tagwire::oidc {
namespace {

using testing::HasSubstr;

constexpr std::int64_t kSeconds = 1'795'000'000;

const IdTokenRules& rules() {
    static const IdTokenRules made{.issuer = "https://id.example.com",
                                   .clientId = "tagwire",
                                   .nonce = "n1",
                                   .now = fromUnixMillis(kSeconds * 1000)};
    return made;
}

/// All that has to be in it; `changes` come last, where a member may not be given twice.
std::string claims(std::string_view without = {}, std::string_view changes = {}) {
    std::string text = "{";
    for (const auto& [name, value] :
         {std::pair<std::string_view, std::string>("iss", R"("https://id.example.com")"),
          {"aud", R"("tagwire")"},
          {"sub", R"("7")"},
          {"nonce", R"("n1")"},
          {"exp", std::to_string(kSeconds + 300)},
          {"iat", std::to_string(kSeconds)}}) {
        if (name == without) continue;
        text += fmt::format("{}\"{}\":{}", text.size() > 1 ? "," : "", name, value);
    }
    return text + (changes.empty() ? "" : ",") + std::string(changes) + "}";
}

class IdToken : public testing::Test {
protected:
    static void SetUpTestSuite() {
        rsa = std::make_unique<TestKey>(TestKey::rsa("r1"));
        other = std::make_unique<TestKey>(TestKey::rsa("r1"));
        elliptic = std::make_unique<TestKey>(TestKey::elliptic("e1"));
    }
    static void TearDownTestSuite() {
        rsa.reset();
        other.reset();
        elliptic.reset();
    }
    static KeySet keys(std::string_view list) {
        return KeySet::parse(fmt::format("{{\"keys\":[{}]}}", list)).value();
    }
    static KeySet bothKeys() { return keys(rsa->publicJson() + "," + elliptic->publicJson()); }
    static std::string problem(std::string_view token, const KeySet& keys) {
        const auto checked = checkIdToken(token, keys, rules());
        if (checked) return "none";
        return (checked.error().fault == TokenFault::UnknownKey ? "key: " : "") + checked.error().message;
    }

    static std::unique_ptr<TestKey> rsa;
    static std::unique_ptr<TestKey> other;
    static std::unique_ptr<TestKey> elliptic;
};

std::unique_ptr<TestKey> IdToken::rsa;
std::unique_ptr<TestKey> IdToken::other;
std::unique_ptr<TestKey> IdToken::elliptic;

TEST_F(IdToken, IsTakenBySignaturesOfThreeKinds) {
    const auto set = bothKeys();
    for (const auto& token :
         {rsa->sign(claims(), "RS256"), rsa->sign(claims(), "PS256"), elliptic->sign(claims(), "ES256")}) {
        ASSERT_FALSE(token.empty());
        const auto checked = checkIdToken(token, set, rules());
        ASSERT_TRUE(checked) << checked.error().message;
        EXPECT_EQ(checked->at("sub").as_string(), "7");
    }
}

TEST_F(IdToken, IsNotTakenByAnyOther) {
    const auto set = bothKeys();
    for (const auto* algorithm : {"RS384", "RS512", "PS512"})
        EXPECT_THAT(problem(rsa->sign(claims(), algorithm), set),
                    HasSubstr("let the provider sign by RS256"));
    for (const auto* header :
         {R"({"alg":"none"})", R"({"alg":"None","kid":"r1"})", R"({"alg":"nOnE"})", R"({"alg":""})",
          R"({"kid":"r1"})", R"({"alg":7})", R"({"alg":"HS256","kid":"r1"})"})
        EXPECT_THAT(problem(unsignedToken(header, claims(), "x"), set), HasSubstr("let the provider sign by"))
            << header;
    // The classic: the public key as a shared secret.
    const auto forged = TestKey::shared("r1", rsa->publicJson()).sign(claims(), "HS256");
    ASSERT_FALSE(forged.empty());
    EXPECT_THAT(problem(forged, set), HasSubstr("let the provider sign by"));
}

TEST_F(IdToken, HasTheSignatureOfAKeyOfTheProvider) {
    const auto set = bothKeys();
    EXPECT_THAT(problem(other->sign(claims(), "RS256"), set), HasSubstr("signature"));
    EXPECT_THAT(problem(TestKey::rsa("r2").sign(claims(), "RS256"), set), HasSubstr("key: "));
    EXPECT_THAT(problem(TestKey::elliptic("r1").sign(claims(), "ES256"), set), HasSubstr("key: "))
        << "a key of another kind";
    const auto token = rsa->sign(claims(), "RS256");
    const auto first = token.find('.');
    const auto second = token.rfind('.');
    const auto another = access::toBase64Url(claims("sub", R"("sub":"8")"));
    EXPECT_THAT(problem(token.substr(0, first + 1) + another + token.substr(second), set),
                HasSubstr("signature"));
    EXPECT_THAT(problem(token.substr(0, second + 1) + "AAAA", set), HasSubstr("signature"));
    for (const auto* none : {"", "A=AA", "*"})
        EXPECT_THAT(problem(token.substr(0, second + 1) + none, set), HasSubstr("three parts"));
    // A signature of nothing (r = s = 0) has passed elsewhere.
    EXPECT_THAT(problem(unsignedToken(R"({"alg":"ES256","kid":"e1"})", claims(), std::string(64, '\0')), set),
                HasSubstr("signature"));
    EXPECT_THAT(problem(unsignedToken(R"({"alg":"RS256","kid":"r1","crit":["x"]})", claims(), "x"), set),
                HasSubstr("crit"));
}

TEST_F(IdToken, WithoutAKeysNameTakesTheOnlyOne) {
    const auto nameless = TestKey::elliptic("");
    const auto token = nameless.sign(claims(), "ES256");
    EXPECT_EQ(problem(token, keys(nameless.publicJson())), "none");
    EXPECT_THAT(problem(token, keys(nameless.publicJson() + "," + elliptic->publicJson())),
                HasSubstr("key: "));
}

TEST_F(IdToken, KeysForOtherUsesCountForNothing) {
    const auto token = rsa->sign(claims(), "RS256");
    for (const auto* more : {R"(,"use":"enc")", R"(,"alg":"PS256")", R"(,"alg":"HS256")"})
        EXPECT_THAT(problem(token, keys(rsa->publicJson(more))), HasSubstr("key: ")) << more;
    EXPECT_EQ(problem(token, keys(rsa->publicJson(R"(,"use":"sig","alg":"RS256")"))), "none");
    const auto weak = TestKey::rsa("w", 1024);
    EXPECT_EQ(keys(weak.publicJson()).size(), 0U);
    EXPECT_EQ(keys(TestKey::elliptic("p", CJOSE_JWK_EC_P_384).publicJson()).size(), 0U);
    for (const auto* number : {"K=Y8", "", "a b", "*"}) {
        const auto bad = fmt::format(R"({{"kty":"EC","crv":"P-256","x":"{}","y":"AAAA"}},)"
                                     R"({{"kty":"RSA","n":"AAAA","e":"{}"}})",
                                     number, number);
        EXPECT_EQ(keys(bad).size(), 0U) << number;
    }
    EXPECT_EQ(keys(R"({"kty":"oct","k":"AAAA"},{"kty":"RSA"},{"kty":"EC","crv":"P-256"},7)").size(), 0U);
    EXPECT_FALSE(KeySet::parse("{}"));
    EXPECT_FALSE(KeySet::parse(R"({"keys":{}})"));
}

TEST_F(IdToken, IsForUsNowAndForThisLogin) {
    const auto set = keys(elliptic->publicJson());
    const auto with = [&](std::string_view name, const std::string& value) {
        return problem(
            elliptic->sign(claims(name, value.empty() ? value : fmt::format("\"{}\":{}", name, value)),
                           "ES256"),
            set);
    };
    EXPECT_THAT(with("iss", R"("https://id.example.com/")"), HasSubstr("iss"));
    EXPECT_THAT(with("iss", ""), HasSubstr("iss"));
    for (const auto* audience : {"", R"("other")", R"(["other"])", "[]", "7", R"(["tagwire",7])"})
        EXPECT_THAT(with("aud", audience),
                    HasSubstr(std::string(audience) == R"(["tagwire",7])" ? "azp" : "aud"))
            << audience;
    EXPECT_EQ(with("aud", R"(["tagwire"])"), "none");
    EXPECT_THAT(with("aud", R"(["tagwire","other"])"), HasSubstr("azp"));
    EXPECT_THAT(with("aud", R"(["tagwire","other"],"azp":"other")"), HasSubstr("azp"));
    EXPECT_EQ(with("aud", R"(["tagwire","other"],"azp":"tagwire")"), "none");
    EXPECT_THAT(with("aud", R"("tagwire","azp":"other")"), HasSubstr("azp"));
    for (const auto* nonce : {"", R"("n2")", R"("")", "null", "1"})
        EXPECT_THAT(with("nonce", nonce), HasSubstr("nonce")) << nonce;
    for (const auto* subject : {"", R"("")", "7"}) EXPECT_THAT(with("sub", subject), HasSubstr("sub"));
    EXPECT_THAT(with("sub", fmt::format("\"{}\"", std::string(256, 'x'))), HasSubstr("sub"));
}

TEST_F(IdToken, ClocksMayDifferByAMinute) {
    const auto set = keys(elliptic->publicJson());
    const auto with = [&](std::string_view name, const std::string& value) {
        return problem(elliptic->sign(claims(name, fmt::format("\"{}\":{}", name, value)), "ES256"), set);
    };
    EXPECT_EQ(with("exp", std::to_string(kSeconds - 59)), "none");
    EXPECT_EQ(with("exp", std::to_string(kSeconds - 59) + ".5"), "none");
    EXPECT_THAT(with("exp", std::to_string(kSeconds - 60)), HasSubstr("is over"));
    EXPECT_EQ(with("iat", std::to_string(kSeconds + 60)), "none");
    EXPECT_THAT(with("iat", std::to_string(kSeconds + 61)), HasSubstr("in the future"));
    EXPECT_EQ(with("nbf", std::to_string(kSeconds + 60)), "none");
    EXPECT_THAT(with("nbf", std::to_string(kSeconds + 61)), HasSubstr("not come yet"));
    EXPECT_THAT(with("nbf", R"("soon")"), HasSubstr("not come yet"));
    for (const auto* name : {"exp", "iat"}) {
        EXPECT_THAT(problem(elliptic->sign(claims(name), "ES256"), set), HasSubstr("when it was issued"));
        EXPECT_THAT(with(name, R"("1795000000")"), HasSubstr("when it was issued"));
    }
    EXPECT_EQ(with("exp", "1e300"), "none");
    EXPECT_THAT(with("exp", "-1e300"), HasSubstr("is over"));
}

TEST_F(IdToken, WhatIsNoTokenIsRefused) {
    const auto set = bothKeys();
    for (const auto* none : {"", ".", "..", "...", "a.b.c", "a.b", "a.b.c.d", "!.!.!", "e30.e30.e30"})
        EXPECT_NE(problem(none, set), "none") << none;
    EXPECT_NE(problem(std::string(kMaxTokenBytes + 1, 'a'), set), "none");
    EXPECT_THAT(problem(rsa->sign("[]", "RS256"), set), HasSubstr("cannot be read"));
    EXPECT_THAT(problem(rsa->sign(R"({"sub":"7","sub":"8"})", "RS256"), set), HasSubstr("twice"));
}

}  // namespace
}  // namespace tagwire::oidc
