#include "oidc/documents.h"

#include <algorithm>
#include <utility>

#include <boost/json/array.hpp>
#include <boost/json/storage_ptr.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

#include "access/web_address.h"
#include "base/clip.h"
#include "base/strict_json.h"

namespace tagwire::oidc {
namespace {

using access::PlainHttp;

constexpr std::size_t kMaxDepth = 32;
constexpr std::size_t kMaxErrorBytes = 200;

bool lists(const boost::json::object& object, std::string_view name, std::string_view what) {
    const auto* list = object.if_contains(name);
    const auto* array = list == nullptr ? nullptr : list->if_array();
    return array != nullptr && std::ranges::any_of(*array, [&](const boost::json::value& each) {
               const auto* text = each.if_string();
               return text != nullptr && std::string_view(text->data(), text->size()) == what;
           });
}

/// What says nothing of it takes Basic (Discovery 1.0, 3).
ClientShows clientShowsIn(const boost::json::object& object) {
    constexpr std::string_view kMethods = "token_endpoint_auth_methods_supported";
    const bool onlyPost =
        lists(object, kMethods, "client_secret_post") && !lists(object, kMethods, "client_secret_basic");
    return onlyPost ? ClientShows::Post : ClientShows::Basic;
}

}  // namespace

Result<boost::json::object> parseObject(std::string_view text) {
    auto value = parseStrictJson(text, kMaxDepth, boost::json::storage_ptr());
    if (!value) return tl::unexpected(value.error());
    auto* object = value->if_object();
    if (object == nullptr) return fail("it is no JSON object");
    return std::move(*object);
}

std::string textOf(const boost::json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    const auto* text = value == nullptr ? nullptr : value->if_string();
    return text == nullptr ? std::string() : std::string(text->data(), text->size());
}

Result<ProviderDocument> parseProviderDocument(std::string_view text, const std::string& issuer) {
    const auto object = parseObject(text);
    if (!object) return tl::unexpected(object.error());
    // Mix-ups begin with a document that is another's (Discovery 1.0, 4.3).
    if (const auto said = textOf(*object, "issuer"); said != issuer)
        return fail(
            fmt::format("it is of '{:.200}', but issuer is '{}': both have to be the same", said, issuer));
    const auto own = access::parseWebAddress(issuer, PlainHttp::ToLoopback);
    const auto plain = own && own->loopback ? PlainHttp::ToLoopback : PlainHttp::Never;
    ProviderDocument document{.authorizationEndpoint = textOf(*object, "authorization_endpoint"),
                              .tokenEndpoint = textOf(*object, "token_endpoint"),
                              .jwksUri = textOf(*object, "jwks_uri"),
                              .userinfoEndpoint = textOf(*object, "userinfo_endpoint"),
                              .clientShows = clientShowsIn(*object)};
    for (const auto& [name, address] :
         {std::pair("authorization_endpoint", &document.authorizationEndpoint),
          std::pair("token_endpoint", &document.tokenEndpoint), std::pair("jwks_uri", &document.jwksUri),
          std::pair("userinfo_endpoint", &document.userinfoEndpoint)}) {
        if (address->empty() && address == &document.userinfoEndpoint) continue;
        if (address->empty()) return fail(fmt::format("it lacks {}", name));
        if (const auto parsed = access::parseWebAddress(*address, plain); !parsed)
            return fail(fmt::format("its {} {}", name, parsed.error().message));
    }
    return document;
}

Result<TokenAnswer> parseTokenAnswer(std::string_view text) {
    const auto object = parseObject(text);
    if (!object) return tl::unexpected(object.error());
    TokenAnswer answer{.idToken = textOf(*object, "id_token"),
                       .accessToken = textOf(*object, "access_token")};
    if (answer.idToken.empty()) return fail("it has no ID token");
    return answer;
}

TokenError tokenErrorOf(std::string_view text) {
    const auto object = parseObject(text);
    if (!object) return {};
    return {.code = clipped(textOf(*object, "error"), kMaxErrorBytes),
            .text = clipped(textOf(*object, "error_description"), kMaxErrorBytes)};
}

}  // namespace tagwire::oidc
