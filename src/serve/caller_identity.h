/// Finds out who asks: by a session's cookie, by a token, or by what the configuration gives to whoever has
/// not said. Thread: any. Lifetime: owned by the server, outlives the shards.
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "access/access_services.h"
#include "access/options.h"
#include "base/time.h"
#include "serve/caller.h"

namespace tagwire::serve {

class CallerIdentity {
public:
    /// `services`: null where there are no users, sessions and tokens at all.
    CallerIdentity(access::AccessServices* services, const access::AccessOptions& options);

    struct Shown {
        std::optional<std::string_view> cookie;
        std::optional<std::string_view> token;
        bool local = false;
    };
    /// A token counts before a cookie: pages send their cookie whether they want or not. A session that has
    /// ended is nobody's; a wrong token is told.
    [[nodiscard]] Caller find(const Shown& shown, Timestamp now) const;

    /// Null: nobody's.
    [[nodiscard]] access::SharedGrant token(std::string_view secret, Timestamp now) const;

    /// What somebody unknown may do by now: that changes when the first user is made.
    [[nodiscard]] std::shared_ptr<const access::Principal> unknown(bool local) const;

    [[nodiscard]] bool hasUsers() const noexcept { return services_ != nullptr && services_->hasUsers(); }

private:
    access::AccessServices* services_;
    /// Made once, shared by all who are unknown.
    std::shared_ptr<const access::Principal> remote_;
    std::shared_ptr<const access::Principal> local_;
    std::shared_ptr<const access::Principal> localWithoutUsers_;
};

}  // namespace tagwire::serve
