#include "source/opcua/client/connection_security.h"

#include <new>
#include <span>
#include <utility>

#include <fmt/format.h>
#include <open62541/statuscodes.h>

#include "base/files.h"
#include "source/opcua/values/ua_types.h"
#include "x509/host_names.h"

namespace tagwire::source::opcua {
namespace {

constexpr std::size_t kMaxPasswordBytes = 4096;

Refusal refusal(UA_StatusCode status, std::string message) {
    return {StatusCode{status}, std::move(message)};
}

/// The library takes ownership of the array, which therefore comes from its allocator.
std::optional<Refusal> makePolicy(const SecurityPolicy& policy, const Identity& identity,
                                  const UA_Logger* logger, UA_SecurityPolicy*& array, std::size_t& size) {
    auto* const made = static_cast<UA_SecurityPolicy*>(UA_calloc(1, sizeof(UA_SecurityPolicy)));
    if (made == nullptr) throw std::bad_alloc();
    const UA_StatusCode status =
        policy.make(made, borrow(identity.certificate.der()), borrow(identity.key.view()), logger);
    if (status != UA_STATUSCODE_GOOD) {
        UA_free(made);
        return refusal(status, fmt::format("the certificate in `{}` cannot be used with the policy {} ({})",
                                           identity.file.string(), policyName(policy.uri),
                                           statusText(StatusCode{status})));
    }
    array = made;
    size = 1;
    return std::nullopt;
}

void clearPolicies(UA_SecurityPolicy*& array, std::size_t& size) noexcept {
    for (UA_SecurityPolicy& policy : std::span(array, size)) policy.clear(&policy);
    UA_free(array);
    array = nullptr;
    size = 0;
}

Result<x509::SecretBytes> passwordOf(const SecurityOptions& options) {
    if (options.passwordFile.empty()) return x509::SecretBytes(options.password);
    auto password = readSecretFile(options.passwordFile, kMaxPasswordBytes);
    if (!password) return fail("password_file: " + password.error().message);
    return x509::SecretBytes(std::move(*password));
}

template <class Token>
void setToken(UA_ClientConfig& config, Ua<Token> token) {
    auto* const owned = static_cast<Token*>(UA_new(&dataTypeOf<Token>()));
    if (owned == nullptr) throw std::bad_alloc();
    std::swap(*owned, token.get());
    UA_ExtensionObject_clear(&config.userIdentityToken);
    UA_ExtensionObject_setValue(&config.userIdentityToken, owned, &dataTypeOf<Token>());
}

/// Refusals that concern who we are as an application.
bool isAboutOurCertificate(StatusCode status) noexcept {
    switch (status.code()) {
        case UA_STATUSCODE_BADSECURITYCHECKSFAILED:
        case UA_STATUSCODE_BADCERTIFICATEINVALID:
        case UA_STATUSCODE_BADCERTIFICATEUNTRUSTED:
        case UA_STATUSCODE_BADCERTIFICATETIMEINVALID:
        case UA_STATUSCODE_BADCERTIFICATEISSUERTIMEINVALID:
        case UA_STATUSCODE_BADCERTIFICATEHOSTNAMEINVALID:
        case UA_STATUSCODE_BADCERTIFICATEURIINVALID:
        case UA_STATUSCODE_BADCERTIFICATEUSENOTALLOWED:
        case UA_STATUSCODE_BADCERTIFICATEPOLICYCHECKFAILED:
        case UA_STATUSCODE_BADCERTIFICATEREVOKED:
        case UA_STATUSCODE_BADCERTIFICATEREVOCATIONUNKNOWN:
        case UA_STATUSCODE_BADCERTIFICATECHAININCOMPLETE:
        case UA_STATUSCODE_BADAPPLICATIONSIGNATUREINVALID: return true;
        default: return false;
    }
}

/// How servers refuse to open a secure channel without saying why: they close the connection, or answer with
/// a ServiceFault, which the library cannot decode in this place.
bool isRebuff(StatusCode status) noexcept {
    return status.code() == UA_STATUSCODE_BADCONNECTIONCLOSED ||
           status.code() == UA_STATUSCODE_BADSECURECHANNELCLOSED ||
           status.code() == UA_STATUSCODE_BADDECODINGERROR;
}

}  // namespace

ConnectionSecurity::ConnectionSecurity(SecurityOptions options, std::string host)
    : options_(std::move(options)),
      host_(std::move(host)),
      folder_(options_.pki),
      verifier_(TrustStore(folder_)),
      begun_(wallClockNow()) {}

std::optional<Refusal> ConnectionSecurity::begin() {
    if (!secure()) return std::nullopt;
    return needOwn();
}

std::optional<Refusal> ConnectionSecurity::needOwn() {
    if (own_) return std::nullopt;
    auto own = ownCertificate(folder_);
    if (!own) return refusal(UA_STATUSCODE_BADCONFIGURATIONERROR, own.error().message);
    if (const auto dates = checkDates(*own, begun_); !dates)
        return refusal(UA_STATUSCODE_BADCERTIFICATETIMEINVALID, dates.error().message);
    own_ = std::move(*own);
    return std::nullopt;
}

std::optional<Refusal> ConnectionSecurity::verifyServer(std::string_view bytes) {
    auto chain = Certificate::parseChain(bytes);
    if (!chain)
        return refusal(UA_STATUSCODE_BADCERTIFICATEINVALID, "what the server sent as its certificate " +
                                                                chain.error().message +
                                                                ": renew the certificate there");
    if (auto refused = verifier_.verify(*chain, expected_, begun_)) return refused;
    server_ = std::move(*chain);
    return std::nullopt;
}

std::optional<Refusal> ConnectionSecurity::configure(const UA_GetEndpointsResponse& answer,
                                                     UA_ClientConfig& config) {
    const auto choice = chooseEndpoint(answer, options_);
    if (!choice) return choice.error();
    const UA_EndpointDescription& endpoint = *choice->endpoint;
    expected_ = {.host = options_.verifyHost ? host_ : std::string(),
                 .applicationUri = std::string(view(endpoint.server.applicationUri))};
    // Before looking, so that nothing that changes meanwhile is missed.
    watch_.emplace(folder_);
    // A password encrypted for the wrong server would be as good as sent in clear.
    const bool encrypts =
        choice->token->tokenType == UA_USERTOKENTYPE_USERNAME && choice->tokenPolicy->strength > 0;
    if (choice->policy->strength > 0 || encrypts) {
        if (auto refused = needOwn()) return refused;
        if (auto refused = verifyServer(view(endpoint.serverCertificate))) return refused;
    }

    UA_EndpointDescription_clear(&config.endpoint);
    if (UA_EndpointDescription_copy(&endpoint, &config.endpoint) != UA_STATUSCODE_GOOD)
        throw std::bad_alloc();
    if (!server_.empty()) {
        // The library compares it with the server's own certificate, without the issuers.
        UA_ByteString_clear(&config.endpoint.serverCertificate);
        config.endpoint.serverCertificate = copyOf(server_.front().der());
    }
    if (UA_UserTokenPolicy_copy(choice->token, &config.userTokenPolicy) != UA_STATUSCODE_GOOD)
        throw std::bad_alloc();
    config.securityMode = endpoint.securityMode;
    UA_String_clear(&config.securityPolicyUri);
    config.securityPolicyUri = copyOf(choice->policy->uri);
    if (choice->policy->strength > 0) {
        clearPolicies(config.securityPolicies, config.securityPoliciesSize);
        if (auto refused = makePolicy(*choice->policy, *own_, config.logging, config.securityPolicies,
                                      config.securityPoliciesSize))
            return refused;
    }
    config.certificateVerification.context = this;
    config.certificateVerification.verifyCertificate = onCertificate;
    setDescription(config);
    return setUser(*choice, config);
}

void ConnectionSecurity::setDescription(UA_ClientConfig& config) const {
    // Servers compare it with the certificate.
    UA_String_clear(&config.clientDescription.applicationUri);
    config.clientDescription.applicationUri =
        copyOf(own_ ? own_->certificate.info().applicationUri : applicationUriOf(x509::hostNames().name));
}

std::optional<Refusal> ConnectionSecurity::setUser(const EndpointChoice& choice, UA_ClientConfig& config) {
    if (choice.token->tokenType == UA_USERTOKENTYPE_USERNAME) {
        const auto password = passwordOf(options_);
        if (!password) return refusal(UA_STATUSCODE_BADCONFIGURATIONERROR, password.error().message);
        Ua<UA_UserNameIdentityToken> token;
        token->userName = copyOf(options_.user);
        token->password = copyOf(password->view());
        setToken(config, std::move(token));
        if (choice.tokenPolicy->strength == 0) return std::nullopt;
        return makePolicy(*choice.tokenPolicy, *own_, config.logging, config.authSecurityPolicies,
                          config.authSecurityPoliciesSize);
    }
    if (choice.token->tokenType == UA_USERTOKENTYPE_CERTIFICATE) {
        const auto user = loadIdentity(options_.userCertificate, options_.userKey);
        if (!user)
            return refusal(UA_STATUSCODE_BADCONFIGURATIONERROR, "user certificate: " + user.error().message);
        Ua<UA_X509IdentityToken> token;
        token->certificateData = copyOf(user->certificate.der());
        setToken(config, std::move(token));
        return makePolicy(*choice.tokenPolicy, *user, config.logging, config.authSecurityPolicies,
                          config.authSecurityPoliciesSize);
    }
    return std::nullopt;
}

UA_StatusCode ConnectionSecurity::onCertificate(const UA_CertificateVerification* verification,
                                                const UA_ByteString* chain) noexcept {
    auto& self = *static_cast<ConnectionSecurity*>(verification->context);
    if (self.server_.empty()) return UA_STATUSCODE_GOOD;  // nothing depends on it
    self.refusal_ = self.verifyServer(view(*chain));
    return self.refusal_ ? self.refusal_->status.code() : UA_STATUSCODE_GOOD;
}

std::optional<Refusal> ConnectionSecurity::recheck(SteadyTime now) {
    if (!own_ || !watch_ || !watch_->changed(now)) return std::nullopt;
    if (!server_.empty()) {
        if (auto refused = verifier_.verify(server_, expected_, begun_)) return refused;
    }
    const auto own = loadOwnCertificate(folder_);
    // One that cannot be read is a matter of the next connection: this one works.
    if (!own || own->certificate == own_->certificate) return std::nullopt;
    return refusal(UA_STATUSCODE_BADCONNECTIONCLOSED,
                   fmt::format("our own certificate was replaced: connecting anew with {}",
                               nameOf(own->certificate.info())));
}

std::string ConnectionSecurity::ourCertificate() const {
    return fmt::format(
        "trust our certificate there, {}: its file is `{}`, and many servers keep it among "
        "their rejected certificates now",
        nameOf(own_->certificate.info()), own_->file.string());
}

std::string ConnectionSecurity::aboutUser(StatusCode status) const {
    const std::string name = statusText(status);
    switch (userTokenTypeOf(options_)) {
        case UA_USERTOKENTYPE_USERNAME:
            return fmt::format(
                "does not let the user `{}` in ({}): check user and password in "
                "[opcua.security], and that the server knows this user",
                options_.user, name);
        case UA_USERTOKENTYPE_CERTIFICATE:
            return fmt::format(
                "does not take the user certificate `{}` ({}): trust it among the user "
                "certificates at the server",
                options_.userCertificate, name);
        default:
            return fmt::format(
                "does not let anonymous users in ({}): set user and password, or "
                "user_certificate and user_key, in [opcua.security]",
                name);
    }
}

std::string ConnectionSecurity::explain(SecurityStage stage, StatusCode status) const {
    if (refusal_) return refusal_->message;
    if (stage == SecurityStage::Live || stage == SecurityStage::Reaching) return {};
    switch (status.code()) {
        case UA_STATUSCODE_BADIDENTITYTOKENINVALID:
        case UA_STATUSCODE_BADIDENTITYTOKENREJECTED:
        case UA_STATUSCODE_BADUSERACCESSDENIED:
        case UA_STATUSCODE_BADUSERSIGNATUREINVALID: return aboutUser(status);
        default: break;
    }
    if (!own_ || !secure()) return {};
    if (isAboutOurCertificate(status))
        return fmt::format("does not accept this client ({}): {}", statusText(status), ourCertificate());
    if (stage == SecurityStage::OpeningChannel && isRebuff(status))
        return fmt::format("refused the secure connection when it saw our certificate: {}", ourCertificate());
    return {};
}

}  // namespace tagwire::source::opcua
