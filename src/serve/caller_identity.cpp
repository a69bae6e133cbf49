#include "serve/caller_identity.h"

#include "access/anonymous.h"

namespace tagwire::serve {
namespace {

using access::Principal;

std::shared_ptr<const Principal> unknownAs(const access::AccessOptions& options, bool local, bool hasUsers) {
    return std::make_shared<const Principal>(access::somebodyUnknown(options, local, hasUsers));
}

/// Lives as long as the grant, without a copy of what it holds.
std::shared_ptr<const Principal> principalOf(const access::SharedGrant& grant) {
    return {grant, &grant->principal()};
}

}  // namespace

CallerIdentity::CallerIdentity(access::AccessServices* services, const access::AccessOptions& options)
    : services_(services),
      remote_(unknownAs(options, false, true)),
      local_(unknownAs(options, true, true)),
      localWithoutUsers_(unknownAs(options, true, false)) {}

std::shared_ptr<const Principal> CallerIdentity::unknown(bool local) const {
    if (!local) return remote_;
    return hasUsers() ? local_ : localWithoutUsers_;
}

access::SharedGrant CallerIdentity::token(std::string_view secret, Timestamp now) const {
    auto grant = services_ == nullptr ? nullptr : services_->token(secret, now);
    return grant && grant->stands(now) ? grant : nullptr;
}

Caller CallerIdentity::find(const Shown& shown, Timestamp now) const {
    Caller caller;
    caller.local = shown.local;
    if (shown.token) {
        caller.grant = token(*shown.token, now);
        caller.by = caller.grant ? ShownBy::Token : ShownBy::WrongToken;
    } else if (shown.cookie && services_ != nullptr) {
        caller.grant = services_->session(*shown.cookie, now);
        if (caller.grant && !caller.grant->stands(now)) caller.grant = nullptr;
        if (caller.grant) caller.by = ShownBy::Cookie;
    }
    if (caller.grant) {
        caller.principal = principalOf(caller.grant);
    } else if (caller.by == ShownBy::WrongToken) {
        caller.principal = std::make_shared<const Principal>(access::stranger());
    } else {
        caller.principal = unknown(shown.local);
    }
    return caller;
}

}  // namespace tagwire::serve
