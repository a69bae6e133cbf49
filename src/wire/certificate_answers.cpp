#include "wire/certificate_answers.h"

#include <string_view>

#include "base/json_text.h"
#include "wire/json_list.h"

namespace tagwire::wire {
namespace {

std::string_view nameOf(EndpointSecurity security) noexcept {
    switch (security) {
        case EndpointSecurity::Sign: return "Sign";
        case EndpointSecurity::SignAndEncrypt: return "SignAndEncrypt";
        case EndpointSecurity::None: break;
    }
    return "None";
}

std::string_view nameOf(UserTokenKind kind) noexcept {
    switch (kind) {
        case UserTokenKind::UserName: return "user_name";
        case UserTokenKind::Certificate: return "certificate";
        case UserTokenKind::Issued: return "issued";
        case UserTokenKind::Anonymous: break;
    }
    return "anonymous";
}

void appendCertificate(std::string& out, const CertificateInfo& certificate) {
    ObjectWriter object(out);
    object.member("fingerprint", certificate.fingerprint);
    object.member("thumbprint", certificate.thumbprint);
    object.member("subject", certificate.subject);
    object.member("issuer", certificate.issuer);
    object.member("selfSigned", certificate.selfSigned);
    if (!certificate.applicationUri.empty()) object.member("applicationUri", certificate.applicationUri);
    auto hosts = certificate.dnsNames;
    hosts.insert(hosts.end(), certificate.ipAddresses.begin(), certificate.ipAddresses.end());
    appendJsonList(object.key("hosts"), hosts, appendJsonString);
    object.member("from", certificate.validFrom);
    object.member("to", certificate.validTo);
    object.member("bits", certificate.keyBits);
}

void appendEndpoint(std::string& out, const ServerEndpoint& endpoint) {
    ObjectWriter object(out);
    object.member("url", endpoint.url);
    object.member("policy", endpoint.policy);
    object.member("mode", nameOf(endpoint.security));
    object.member("words", endpoint.words);
    object.member("secure", endpoint.security != EndpointSecurity::None);
    appendJsonList(object.key("tokens"), endpoint.userTokens, [](std::string& text, const UserToken& token) {
        appendJsonString(text, nameOf(token.kind));
    });
    if (endpoint.certificate) appendCertificate(object.key("certificate"), *endpoint.certificate);
}

}  // namespace

void appendCertificates(std::string& out, const CertificateOverview& overview) {
    ObjectWriter object(out);
    if (overview.own) appendCertificate(object.key("own"), *overview.own);
    if (!overview.problem.empty()) object.member("problem", overview.problem);
    object.member("folder", overview.folder);
    appendJsonList(object.key("trusted"), overview.trusted, appendCertificate);
    appendJsonList(object.key("rejected"), overview.rejected, appendCertificate);
}

void appendEndpoints(std::string& out, const std::vector<ServerEndpoint>& endpoints) {
    ObjectWriter object(out);
    appendJsonList(object.key("endpoints"), endpoints, appendEndpoint);
}

}  // namespace tagwire::wire
