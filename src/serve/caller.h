/// Who asks, as far as one request or connection has shown.
/// Thread: the shard's. Lifetime: value type.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "access/access_services.h"
#include "access/grant.h"
#include "access/principal.h"

namespace tagwire::serve {

enum class ShownBy : std::uint8_t {
    Nothing,
    Cookie,
    Token,
    WrongToken,  ///< one that nobody has, or has no more: worse than nothing, because whoever sends it errs
};

struct Caller {
    /// Never null once a caller is known.
    std::shared_ptr<const access::Principal> principal;
    access::SharedGrant grant;  ///< null: somebody unknown
    ShownBy by = ShownBy::Nothing;
    bool local = false;   ///< a program or browser of this machine, and no proxy says that it passed it on
    std::string address;  ///< of the client

    [[nodiscard]] access::Asking asking() const {
        return {.user = principal ? principal->user : std::string(),
                .token = principal ? principal->token : std::string(),
                .address = address};
    }
};

}  // namespace tagwire::serve
