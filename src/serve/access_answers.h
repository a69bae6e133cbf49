/// Bodies of the routes about who may do what (OpenAPI document), as text.
/// Thread: any. Lifetime: functions. All append to `out`.
#pragma once

#include <string>
#include <vector>

#include "access/access_services.h"
#include "access/login_provider.h"
#include "serve/caller.h"

namespace tagwire::serve {

/// `users`: there is one already. `provider`: null where one logs in by password only.
void appendSession(std::string& out, const Caller& caller, bool users, const access::LoginProvider* provider);

/// `current`: id of the session that asks.
void appendSessions(std::string& out, const std::vector<access::SessionRecord>& sessions,
                    std::string_view current);

void appendTokens(std::string& out, const std::vector<access::TokenRecord>& tokens);
void appendMadeToken(std::string& out, const access::MadeToken& token);

void appendUser(std::string& out, const access::UserRecord& user);
void appendUsers(std::string& out, const std::vector<access::UserRecord>& users);

}  // namespace tagwire::serve
