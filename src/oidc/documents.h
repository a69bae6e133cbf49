/// What a provider sends: where it is asked what (OpenID Connect Discovery 1.0), and its answers for a code.
/// Thread: any. Lifetime: value types.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <boost/json/object.hpp>

#include "base/result.h"

namespace tagwire::oidc {

/// An object; the error says what is wrong with it.
[[nodiscard]] Result<boost::json::object> parseObject(std::string_view text);

/// The member as text; empty where it is none.
[[nodiscard]] std::string textOf(const boost::json::object& object, std::string_view name);

/// How we show the provider who we are.
enum class ClientShows : std::uint8_t {
    Basic,  ///< by the header Authorization
    Post,   ///< in the form
};

struct ProviderDocument {
    std::string authorizationEndpoint;
    std::string tokenEndpoint;
    std::string jwksUri;
    std::string userinfoEndpoint;  ///< empty: it has none
    ClientShows clientShows = ClientShows::Basic;
};

/// Every address in it is https, or, where `issuer` is of this machine, of this machine as well.
[[nodiscard]] Result<ProviderDocument> parseProviderDocument(std::string_view text,
                                                             const std::string& issuer);

struct TokenAnswer {
    std::string idToken;
    std::string accessToken;  ///< empty: there is none
};

[[nodiscard]] Result<TokenAnswer> parseTokenAnswer(std::string_view text);

/// Why there is no token (RFC 6749, 5.2): `error`, and what is said to it.
struct TokenError {
    std::string code;
    std::string text;
};
[[nodiscard]] TokenError tokenErrorOf(std::string_view text);

}  // namespace tagwire::oidc
