/// Node ids as people write them (OPC 10000-6, 5.3.1.10): `nsu=http://plant/;s=Boiler`, `ns=2;i=5`, `i=2258`.
/// Thread: any. Lifetime: value types.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/result.h"
#include "model/value.h"

namespace tagwire::source::opcua {

/// A node's address, independent of how a server numbers its namespaces today when it names the URI.
struct NodeAddress {
    /// Of a string or opaque identifier (OPC 10000-3, 8.2.4).
    static constexpr std::size_t kMaxIdentifierBytes = 4096;

    using Namespace = std::variant<std::uint16_t, std::string>;
    using Identifier = std::variant<std::uint32_t, std::string, Guid, ByteString>;

    /// The index at the server, or the URI to be resolved at each connect.
    Namespace space = std::uint16_t{0};
    Identifier identifier = std::uint32_t{0};

    [[nodiscard]] static Result<NodeAddress> parse(std::string_view text);
    /// parse(text()) gives the same address.
    [[nodiscard]] std::string text() const;

    friend bool operator==(const NodeAddress&, const NodeAddress&) = default;
};

/// A namespace URI between `nsu=` and `;`, where `;` and `%` are written as %3B and %25 (OPC
/// 10000-6, 5.3.1.11).
[[nodiscard]] std::string escapeNamespaceUri(std::string_view uri);
/// Nothing where a % is not followed by two hexadecimal digits.
[[nodiscard]] std::optional<std::string> unescapeNamespaceUri(std::string_view text);

}  // namespace tagwire::source::opcua
