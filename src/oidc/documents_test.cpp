// What a provider says of itself, and its answers for a code.
#include "oidc/documents.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "oidc/http_client.h"

namespace tagwire::oidc {
namespace {

using testing::HasSubstr;

constexpr auto kIssuer = "https://id.example.com/realms/plant";

std::string document(std::string_view more = {}, std::string_view token = "https://id.example.com/token") {
    return std::string(R"({"issuer":"https://id.example.com/realms/plant",)") +
           R"("authorization_endpoint":"https://id.example.com/auth","jwks_uri":"https://keys.example.com/",)" +
           R"("token_endpoint":")" + std::string(token) + "\"" + std::string(more) + "}";
}

TEST(ProviderDocument, SaysWhereToAsk) {
    const auto read = parseProviderDocument(document(), kIssuer);
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(read->authorizationEndpoint, "https://id.example.com/auth");
    EXPECT_EQ(read->tokenEndpoint, "https://id.example.com/token");
    EXPECT_EQ(read->jwksUri, "https://keys.example.com/");
    EXPECT_EQ(read->userinfoEndpoint, "");
    EXPECT_EQ(read->clientShows, ClientShows::Basic);
}

TEST(ProviderDocument, SaysHowWeShowWhoWeAre) {
    const auto shows = [](std::string_view methods) {
        const auto more = R"(,"token_endpoint_auth_methods_supported":)" + std::string(methods);
        return parseProviderDocument(document(more), kIssuer).value().clientShows;
    };
    EXPECT_EQ(shows(R"(["client_secret_post"])"), ClientShows::Post);
    EXPECT_EQ(shows(R"(["client_secret_post","client_secret_basic"])"), ClientShows::Basic);
    EXPECT_EQ(shows(R"(["private_key_jwt"])"), ClientShows::Basic);
    EXPECT_EQ(shows("7"), ClientShows::Basic);
}

TEST(ProviderDocument, IsOfTheConfiguredIssuerAndSafe) {
    const auto problem = [](std::string_view text, const std::string& issuer = kIssuer) {
        const auto read = parseProviderDocument(text, issuer);
        return read ? std::string("none") : read.error().message;
    };
    EXPECT_THAT(problem(document(), "https://id.example.com/realms/plant/"),
                HasSubstr("both have to be the same"));
    EXPECT_THAT(problem(R"({"issuer":"https://id.example.com/realms/plant"})"), HasSubstr("lacks"));
    for (const auto* address :
         {"http://id.example.com/token", "http://127.0.0.1/token", "ftp://x/", "token", ""})
        EXPECT_THAT(problem(document({}, address)), HasSubstr("token_endpoint")) << address;
    EXPECT_THAT(problem(document(R"(,"userinfo_endpoint":"file:///etc/passwd")")),
                HasSubstr("userinfo_endpoint"));
    EXPECT_THAT(problem("[]"), HasSubstr("no JSON object"));
    EXPECT_NE(problem("{"), "none");
}

TEST(ProviderDocument, OfThisMachineMaySpeakPlainHttpWithinIt) {
    const auto text = [](std::string_view token) {
        return std::string(
                   R"({"issuer":"http://127.0.0.1:8080","authorization_endpoint":"http://localhost:8080/a",)") +
               R"("jwks_uri":"http://[::1]:8080/k","token_endpoint":")" + std::string(token) + "\"}";
    };
    EXPECT_TRUE(parseProviderDocument(text("http://127.0.0.1:8080/t"), "http://127.0.0.1:8080"));
    EXPECT_FALSE(parseProviderDocument(text("http://10.0.0.1:8080/t"), "http://127.0.0.1:8080"));
}

TEST(TokenAnswer, HasAnIdToken) {
    const auto read = parseTokenAnswer(R"({"id_token":"a.b.c","access_token":"x","token_type":"Bearer"})");
    ASSERT_TRUE(read);
    EXPECT_EQ(read->idToken, "a.b.c");
    EXPECT_EQ(read->accessToken, "x");
    for (const auto* none : {"", "{}", "[]", R"({"id_token":7})"})
        EXPECT_FALSE(parseTokenAnswer(none)) << none;
}

TEST(TokenError, IsReadWhereThereIsOne) {
    const auto said = tokenErrorOf(R"({"error":"invalid_grant","error_description":"used already"})");
    EXPECT_EQ(said.code, "invalid_grant");
    EXPECT_EQ(said.text, "used already");
    EXPECT_EQ(tokenErrorOf("<html>").code, "");
    EXPECT_EQ(tokenErrorOf(R"({"error":")" + std::string(1000, 'x') + "\"}").code.size(), 200U);
}

TEST(PercentEncoded, LeavesNothingThatMeansSomething) {
    EXPECT_EQ(percentEncoded("aZ09-._~"), "aZ09-._~");
    EXPECT_EQ(percentEncoded("a b&c=d+é\n"), "a%20b%26c%3Dd%2B%C3%A9%0A");
}

TEST(HttpClient, AsksOnlyWhereSecretsAreSafe) {
    HttpClient client;
    const auto soon = SteadyClock::now() + std::chrono::seconds{5};
    for (const auto* address :
         {"http://id.example.com/", "file:///etc/passwd", "gopher://127.0.0.1/", "127.0.0.1"})
        EXPECT_FALSE(client.ask({.address = address, .authorization = {}, .form = {}, .until = soon}))
            << address;
    EXPECT_FALSE(
        client.ask({.address = "http://127.0.0.1:1/", .authorization = {}, .form = {}, .until = {}}));
    client.abort();
    const auto ended =
        client.ask({.address = "http://127.0.0.1:1/", .authorization = {}, .form = {}, .until = soon});
    EXPECT_FALSE(ended);
}

}  // namespace
}  // namespace tagwire::oidc
