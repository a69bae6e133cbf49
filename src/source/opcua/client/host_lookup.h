/// Looks up a host name without holding up the I/O thread, which the system's resolver can do for half a
/// minute. Thread: the source's; the lookup itself runs on a thread of its own, which outlives this object if
/// it hangs. Lifetime: member of the session.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"

namespace tagwire::source::opcua {

class HostLookup {
public:
    /// Numeric addresses, the system's preferred one first; at least one.
    using Addresses = std::vector<std::string>;

    /// Begins unless a lookup of the same name is still under way.
    void begin(const std::string& host);
    /// The outcome, once; nothing while it is under way.
    [[nodiscard]] std::optional<Result<Addresses>> take();

private:
    struct Shared;
    std::shared_ptr<Shared> shared_;
};

}  // namespace tagwire::source::opcua
