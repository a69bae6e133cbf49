#include "access/oidc_options.h"

#include <algorithm>

#include "access/web_address.h"

namespace tagwire::access {
namespace {

/// Of RFC 6749, 3.3: visible ASCII without quotation marks and backslashes.
bool isScope(const std::string& text) {
    return !text.empty() &&
           std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7F' && c != '"' && c != '\\'; });
}

bool isPath(const std::string& claim) {
    return !claim.empty() && claim.front() != '.' && claim.back() != '.' &&
           claim.find("..") == std::string::npos;
}

void checkAddress(OptionErrors& errors, std::string_view key, const std::string& text) {
    const auto parsed = parseWebAddress(text, PlainHttp::ToLoopback);
    if (!parsed) {
        errors.add(key, parsed.error().message);
    } else if (parsed->query) {
        errors.add(key, "must not have a query (?)");
    }
}

}  // namespace

void OidcOptions::check(OptionErrors& errors) const {
    if (!enabled()) {
        errors.add("issuer", "is missing: the address of the provider, or leave the whole table out");
        return;
    }
    checkAddress(errors, "issuer", issuer);
    if (clientId.empty())
        errors.add("client_id", "is missing: register Tagwire with the provider, which tells it");
    if (address.empty()) {
        errors.add("address", "is missing: where browsers reach Tagwire, to come back from the provider");
    } else {
        checkAddress(errors, "address", address);
    }
    if (!clientSecret.empty() && !clientSecretFile.empty())
        errors.add("client_secret_file", "give client_secret or client_secret_file, not both");
    if (!std::ranges::all_of(scopes, isScope)) {
        errors.add("scopes", "a scope is one word without quotation marks");
    } else if (std::ranges::find(scopes, "openid") == scopes.end()) {
        errors.add("scopes", "must contain \"openid\"");
    }
    if (!isPath(userClaim)) errors.add("user_claim", "is no claim: names with single dots between");
    if (!isPath(roleClaim)) errors.add("role_claim", "is no claim: names with single dots between");
    if (viewers.empty() && operators.empty() && engineers.empty() && administrators.empty())
        errors.add("viewer",
                   "nobody could log in: give values of role_claim for one at least of viewer, operator, "
                   "engineer and administrator");
}

}  // namespace tagwire::access
