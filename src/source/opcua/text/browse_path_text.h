/// Browse paths as people write them (OPC 10000-4, Annex A.2), with namespace URIs besides indexes:
///
///     /Objects/2:Plant/2:Boiler.2:Temp              from the root folder; `/` follows hierarchical
///     references, path=/Objects/nsu=http://plant/;Boiler        `.` components and properties; `path=` may
///     stand in front /Objects<Organizes>2:Plant<#!HasProperty>2:X  a given reference type; `#` without its
///     subtypes, `!` backwards /Objects<nsu=http://x/;i=4001>2:Line          the same by the reference type's
///     node id
///
/// A name without a namespace is in OPC UA's own, as in the specification. In names `&` stands before each of
/// `/ . < > : # ! &`; in a URI `;` and `%` are written as %3B and %25, as in node ids.
/// Thread: any. Lifetime: value types.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "source/opcua/text/node_id_text.h"

namespace tagwire::source::opcua {

/// A browse name, independent of how a server numbers its namespaces today when it names the URI.
struct BrowseNameText {
    NodeAddress::Namespace space = std::uint16_t{0};
    std::string name;

    friend bool operator==(const BrowseNameText&, const BrowseNameText&) = default;
};

/// A node's address by the way from the root folder to it.
struct BrowsePathText {
    static constexpr std::size_t kMaxBytes = 4096;
    static constexpr std::size_t kMaxElements = 100;

    /// `/`: hierarchical references and their subtypes.
    struct Hierarchical {
        friend bool operator==(const Hierarchical&, const Hierarchical&) = default;
    };
    /// `.`: Aggregates and its subtypes: components and properties.
    struct Aggregates {
        friend bool operator==(const Aggregates&, const Aggregates&) = default;
    };
    /// `<…>`: a reference type by node id, or by its browse name in OPC UA's namespace.
    struct ReferenceType {
        std::variant<std::string, NodeAddress> type;
        bool includeSubtypes = true;
        bool inverse = false;
        friend bool operator==(const ReferenceType&, const ReferenceType&) = default;
    };

    struct Element {
        std::variant<Hierarchical, Aggregates, ReferenceType> reference;
        BrowseNameText target;
        friend bool operator==(const Element&, const Element&) = default;
    };

    /// At least one.
    std::vector<Element> elements;

    /// Whether `text` is meant as a browse path rather than a node id.
    [[nodiscard]] static bool isPath(std::string_view text) noexcept {
        return text.starts_with("/") || text.starts_with("path=");
    }
    [[nodiscard]] static Result<BrowsePathText> parse(std::string_view text);
    /// parse(text()) gives the same path.
    [[nodiscard]] std::string text() const;

    friend bool operator==(const BrowsePathText&, const BrowsePathText&) = default;
};

/// `/2:Name` as it stands in a path, with what must be escaped.
[[nodiscard]] std::string pathElementText(const BrowseNameText& name);

/// What the configuration takes wherever it names a node.
using NodeLocator = std::variant<NodeAddress, BrowsePathText>;

[[nodiscard]] Result<NodeLocator> parseNodeLocator(std::string_view text);
[[nodiscard]] std::string textOf(const NodeLocator& locator);

}  // namespace tagwire::source::opcua
