// What a browser keeps for us between leaving and coming back.
#include "oidc/login_state.h"

#include <set>

#include <gtest/gtest.h>

#include "access/base64_url.h"

namespace tagwire::oidc {
namespace {

constexpr Timestamp kNow = fromUnixMillis(1'795'000'000'000);

TEST(LoginState, IsAnotherEachTime) {
    std::set<std::string> seen;
    for (int i = 0; i < 100; ++i) {
        const auto state = newLoginState(kNow);
        for (const auto& text : {state.state, state.nonce, state.verifier}) {
            EXPECT_EQ(text.size(), 43U);
            EXPECT_TRUE(seen.insert(text).second);
        }
    }
}

TEST(LoginState, HasTheChallengeOfTheStandard) {
    // RFC 7636, appendix B
    EXPECT_EQ(challengeOf("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
              "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
}

TEST(StateSeal, OpensWhatItSealedUntilItsTimeIsOver) {
    const StateSeal seal;
    const auto state = newLoginState(kNow);
    const auto sealed = seal.seal(state);
    EXPECT_EQ(sealed.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
              std::string::npos);
    EXPECT_EQ(sealed.find(state.nonce), std::string::npos);
    EXPECT_NE(sealed, seal.seal(state));
    const auto opened = seal.open(sealed, kNow + kLoginTime - std::chrono::seconds{1});
    ASSERT_TRUE(opened);
    EXPECT_EQ(opened->state, state.state);
    EXPECT_EQ(opened->nonce, state.nonce);
    EXPECT_EQ(opened->verifier, state.verifier);
    EXPECT_EQ(opened->expires, state.expires);
    EXPECT_FALSE(seal.open(sealed, kNow + kLoginTime));
}

TEST(StateSeal, OpensNothingElse) {
    const StateSeal seal;
    const auto sealed = seal.seal(newLoginState(kNow));
    EXPECT_FALSE(StateSeal().open(sealed, kNow)) << "of another run";
    auto bytes = access::fromBase64Url(sealed).value();
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        auto changed = bytes;
        changed[i] = static_cast<char>(changed[i] ^ 1);
        EXPECT_FALSE(seal.open(access::toBase64Url(changed), kNow)) << i;
        EXPECT_FALSE(seal.open(access::toBase64Url(bytes.substr(0, i)), kNow)) << i;
    }
    EXPECT_FALSE(seal.open(sealed + "A", kNow));
    for (const auto& wrong : {std::string(), std::string("="), std::string("a b"), std::string(2000, 'A')})
        EXPECT_FALSE(seal.open(wrong, kNow)) << wrong;
}

TEST(Base64Url, TakesNoOtherForm) {
    for (const auto& bytes : {std::string(), std::string("f"), std::string("fo"), std::string("foo"),
                              std::string("\xFB\xFF\0", 3)})
        EXPECT_EQ(access::fromBase64Url(access::toBase64Url(bytes)), bytes);
    EXPECT_EQ(access::toBase64Url("\xFB\xFF"), "-_8");
    for (const auto* wrong : {"+_8", "-_8=", "-_8\n", "-", "-_9"})
        EXPECT_FALSE(access::fromBase64Url(wrong)) << wrong;
}

}  // namespace
}  // namespace tagwire::oidc
