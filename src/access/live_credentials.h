/// Every session and token that opens something now, to be looked up without a lock or a disk.
/// Thread: any (immutable but for the atomic times). Lifetime: shared by whoever looks; a new one is made
/// with each change, of which the parts that did not change are the old ones'.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>

#include "access/access_store.h"
#include "access/grant.h"
#include "base/sha256.h"

namespace tagwire::access {

/// A session or a token.
struct LiveCredential {
    LiveCredential(std::shared_ptr<Grant> itsGrant, std::string itsRights, Timestamp lastUse)
        : grant(std::move(itsGrant)),
          rights(std::move(itsRights)),
          used(ticksOf(lastUse)),
          stored(ticksOf(lastUse)) {}

    const std::shared_ptr<Grant> grant;
    const std::string rights;                ///< all that the grant was made of: another text, another grant
    mutable std::atomic<std::int64_t> used;  ///< ticks
    mutable std::atomic<std::int64_t> stored;  ///< what the file says of it

    /// Whether a connection holds on to it.
    [[nodiscard]] bool isOpen() const noexcept { return grant.use_count() > 1; }
};

using CredentialTable = std::unordered_map<Sha256, std::shared_ptr<const LiveCredential>, Sha256Hasher>;

struct LiveCredentials {
    CredentialTable sessions;
    CredentialTable tokens;
    std::size_t users = 0;
};

/// What `rows` give whom. Grants of `before` that are in it no more, or say something else, end.
[[nodiscard]] std::shared_ptr<const LiveCredentials> liveOf(const AccessRows& rows,
                                                            const LiveCredentials* before);

}  // namespace tagwire::access
