/// Options of logging in by a provider of OpenID Connect: the table [security.oidc].
/// Thread: any. Lifetime: value type.
#pragma once

#include <string>
#include <vector>

#include "base/option.h"

namespace tagwire::access {

struct OidcOptions {
    std::string issuer = {};
    std::string clientId = {};
    std::string clientSecret = {};
    std::string clientSecretFile = {};
    std::string address = {};
    std::string title = "OpenID Connect";
    std::vector<std::string> scopes = {"openid", "profile", "email"};
    std::string userClaim = "preferred_username";
    std::string roleClaim = "roles";
    std::vector<std::string> viewers = {};
    std::vector<std::string> operators = {};
    std::vector<std::string> engineers = {};
    std::vector<std::string> administrators = {};

    [[nodiscard]] bool enabled() const noexcept { return !issuer.empty(); }

    template <class Visitor>
    static void describe(Visitor& v) {
        using O = OidcOptions;
        v.field(&O::issuer,
                {.key = "issuer",
                 .text = "The provider's address, exactly as it calls itself, such as "
                         "https://id.example.com/realms/plant: it serves "
                         "/.well-known/openid-configuration below it. Empty: one logs in by password only.",
                 .max = 1024});
        v.field(&O::clientId, {.key = "client_id", .text = "What the provider calls Tagwire.", .max = 256});
        v.field(&O::clientSecret,
                {.key = "client_secret",
                 .text = "By which Tagwire shows the provider who it is; none for a public client. Everybody "
                         "who can read the configuration can read it: client_secret_file is better.",
                 .max = 1024,
                 .secret = true});
        v.field(&O::clientSecretFile,
                {.key = "client_secret_file",
                 .text = "File with the client secret, relative to the configuration's folder; a line break "
                         "at its end does not belong to it. Read at each login.",
                 .max = 4096});
        v.field(&O::address,
                {.key = "address",
                 .text = "Where browsers reach Tagwire, such as https://tagwire.example.com:5000. The "
                         "provider has to allow its path /api/v1/login/oidc/callback as redirect URI.",
                 .max = 1024});
        v.field(&O::title, {.key = "title",
                            .text = "What the page calls the provider: the button says `Log in with …`.",
                            .min = 1,
                            .max = 60});
        v.field(&O::scopes, {.key = "scopes",
                             .text = "What the provider is asked for. Some send groups only for a scope of "
                                     "that name.",
                             .min = 1,
                             .max = 20});
        v.field(&O::userClaim,
                {.key = "user_claim",
                 .text = "The claim with the user's name. Where claims lie within each other, their names "
                         "with dots between.",
                 .min = 1,
                 .max = 256});
        v.field(&O::roleClaim,
                {.key = "role_claim",
                 .text = "The claim with roles or groups, such as realm_access.roles: texts, a text, or an "
                         "object with such names. It decides the role at each login.",
                 .min = 1,
                 .max = 256});
        v.field(&O::viewers,
                {.key = "viewer", .text = "Values of that claim that make somebody a viewer.", .max = 100});
        v.field(
            &O::operators,
            {.key = "operator", .text = "Values of that claim that make somebody an operator.", .max = 100});
        v.field(
            &O::engineers,
            {.key = "engineer", .text = "Values of that claim that make somebody an engineer.", .max = 100});
        v.field(&O::administrators,
                {.key = "administrator",
                 .text = "Values of that claim that make somebody an administrator. The highest role counts; "
                         "whoever has none of these values is not let in.",
                 .max = 100});
    }

    void check(OptionErrors& errors) const;
};

}  // namespace tagwire::access
