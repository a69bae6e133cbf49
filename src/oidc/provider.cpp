#include "oidc/provider.h"

#include <iterator>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "access/base64_url.h"
#include "base/files.h"
#include "base/log.h"
#include "oidc/claims.h"

namespace tagwire::oidc {

using access::ExternalRefusal;
using access::LoginProblem;

namespace {

constexpr std::size_t kMaxSecretBytes = 4096;

tl::unexpected<ExternalRefusal> unanswered(std::string_view what, const Error& error) {
    return access::refuseLogin(LoginProblem::Provider, fmt::format("{}: {}", what, error.message));
}

std::string withoutSlash(std::string text) {
    while (text.ends_with('/')) text.pop_back();
    return text;
}

void appendField(std::string& form, std::string_view name, std::string_view value) {
    if (!form.empty()) form += '&';
    fmt::format_to(std::back_inserter(form), "{}={}", name, percentEncoded(value));
}

/// RFC 6749, 2.3.1: both are encoded as in forms first.
std::string basicAuthorization(std::string_view id, std::string_view secret) {
    return "Basic " + access::toBase64(fmt::format("{}:{}", percentEncoded(id), percentEncoded(secret)));
}

}  // namespace

std::string pageOf(const access::OidcOptions& options) { return withoutSlash(options.address); }

Result<std::string> Provider::fetch(const std::string& address, const std::string& authorization,
                                    SteadyTime until) {
    auto answer = http_.ask({.address = address, .authorization = authorization, .form = {}, .until = until});
    if (!answer) return fail(fmt::format("{}: {}", address, answer.error().message));
    if (answer->status != 200) return fail(fmt::format("{}: it answered {}", address, answer->status));
    return std::move(answer->body);
}

Result<void> Provider::fetchDocument(SteadyTime until) {
    const auto address = withoutSlash(options_.issuer) + "/.well-known/openid-configuration";
    const auto text = fetch(address, {}, until);
    if (!text) return tl::unexpected(text.error());
    auto document = parseProviderDocument(*text, options_.issuer);
    if (!document) return fail(fmt::format("{}: {}", address, document.error().message));
    document_ = *std::move(document);
    learned_ = SteadyClock::now();
    keys_ = KeySet();
    keysAsked_.reset();
    return {};
}

Result<void> Provider::learn(SteadyTime until) {
    const auto now = SteadyClock::now();
    if (document_ && now - learned_ < kRemembered) return {};
    if (!problem_.empty() && now < pauseEnds_) return fail(problem_);
    auto fetched = fetchDocument(until);
    if (fetched) {
        problem_.clear();
        return {};
    }
    document_.reset();
    problem_ = fetched.error().message;
    pauseEnds_ = SteadyClock::now() + kPause;
    log::warning("oidc", "the provider cannot be used: {}", problem_);
    return fetched;
}

Result<void> Provider::fetchKeys(SteadyTime until) {
    const auto text = fetch(document_->jwksUri, {}, until);
    if (!text) return tl::unexpected(text.error());
    auto keys = KeySet::parse(*text);
    if (!keys) return fail(fmt::format("{}: {}", document_->jwksUri, keys.error().message));
    keys_ = *std::move(keys);
    keysAsked_ = SteadyClock::now();
    return {};
}

Result<std::string> Provider::clientSecret() const {
    if (options_.clientSecretFile.empty()) return options_.clientSecret;
    auto text = readSecretFile(folder_ / options_.clientSecretFile, kMaxSecretBytes);
    if (!text) return fail("client_secret_file: " + text.error().message);
    if (text->empty()) return fail(fmt::format("client_secret_file: {} is empty", options_.clientSecretFile));
    return *std::move(text);
}

Result<std::string> Provider::loginAddress(const LoginState& state, SteadyTime until) {
    if (auto learned = learn(until); !learned) return tl::unexpected(learned.error());
    std::string query;
    appendField(query, "response_type", "code");
    appendField(query, "client_id", options_.clientId);
    appendField(query, "redirect_uri", pageOf(options_) + std::string(kCallbackPath));
    appendField(query, "scope", fmt::format("{}", fmt::join(options_.scopes, " ")));
    appendField(query, "state", state.state);
    appendField(query, "nonce", state.nonce);
    appendField(query, "code_challenge", challengeOf(state.verifier));
    appendField(query, "code_challenge_method", "S256");
    const auto& endpoint = document_->authorizationEndpoint;
    return fmt::format("{}{}{}", endpoint, endpoint.find('?') == std::string::npos ? '?' : '&', query);
}

Provider::Answer<TokenAnswer> Provider::redeem(const std::string& code, const LoginState& state,
                                               SteadyTime until) {
    const auto secret = clientSecret();
    if (!secret) return access::refuseLogin(LoginProblem::Provider, secret.error().message);
    HttpQuestion question{
        .address = document_->tokenEndpoint, .authorization = {}, .form = {}, .until = until};
    appendField(question.form, "grant_type", "authorization_code");
    appendField(question.form, "code", code);
    appendField(question.form, "redirect_uri", pageOf(options_) + std::string(kCallbackPath));
    appendField(question.form, "code_verifier", state.verifier);
    if (!secret->empty() && document_->clientShows == ClientShows::Basic) {
        question.authorization = basicAuthorization(options_.clientId, *secret);
    } else {
        appendField(question.form, "client_id", options_.clientId);
        if (!secret->empty()) appendField(question.form, "client_secret", *secret);
    }
    const auto answer = http_.ask(question);
    if (!answer) return unanswered(question.address, answer.error());
    if (answer->status != 200) {
        const auto said = tokenErrorOf(answer->body);
        const bool old = said.code == "invalid_grant";
        return access::refuseLogin(
            old ? LoginProblem::Stale : LoginProblem::Provider,
            fmt::format("the provider gives no token: {} {} {}", answer->status, said.code, said.text));
    }
    auto token = parseTokenAnswer(answer->body);
    if (!token) return unanswered(question.address, token.error());
    return *std::move(token);
}

Provider::Answer<boost::json::object> Provider::check(const std::string& token, const LoginState& state,
                                                      SteadyTime until) {
    for (;;) {
        const bool mayAsk = !keysAsked_ || SteadyClock::now() - *keysAsked_ >= kKeysAgain;
        auto claims = checkIdToken(token, keys_,
                                   {.issuer = options_.issuer,
                                    .clientId = options_.clientId,
                                    .nonce = state.nonce,
                                    .now = wallClockNow()});
        if (claims) return *std::move(claims);
        if (claims.error().fault != TokenFault::UnknownKey || !mayAsk)
            return access::refuseLogin(LoginProblem::Untrusted, claims.error().message);
        if (const auto fetched = fetchKeys(until); !fetched)
            return access::refuseLogin(LoginProblem::Provider, fetched.error().message);
    }
}

Provider::Answer<boost::json::object> Provider::withUserinfo(boost::json::object claims,
                                                             const std::string& accessToken,
                                                             SteadyTime until) {
    const auto& address = document_->userinfoEndpoint;
    const auto text = fetch(address, "Bearer " + accessToken, until);
    if (!text) return access::refuseLogin(LoginProblem::Provider, text.error().message);
    const auto more = parseObject(*text);
    if (!more) return unanswered(address, more.error());
    // Core 1.0, 5.3.2: it could be of somebody else.
    if (textOf(*more, "sub") != textOf(claims, "sub"))
        return access::refuseLogin(LoginProblem::Untrusted,
                                   "userinfo speaks of another user than the ID token (sub)");
    // What was signed goes before.
    for (const auto& member : *more) {
        if (!claims.contains(member.key())) claims[member.key()] = member.value();
    }
    return claims;
}

Provider::Identified Provider::identify(const std::string& code, const LoginState& state, SteadyTime until) {
    if (const auto learned = learn(until); !learned)
        return access::refuseLogin(LoginProblem::Provider, learned.error().message);
    const auto tokens = redeem(code, state, until);
    if (!tokens) return tl::unexpected(tokens.error());
    auto claims = check(tokens->idToken, state, until);
    const bool more = claims && !haveNameAndRole(*claims, options_) && !tokens->accessToken.empty() &&
                      !document_->userinfoEndpoint.empty();
    if (more) claims = withUserinfo(*std::move(claims), tokens->accessToken, until);
    if (!claims) return tl::unexpected(claims.error());
    return externalUserOf(*claims, options_);
}

}  // namespace tagwire::oidc
