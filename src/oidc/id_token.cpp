#include "oidc/id_token.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <cjose/jws.h>
#include <fmt/format.h>

#include "access/base64_url.h"
#include "base/free_with.h"
#include "oidc/documents.h"

namespace tagwire::oidc {
namespace {

constexpr std::size_t kMaxSubjectBytes = 255;
constexpr std::size_t kEs256Bytes = 64;

using Jws = std::unique_ptr<cjose_jws_t, FreeWith<&cjose_jws_release>>;

tl::unexpected<TokenProblem> wrong(std::string message) {
    return tl::unexpected(TokenProblem{.fault = TokenFault::Wrong, .message = std::move(message)});
}

/// Decoded.
struct Parts {
    std::string header;
    std::string payload;
    std::string signature;
};

std::optional<Parts> partsOf(std::string_view token) {
    if (token.size() > kMaxTokenBytes || std::ranges::count(token, '.') != 2) return std::nullopt;
    const auto first = token.find('.');
    const auto second = token.find('.', first + 1);
    // All of it here: the library ends the program where something is no base64url.
    auto header = access::fromBase64Url(token.substr(0, first));
    auto payload = access::fromBase64Url(token.substr(first + 1, second - first - 1));
    auto signature = access::fromBase64Url(token.substr(second + 1));
    if (!header || !payload || !signature || header->empty() || payload->empty() || signature->empty())
        return std::nullopt;
    return Parts{
        .header = *std::move(header), .payload = *std::move(payload), .signature = *std::move(signature)};
}

/// By whom it was signed, and how: only what is allowed, and only with a key that is for it.
Result<const SigningKey*, TokenProblem> keyFor(const boost::json::object& header, const KeySet& keys) {
    const auto name = textOf(header, "alg");
    const auto algorithm = algorithmNamed(name);
    if (!algorithm)
        return wrong(fmt::format(
            "the ID token is signed by '{:.40}'; let the provider sign by RS256, PS256 or ES256", name));
    if (header.contains("crit")) return wrong("the ID token demands what is not known here (crit)");
    const auto id = textOf(header, "kid");
    if (const auto* key = keys.find(id, *algorithm)) return key;
    return tl::unexpected(
        TokenProblem{.fault = TokenFault::UnknownKey,
                     .message = fmt::format("the provider has no key '{:.100}' for {}", id, name)});
}

bool isSignedBy(std::string_view token, const SigningKey& key) {
    cjose_err error{};
    const Jws jws(cjose_jws_import(token.data(), token.size(), &error));
    return jws && cjose_jws_verify(jws.get(), key.key.get(), &error);
}

/// Seconds since 1970; such numbers may have fractions.
std::optional<double> secondsAt(const boost::json::object& claims, std::string_view name) {
    const auto* value = claims.if_contains(name);
    if (value == nullptr || !value->is_number()) return std::nullopt;
    return value->to_number<double>();
}

double seconds(Timestamp time) { return static_cast<double>(toUnixMillis(time)) / 1000; }

Result<void> checkAudience(const boost::json::object& claims, const std::string& clientId) {
    const auto* audience = claims.if_contains("aud");
    const auto* list = audience == nullptr ? nullptr : audience->if_array();
    bool ours = textOf(claims, "aud") == clientId;
    if (list != nullptr) {
        ours = std::ranges::any_of(*list, [&](const boost::json::value& each) {
            const auto* text = each.if_string();
            return text != nullptr && std::string_view(text->data(), text->size()) == clientId;
        });
    }
    if (!ours) return fail("the ID token is for another client (aud)");
    const bool several = list != nullptr && list->size() > 1;
    if ((several || claims.contains("azp")) && textOf(claims, "azp") != clientId)
        return fail("the ID token was given to another client (azp)");
    return {};
}

Result<void> checkTimes(const boost::json::object& claims, Timestamp now) {
    constexpr auto kLate = static_cast<double>(kLeeway.count());
    const auto expires = secondsAt(claims, "exp");
    const auto issued = secondsAt(claims, "iat");
    if (!expires || !issued) return fail("the ID token does not say when it was issued and when it ends");
    if (*expires + kLate <= seconds(now)) return fail("the ID token's time is over: are both clocks right?");
    if (*issued - kLate > seconds(now))
        return fail("the ID token is issued in the future: are both clocks right?");
    if (claims.contains("nbf") && !(secondsAt(claims, "nbf").value_or(HUGE_VAL) - kLate <= seconds(now)))
        return fail("the ID token's time has not come yet: are both clocks right?");
    return {};
}

}  // namespace

Result<void> checkClaims(const boost::json::object& claims, const IdTokenRules& rules) {
    if (textOf(claims, "iss") != rules.issuer) return fail("the ID token is of another issuer (iss)");
    if (auto checked = checkAudience(claims, rules.clientId); !checked) return checked;
    if (auto checked = checkTimes(claims, rules.now); !checked) return checked;
    if (rules.nonce.empty() || textOf(claims, "nonce") != rules.nonce)
        return fail("the ID token is of another login (nonce)");
    const auto subject = textOf(claims, "sub");
    if (subject.empty() || subject.size() > kMaxSubjectBytes)
        return fail("the ID token does not say of whom it is (sub)");
    return {};
}

Result<boost::json::object, TokenProblem> checkIdToken(std::string_view token, const KeySet& keys,
                                                       const IdTokenRules& rules) {
    const auto parts = partsOf(token);
    if (!parts) return wrong("the ID token is none: it has not three parts of base64url");
    const auto header = parseObject(parts->header);
    if (!header)
        return wrong(fmt::format("the head of the ID token cannot be read: {}", header.error().message));
    const auto key = keyFor(*header, keys);
    if (!key) return tl::unexpected(key.error());
    const bool fits = (*key)->kind == KeyKind::Rsa || parts->signature.size() == kEs256Bytes;
    if (!fits || !isSignedBy(token, **key)) return wrong("the signature of the ID token is not right");
    auto claims = parseObject(parts->payload);
    if (!claims) return wrong(fmt::format("the ID token cannot be read: {}", claims.error().message));
    if (const auto checked = checkClaims(*claims, rules); !checked) return wrong(checked.error().message);
    return *std::move(claims);
}

}  // namespace tagwire::oidc
