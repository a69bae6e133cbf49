// What a provider sends, or whoever pretends to be one: any bytes are taken or refused, and nothing that is
// not signed is believed.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "access/oidc_options.h"
#include "oidc/claims.h"
#include "oidc/documents.h"
#include "oidc/id_token.h"
#include "oidc/key_set.h"
#include "oidc/login_state.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace tagwire;
    using namespace tagwire::oidc;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const std::string issuer = "https://id.example.com";
    const IdTokenRules rules{.issuer = issuer, .clientId = "tagwire", .nonce = "n1", .now = wallClockNow()};
    if (const auto document = parseProviderDocument(text, issuer);
        document && !document->tokenEndpoint.starts_with("https:") &&
        !document->tokenEndpoint.starts_with("HTTPS:") && document->tokenEndpoint.find(':') != 5)
        std::abort();
    // A set of keys, and a token behind it: nobody who makes up both in here signs one.
    const auto line = text.find('\n');
    const KeySet none;
    const auto keys = KeySet::parse(text.substr(0, line));
    const auto token = line == std::string_view::npos ? text : text.substr(line + 1);
    static_cast<void>(checkIdToken(token, keys ? *keys : none, rules));
    if (checkIdToken(token, none, rules)) std::abort();
    if (const auto claims = parseObject(text)) {
        access::OidcOptions options;
        options.issuer = issuer;
        options.administrators = {"admin"};
        static_cast<void>(checkClaims(*claims, rules));
        if (const auto user = externalUserOf(*claims, options);
            user &&
            (user->name.empty() || user->subject.empty() || user->role != access::Role::Administrator))
            std::abort();
    }
    static_cast<void>(parseTokenAnswer(text));
    static_cast<void>(tokenErrorOf(text));
    if (StateSeal().open(text, rules.now)) std::abort();
    return 0;
}
