/// The provider as it is known by now, and what is asked of it: where logins go, and who somebody is.
/// Thread: one (OidcLogin's). Lifetime: owned by OidcLogin; options and client outlive it.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <boost/json/object.hpp>

#include "access/external_user.h"
#include "access/oidc_options.h"
#include "base/result.h"
#include "base/time.h"
#include "oidc/documents.h"
#include "oidc/http_client.h"
#include "oidc/id_token.h"
#include "oidc/key_set.h"
#include "oidc/login_state.h"

namespace tagwire::oidc {

/// Below Tagwire's own address; the provider sends browsers back there.
inline constexpr std::string_view kCallbackPath = "/api/v1/login/oidc/callback";

class Provider {
public:
    using Identified = Result<access::ExternalUser, access::ExternalRefusal>;

    /// What it says of itself is asked for again after so long.
    static constexpr std::chrono::minutes kRemembered{60};
    /// Keys are asked for again at most so often, whatever tokens name.
    static constexpr std::chrono::seconds kKeysAgain{60};
    /// Who comes right after it did not answer is told the same at once.
    static constexpr std::chrono::seconds kPause{5};

    /// Names of files count from `folder`.
    Provider(const access::OidcOptions& options, std::filesystem::path folder, HttpClient& http)
        : options_(options), folder_(std::move(folder)), http_(http) {}

    /// Where a browser is sent to log in.
    [[nodiscard]] Result<std::string> loginAddress(const LoginState& state, SteadyTime until);
    /// Who came back with the code.
    [[nodiscard]] Identified identify(const std::string& code, const LoginState& state, SteadyTime until);

private:
    template <class T>
    using Answer = Result<T, access::ExternalRefusal>;

    [[nodiscard]] Result<void> learn(SteadyTime until);
    [[nodiscard]] Result<void> fetchDocument(SteadyTime until);
    [[nodiscard]] Result<void> fetchKeys(SteadyTime until);
    /// The body of an answer 200.
    [[nodiscard]] Result<std::string> fetch(const std::string& address, const std::string& authorization,
                                            SteadyTime until);
    [[nodiscard]] Result<std::string> clientSecret() const;
    [[nodiscard]] Answer<TokenAnswer> redeem(const std::string& code, const LoginState& state,
                                             SteadyTime until);
    [[nodiscard]] Answer<boost::json::object> check(const std::string& token, const LoginState& state,
                                                    SteadyTime until);
    [[nodiscard]] Answer<boost::json::object> withUserinfo(boost::json::object claims,
                                                           const std::string& accessToken, SteadyTime until);

    const access::OidcOptions& options_;
    const std::filesystem::path folder_;
    HttpClient& http_;
    std::optional<ProviderDocument> document_;
    SteadyTime learned_{};
    KeySet keys_;
    std::optional<SteadyTime> keysAsked_;  ///< with an answer
    std::string problem_;                  ///< of the last attempt to learn
    SteadyTime pauseEnds_{};
};

/// Of `options.address`, without a slash at its end.
[[nodiscard]] std::string pageOf(const access::OidcOptions& options);

}  // namespace tagwire::oidc
