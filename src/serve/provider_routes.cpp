#include "serve/provider_routes.h"

#include <string>
#include <utility>

#include <fmt/format.h>

#include "access/login_provider.h"
#include "model/generated/status_codes.h"
#include "serve/asked.h"
#include "serve/credentials.h"
#include "serve/error_response.h"

namespace tagwire::serve {

using access::LoginBegun;
using access::LoginOutcome;
using access::LoginProblem;
using access::ProviderSummary;
using Answering = boost::asio::awaitable<HttpResponse>;

namespace {

constexpr std::string_view kPath = "/api/v1/login/oidc";
constexpr std::string_view kStateCookie = "tagwire_oidc";
constexpr int kStateSeconds = 600;

/// It comes along when the provider sends the browser back, and to no other path.
std::string stateCookie(const ProviderSummary& provider, std::string_view value, int seconds) {
    return fmt::format("{}={}; Path={}{}; HttpOnly; SameSite=Lax; Max-Age={}{}", kStateCookie, value,
                       provider.pathOfPage, kPath, seconds, provider.secure ? "; Secure" : "");
}

HttpResponse sentTo(std::string location) {
    HttpResponse response{
        .status = 303, .contentType = "text/plain; charset=utf-8", .body = "See Location\n"};
    response.headers.emplace_back("Location", std::move(location));
    response.headers.emplace_back("Referrer-Policy", "no-referrer");
    return response;
}

HttpResponse sentToPage(const ProviderSummary& provider, LoginProblem problem) {
    return sentTo(fmt::format("{}/?login={}", provider.page, access::nameOf(problem)));
}

/// Of what did not even come to an outcome.
LoginProblem problemOf(const ServiceFailure& failure) {
    if (failure.status == kBadCommunicationError) return LoginProblem::Provider;
    return failure.status == kBadTooManyOperations ? LoginProblem::Locked : LoginProblem::Failed;
}

std::string parameter(const HttpRequest& request, std::string_view name) {
    return std::string(request.query.get(name).value_or(std::string_view()));
}

}  // namespace

// NOLINTBEGIN(cppcoreguidelines-avoid-reference-coroutine-parameters): shard and request outlive it

Answering toProviderRoute(Shard& shard, const HttpRequest& request) {
    auto* provider = shard.server().provider;
    if (provider == nullptr) co_return nothingAt(request.path);
    auto asking = ask<LoginBegun>(shard.context(), kPatience, [provider](ServiceAnswer<LoginBegun> answer) {
        provider->begin(std::move(answer));
    });
    auto result = co_await std::move(asking);
    const auto& summary = provider->summary();
    if (!result) co_return sentToPage(summary, LoginProblem::Provider);
    if (!*result) {
        const bool busy = result->error().status == kBadTooManyOperations;
        co_return sentToPage(summary, busy ? LoginProblem::Busy : problemOf(result->error()));
    }
    auto response = sentTo(std::move((*result)->location));
    response.headers.emplace_back("Set-Cookie", stateCookie(summary, (*result)->cookie, kStateSeconds));
    co_return response;
}

Answering fromProviderRoute(Shard& shard, const HttpRequest& request) {
    auto* provider = shard.server().provider;
    if (provider == nullptr) co_return nothingAt(request.path);
    access::LoginReturned returned{
        .cookie = std::string(cookieValue(request.cookie, kStateCookie).value_or(std::string_view())),
        .state = parameter(request, "state"),
        .code = parameter(request, "code"),
        .error = parameter(request, "error"),
        .issuer = parameter(request, "iss"),
        .address = request.caller.address,
        .agent = shownAgent(request)};
    auto asking =
        ask<LoginOutcome>(shard.context(), kPatience,
                          [provider, returned = std::move(returned)](ServiceAnswer<LoginOutcome> answer) {
                              provider->finish(returned, std::move(answer));
                          });
    const auto result = co_await std::move(asking);
    const auto& summary = provider->summary();
    auto response = !result                   ? sentToPage(summary, LoginProblem::Provider)
                    : !*result                ? sentToPage(summary, problemOf(result->error()))
                    : !(*result)->has_value() ? sentToPage(summary, (*result)->error())
                                              : sentTo(summary.page + "/");
    response.headers.emplace_back("Set-Cookie", stateCookie(summary, "", 0));
    if (result && *result && (*result)->has_value())
        response.headers.emplace_back("Set-Cookie", sessionCookie(request.secure, (**result)->cookie));
    co_return response;
}

// NOLINTEND(cppcoreguidelines-avoid-reference-coroutine-parameters)

}  // namespace tagwire::serve
