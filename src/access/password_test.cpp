#include "access/password.h"

#include <gtest/gtest.h>

#include "access/account_rules.h"
#include "access/secret.h"

namespace tagwire::access {
namespace {

constexpr PasswordHasher::Cost kCheap{.passes = 1, .memoryBytes = 8192};

TEST(PasswordTest, AHashIsOfOnePasswordAndDifferentEachTime) {
    const PasswordHasher hasher(kCheap);
    const auto hash = hasher.hash("correct horse battery");
    ASSERT_TRUE(hash);
    EXPECT_TRUE(hash->starts_with("$argon2id$")) << *hash;
    EXPECT_NE(*hash, hasher.hash("correct horse battery"));
    EXPECT_TRUE(hasher.matches(*hash, "correct horse battery"));
    EXPECT_FALSE(hasher.matches(*hash, "correct horse batterY"));
    EXPECT_FALSE(hasher.matches(*hash, ""));
    EXPECT_FALSE(hasher.matches("no hash", "correct horse battery"));
    EXPECT_FALSE(hasher.isOutdated(*hash));
    EXPECT_TRUE(PasswordHasher({.passes = 2, .memoryBytes = 8192}).isOutdated(*hash));
}

TEST(PasswordTest, NobodyHasAPassword) {
    const PasswordHasher hasher(kCheap);
    EXPECT_FALSE(hasher.matches("", ""));
    EXPECT_FALSE(hasher.matches("", "the password of nobody"));
}

TEST(PasswordTest, WhatIsEasilyGuessedIsRefusedWithTheReason) {
    const auto why = [](std::string_view user, std::string_view password) {
        const auto checked = checkPassword(user, password);
        return checked ? std::string() : checked.error().message;
    };
    EXPECT_EQ(why("anna", "correct horse battery"), "");
    EXPECT_EQ(why("anna", "0123456789a"), "");
    EXPECT_NE(why("anna", "short").find("at least 10"), std::string::npos);
    EXPECT_NE(why("anna", std::string(1025, 'x')).find("at most 1024"), std::string::npos);
    EXPECT_NE(why("Anna.Schmidt", "anna.schmidt").find("user's name"), std::string::npos);
    EXPECT_NE(why("annab", "AnnabAnnab").find("user's name"), std::string::npos);
    EXPECT_NE(why("anna", "Password123").find("everybody tries"), std::string::npos);
    EXPECT_NE(why("anna", "aaaaaaaaaaaa").find("everybody tries"), std::string::npos);
}

TEST(AccountRulesTest, NamesOfUsersAndTokens) {
    for (const auto* name : {"anna", "op1", "Anna.Schmidt", "a_b-c@plant.example"})
        EXPECT_TRUE(checkUserName(name)) << name;
    for (const auto* name : {"", ".hidden", "-x", "an na", "ann\xC3\xA4", "a/b", "a\nb", "a:b"})
        EXPECT_FALSE(checkUserName(name)) << name;
    EXPECT_FALSE(checkUserName(std::string(65, 'a')));
    EXPECT_TRUE(checkTokenName("MES \xE4\xB8\xBB\xE6\x9C\xBA"));
    for (const auto* name : {"", " x", "x ", "a\tb", "a\x7F", "\xFF"})
        EXPECT_FALSE(checkTokenName(name)) << name;
}

TEST(SecretTest, SecretsAreLongAndDifferent) {
    const auto one = newSecret();
    EXPECT_TRUE(looksLikeSecret(one)) << one;
    EXPECT_NE(one, newSecret());
    EXPECT_TRUE(looksLikeToken(newTokenSecret()));
    EXPECT_FALSE(looksLikeToken(one));
    EXPECT_FALSE(looksLikeSecret(one + "A"));
    EXPECT_FALSE(looksLikeSecret(std::string(kSecretCharacters, '+')));
    EXPECT_FALSE(looksLikeSecret(""));
    EXPECT_NE(csrfOf(sha256("a")), csrfOf(sha256("b")));
    EXPECT_TRUE(sameHash(sha256("a"), sha256("a")));
    EXPECT_FALSE(sameHash(sha256("a"), sha256("b")));
}

TEST(SecretTest, IdsAreNoOptionsOfACommandLine) {
    // One of 64 would begin so by chance.
    for (int i = 0; i < 2'000; ++i) EXPECT_NE(newId().front(), '-');
}

}  // namespace
}  // namespace tagwire::access
