/// The address of an OPC UA server, `opc.tcp://host:port/path` (OPC 10000-6, 7.2).
/// Thread: any. Lifetime: value type.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace tagwire::source::opcua {

struct EndpointUrl {
    /// The registered port, taken where the text names none.
    static constexpr std::uint16_t kDefaultPort = 4840;

    /// Host name, IPv4 address, or IPv6 address without brackets.
    std::string host;
    std::uint16_t port = kDefaultPort;
    /// Begins with a slash, or is empty.
    std::string path;

    [[nodiscard]] static Result<EndpointUrl> parse(std::string_view text);
    [[nodiscard]] std::string text() const;
    /// Whether the host is an address already, so that no name has to be looked up.
    [[nodiscard]] bool isNumeric() const noexcept;

    friend bool operator==(const EndpointUrl&, const EndpointUrl&) = default;
};

}  // namespace tagwire::source::opcua
