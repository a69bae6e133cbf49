/// Which pages may connect: the one gate against foreign pages and DNS rebinding.
/// Thread: any (immutable). Lifetime: owned by the server, outlives the shards.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace tagwire::serve {

class OriginPolicy {
public:
    /// Both lists as in ServerOptions; already validated.
    OriginPolicy(std::vector<std::string> allowedOrigins, std::vector<std::string> allowedHosts);

    /// `host` is the Host header. IP addresses and localhost are always right, since rebinding needs a name.
    [[nodiscard]] bool allowsHost(std::string_view host) const;

    /// `origin` is the Origin header (RFC 6454); empty means that no page asks. Loopback pages, pages of this
    /// very server, and the configured origins are allowed.
    [[nodiscard]] bool allowsOrigin(std::string_view origin, std::string_view host) const;

    /// Whether it is a page of this very server, or of a configured origin: such a one may act for the user
    /// whose session the browser shows. Other pages of this machine are other people's programs.
    [[nodiscard]] bool isOwn(std::string_view origin, std::string_view host, bool secure) const;

private:
    std::vector<std::string> origins_;
    std::vector<std::string> hosts_;
};

/// Lower-cased `scheme://host[:port]` without a path; the error says what is wrong.
[[nodiscard]] Result<std::string> parseOrigin(std::string_view text);

/// Whether a Host header names "localhost", which is another machine for everybody.
[[nodiscard]] bool isLocalhost(std::string_view host);

/// A bare host name as in a Host header without port.
[[nodiscard]] Result<std::string> parseHostName(std::string_view text);

}  // namespace tagwire::serve
