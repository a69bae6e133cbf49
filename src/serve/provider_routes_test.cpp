// Going to a provider and coming back, with one in memory: where browsers are sent, and with which cookies.
#include "serve/provider_routes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "serve/access_testing.h"
#include "serve/route_testing.h"

namespace tagwire::serve {
namespace {

using access::LoginOutcome;
using access::LoginProblem;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

class FakeProvider final : public access::LoginProvider {
public:
    [[nodiscard]] const access::ProviderSummary& summary() const noexcept override { return about; }
    void begin(ServiceAnswer<access::LoginBegun> answer) override {
        if (failure) return answer(tl::unexpected(*failure));
        answer(access::LoginBegun{.location = "https://id.example.com/auth?x=1", .cookie = "sealed"});
    }
    void finish(access::LoginReturned returned, ServiceAnswer<LoginOutcome> answer) override {
        came = std::move(returned);
        if (failure) return answer(tl::unexpected(*failure));
        if (problem) return answer(LoginOutcome(tl::unexpected(*problem)));
        answer(LoginOutcome(access::LoggedIn{.cookie = "secret", .grant = nullptr}));
    }

    access::ProviderSummary about{.title = "Keycloak",
                                  .page = "https://plant.example.com/tagwire",
                                  .pathOfPage = "/tagwire",
                                  .secure = true};
    std::optional<ServiceFailure> failure;
    std::optional<LoginProblem> problem;
    access::LoginReturned came;
};

class ProviderRoutes : public testing::Test {
protected:
    ProviderRoutes() {
        server_.server.provider = &provider_;
        bench_.request.host = "plant.example.com";
        bench_.request.agent = "Browser";
        bench_.peer = "10.0.0.5";
    }
    static std::string headers(const HttpResponse& response, std::string_view name) {
        std::string found;
        for (const auto& [each, value] : response.headers) {
            if (each == name) found += value + "\n";
        }
        return found;
    }
    std::string cameTo(std::string_view query) {
        return headers(bench_.answer(Method::Get, "/api/v1/login/oidc/callback" + std::string(query)),
                       "Location");
    }

    FakeProvider provider_;
    FakeAccess access_;
    ShardWithHistory server_{nullptr, &access_};
    RouteBench bench_{server_};
};

TEST_F(ProviderRoutes, DoNotExistWithoutOne) {
    server_.server.provider = nullptr;
    EXPECT_EQ(bench_.answer(Method::Get, "/api/v1/login/oidc").status, 404);
    EXPECT_EQ(bench_.answer(Method::Get, "/api/v1/login/oidc/callback").status, 404);
    EXPECT_THAT(bench_.answer(Method::Get, "/api/v1/session").body, Not(HasSubstr("provider")));
}

TEST_F(ProviderRoutes, TheSessionTellsWhereToLogIn) {
    EXPECT_THAT(bench_.answer(Method::Get, "/api/v1/session").body,
                HasSubstr(R"("provider":{"title":"Keycloak",)"
                          R"("address":"https://plant.example.com/tagwire/api/v1/login/oidc"})"));
}

TEST_F(ProviderRoutes, SendTheBrowserThereWithASealedCookie) {
    const auto response = bench_.answer(Method::Get, "/api/v1/login/oidc");
    EXPECT_EQ(response.status, 303);
    EXPECT_EQ(headers(response, "Location"), "https://id.example.com/auth?x=1\n");
    EXPECT_EQ(headers(response, "Set-Cookie"),
              "tagwire_oidc=sealed; Path=/tagwire/api/v1/login/oidc; HttpOnly; SameSite=Lax; Max-Age=600; "
              "Secure\n");
    provider_.failure = ServiceFailure{kBadCommunicationError, "away"};
    const auto away = bench_.answer(Method::Get, "/api/v1/login/oidc");
    EXPECT_EQ(headers(away, "Location"), "https://plant.example.com/tagwire/?login=provider\n");
    EXPECT_THAT(headers(away, "Set-Cookie"), IsEmpty());
    provider_.failure = ServiceFailure{kBadTooManyOperations, "many"};
    EXPECT_THAT(headers(bench_.answer(Method::Get, "/api/v1/login/oidc"), "Location"),
                HasSubstr("login=busy"));
}

TEST_F(ProviderRoutes, TakeItBackAndBeginASession) {
    bench_.request.cookie = "a=b; tagwire_oidc=sealed";
    bench_.request.secure = true;
    const auto response = bench_.answer(Method::Get, "/api/v1/login/oidc/callback?code=c%2F1&state=s&iss=i");
    EXPECT_EQ(response.status, 303);
    EXPECT_EQ(headers(response, "Location"), "https://plant.example.com/tagwire/\n");
    EXPECT_THAT(
        headers(response, "Set-Cookie"),
        AllOf(StartsWith("tagwire_oidc=; Path=/tagwire/api/v1/login/oidc;"), HasSubstr("Max-Age=0"),
              HasSubstr("\n__Host-tagwire_session=secret; Path=/; HttpOnly; SameSite=Strict; Secure\n")));
    EXPECT_EQ(provider_.came.cookie, "sealed");
    EXPECT_EQ(provider_.came.code, "c/1");
    EXPECT_EQ(provider_.came.state, "s");
    EXPECT_EQ(provider_.came.issuer, "i");
    EXPECT_EQ(provider_.came.error, "");
    EXPECT_EQ(provider_.came.address, "10.0.0.5");
    EXPECT_EQ(provider_.came.agent, "Browser");
}

TEST_F(ProviderRoutes, TellThePageWhatWentWrong) {
    for (const auto problem : {LoginProblem::NoRole, LoginProblem::Stale, LoginProblem::NameTaken}) {
        provider_.problem = problem;
        const auto response = bench_.answer(Method::Get, "/api/v1/login/oidc/callback?error=x");
        EXPECT_EQ(headers(response, "Location"),
                  "https://plant.example.com/tagwire/?login=" + std::string(access::nameOf(problem)) + "\n");
        EXPECT_THAT(headers(response, "Set-Cookie"), Not(HasSubstr("session")));
    }
    EXPECT_EQ(provider_.came.error, "x");
    provider_.failure = ServiceFailure{kBadTooManyOperations, "locked"};
    EXPECT_THAT(cameTo(""), HasSubstr("login=locked"));
    provider_.failure = ServiceFailure{kBadShutdown, "stopping"};
    EXPECT_THAT(cameTo(""), HasSubstr("login=failed"));
}

}  // namespace
}  // namespace tagwire::serve
