/// From what a provider says of somebody to who he is here.
/// Thread: any. Lifetime: functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "access/external_user.h"
#include "access/oidc_options.h"
#include "base/result.h"

namespace tagwire::oidc {

/// Where `path` is a.b, the member b of the object a. Names that have dots themselves, such as web addresses,
/// are found as well. Null: there is none.
[[nodiscard]] const boost::json::value* claimAt(const boost::json::object& claims, std::string_view path);

/// The texts of an array, one text, or the names of an object's members; nothing of anything else.
[[nodiscard]] std::vector<std::string> textsOf(const boost::json::value& claim);

/// Whether name and role can be told from them at all.
[[nodiscard]] bool haveNameAndRole(const boost::json::object& claims, const access::OidcOptions& options);

/// `claims` have been checked. The refusal says what the provider has to send instead.
[[nodiscard]] Result<access::ExternalUser, access::ExternalRefusal> externalUserOf(
    const boost::json::object& claims, const access::OidcOptions& options);

}  // namespace tagwire::oidc
