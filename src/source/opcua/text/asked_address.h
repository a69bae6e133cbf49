/// Where a connection may go that somebody asked for by the API, so that a browser's user cannot make this
/// machine speak to what only it can reach: clouds' metadata services, neighbours on the link, everybody at
/// once. Loopback and private networks are allowed, because plants live there. The configuration may name
/// anything.
///
/// A name is no address: it is checked again as what it was looked up to, just before connecting.
/// Thread: any. Lifetime: functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "source/opcua/text/endpoint_url.h"

namespace tagwire::source::opcua {

/// Whose word it is that a server is connected to.
enum class AskedBy : std::uint8_t { Configuration, Api };

/// "a link-local address": why nobody may ask for this host; nothing where one may, or where it is a name.
/// Takes every form that the system's resolver takes for an address: decimal, octal and hexadecimal numbers,
/// IPv4 within IPv6.
[[nodiscard]] std::optional<std::string_view> forbiddenKind(std::string_view host);

/// The address of a server that somebody asked for; the error says what to do.
[[nodiscard]] Result<EndpointUrl> parseAskedUrl(std::string_view text);

/// Of what `host` was looked up to, that which may be connected to; the error says what to do where nothing
/// is left.
[[nodiscard]] Result<std::vector<std::string>> allowedAddresses(AskedBy by, std::string_view host,
                                                                std::vector<std::string> addresses);

}  // namespace tagwire::source::opcua
