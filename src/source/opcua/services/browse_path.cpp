#include "source/opcua/services/browse_path.h"

#include <algorithm>
#include <array>
#include <limits>
#include <memory>
#include <new>
#include <optional>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "source/opcua/services/batched_call.h"
#include "source/opcua/services/node_text.h"

namespace tagwire::source::opcua {
namespace {

struct KnownType {
    std::string_view name;
    UA_UInt32 id;
};

/// Reference types that have a name in OPC UA's namespace (OPC 10000-5, 11; OPC 10000-9, 5.4).
constexpr std::array kKnownTypes{
    KnownType{"References", UA_NS0ID_REFERENCES},
    KnownType{"HierarchicalReferences", UA_NS0ID_HIERARCHICALREFERENCES},
    KnownType{"NonHierarchicalReferences", UA_NS0ID_NONHIERARCHICALREFERENCES},
    KnownType{"HasChild", UA_NS0ID_HASCHILD},
    KnownType{"Aggregates", UA_NS0ID_AGGREGATES},
    KnownType{"Organizes", UA_NS0ID_ORGANIZES},
    KnownType{"HasComponent", UA_NS0ID_HASCOMPONENT},
    KnownType{"HasOrderedComponent", UA_NS0ID_HASORDEREDCOMPONENT},
    KnownType{"HasProperty", UA_NS0ID_HASPROPERTY},
    KnownType{"HasSubtype", UA_NS0ID_HASSUBTYPE},
    KnownType{"HasTypeDefinition", UA_NS0ID_HASTYPEDEFINITION},
    KnownType{"HasModellingRule", UA_NS0ID_HASMODELLINGRULE},
    KnownType{"HasEncoding", UA_NS0ID_HASENCODING},
    KnownType{"HasDescription", UA_NS0ID_HASDESCRIPTION},
    KnownType{"HasEventSource", UA_NS0ID_HASEVENTSOURCE},
    KnownType{"HasNotifier", UA_NS0ID_HASNOTIFIER},
    KnownType{"HasCondition", UA_NS0ID_HASCONDITION},
    KnownType{"HasTrueSubState", UA_NS0ID_HASTRUESUBSTATE},
    KnownType{"HasFalseSubState", UA_NS0ID_HASFALSESUBSTATE},
    KnownType{"HasSubStateMachine", UA_NS0ID_HASSUBSTATEMACHINE},
    KnownType{"HasHistoricalConfiguration", UA_NS0ID_HASHISTORICALCONFIGURATION},
    KnownType{"GeneratesEvent", UA_NS0ID_GENERATESEVENT},
    KnownType{"AlwaysGeneratesEvent", UA_NS0ID_ALWAYSGENERATESEVENT},
    KnownType{"HasInterface", UA_NS0ID_HASINTERFACE},
    KnownType{"HasAddIn", UA_NS0ID_HASADDIN},
    KnownType{"HasDictionaryEntry", UA_NS0ID_HASDICTIONARYENTRY},
};

LocatedNode notFound(UA_StatusCode status, std::string reason) {
    return {{}, StatusCode{status}, std::move(reason)};
}

/// False, and the reason in `failure`, where this server cannot have it.
bool fillElement(UA_RelativePathElement& out, const BrowsePathText::Element& element,
                 NamespaceArray namespaces, LocatedNode& failure) {
    out.includeSubtypes = true;
    out.referenceTypeId.identifier.numeric = UA_NS0ID_HIERARCHICALREFERENCES;
    if (std::holds_alternative<BrowsePathText::Aggregates>(element.reference)) {
        out.referenceTypeId.identifier.numeric = UA_NS0ID_AGGREGATES;
    } else if (const auto* given = std::get_if<BrowsePathText::ReferenceType>(&element.reference)) {
        out.includeSubtypes = given->includeSubtypes;
        out.isInverse = given->inverse;
        if (const auto* name = std::get_if<std::string>(&given->type)) {
            const auto* known = std::ranges::find(kKnownTypes, *name, &KnownType::name);
            if (known == kKnownTypes.end()) {
                failure =
                    notFound(UA_STATUSCODE_BADREFERENCETYPEIDINVALID,
                             fmt::format("OPC UA has no reference type `{}`; name it by its node id", *name));
                return false;
            }
            out.referenceTypeId.identifier.numeric = known->id;
        } else {
            auto id = resolve(std::get<NodeAddress>(given->type), namespaces);
            if (!id) {
                failure = notFound(UA_STATUSCODE_BADREFERENCETYPEIDINVALID,
                                   fmt::format("the server has no namespace of the reference type `{}`",
                                               std::get<NodeAddress>(given->type).text()));
                return false;
            }
            std::swap(out.referenceTypeId, id->get());
        }
    }
    if (const auto* uri = std::get_if<std::string>(&element.target.space)) {
        const auto found = std::ranges::find(namespaces, *uri);
        if (found == namespaces.end()) {
            failure =
                notFound(UA_STATUSCODE_BADNOMATCH, fmt::format("the server has no namespace `{}`", *uri));
            return false;
        }
        out.targetName.namespaceIndex = static_cast<UA_UInt16>(found - namespaces.begin());
    } else {
        out.targetName.namespaceIndex = std::get<std::uint16_t>(element.target.space);
    }
    out.targetName.name = copyOf(element.target.name);
    return true;
}

/// Nothing, and the reason in `failure`, where this server cannot have it.
std::optional<Ua<UA_BrowsePath>> pathOf(const BrowsePathText& text, NamespaceArray namespaces,
                                        LocatedNode& failure) {
    Ua<UA_BrowsePath> path;
    path->startingNode.identifier.numeric = UA_NS0ID_ROOTFOLDER;
    auto* elements = static_cast<UA_RelativePathElement*>(
        UA_Array_new(text.elements.size(), &UA_TYPES[UA_TYPES_RELATIVEPATHELEMENT]));
    if (elements == nullptr) throw std::bad_alloc();
    path->relativePath.elements = elements;
    path->relativePath.elementsSize = text.elements.size();
    for (std::size_t i = 0; i < text.elements.size(); ++i) {
        if (!fillElement(elements[i], text.elements[i], namespaces, failure)) return std::nullopt;
    }
    return path;
}

}  // namespace

LocatedNode locatedBy(const UA_BrowsePathResult& result, NamespaceArray namespaces) {
    const StatusCode status{result.statusCode};
    if (status.isBad()) {
        return notFound(status.code(),
                        status.code() == UA_STATUSCODE_BADNOMATCH
                            ? "the server has no node with this browse path"
                            : fmt::format("the server refuses the path: {}", statusText(status)));
    }
    LocatedNode located;
    bool several = false;
    bool elsewhere = false;
    for (std::size_t i = 0; i < result.targetsSize; ++i) {
        const UA_BrowsePathTarget& target = result.targets[i];
        if (target.remainingPathIndex != std::numeric_limits<UA_UInt32>::max() ||
            isRemote(target.targetId, namespaces)) {
            elsewhere = true;
            continue;
        }
        auto id = localId(target.targetId, namespaces);
        // The same node by two ways is one.
        several = several ||
                  (!UA_NodeId_isNull(&located.id.get()) && !UA_NodeId_equal(&id.get(), &located.id.get()));
        located.id = std::move(id);
    }
    if (several) {
        return notFound(UA_STATUSCODE_BADTOOMANYMATCHES,
                        fmt::format("{} nodes have this browse path; name the one you mean by its node id",
                                    result.targetsSize));
    }
    if (!UA_NodeId_isNull(&located.id.get())) return located;
    if (elsewhere || status.withoutInfoBits().code() == UA_STATUSCODE_UNCERTAINREFERENCEOUTOFSERVER) {
        return notFound(UA_STATUSCODE_BADNOTSUPPORTED,
                        "the path leads to another server, which is not followed; connect to that server");
    }
    return notFound(UA_STATUSCODE_BADNOMATCH, "the server has no node with this browse path");
}

void locateNodes(const ServerView& server, std::span<const NodeLocator> locators,
                 std::function<void(std::vector<LocatedNode>)> done) {
    std::vector<LocatedNode> nodes(locators.size());
    std::vector<std::size_t> asked;
    std::vector<Ua<UA_BrowsePath>> paths;
    for (std::size_t i = 0; i < locators.size(); ++i) {
        if (const auto* address = std::get_if<NodeAddress>(&locators[i])) {
            auto id = resolve(*address, server.namespaces);
            nodes[i] = id ? LocatedNode{std::move(*id), {}, {}}
                          : notFound(id.error().code(), "the server has no such namespace");
        } else if (auto path = pathOf(std::get<BrowsePathText>(locators[i]), server.namespaces, nodes[i])) {
            asked.push_back(i);
            paths.push_back(std::move(*path));
        }
    }
    if (asked.empty()) {
        done(std::move(nodes));
        return;
    }
    UaArray<UA_BrowsePath> items(paths.size());
    for (std::size_t i = 0; i < paths.size(); ++i) std::swap(items[i], paths[i].get());
    const auto found = std::make_shared<std::vector<LocatedNode>>(std::move(nodes));
    callInBatches(
        server.client, kTranslateBrowsePaths, server.limits.translateBrowsePaths, std::move(items), {},
        std::function([found, asked = std::move(asked), namespaces = server.namespaces,
                       done = std::move(done)](std::vector<Outcome<UA_BrowsePathResult>>& outcomes) {
            for (std::size_t i = 0; i < outcomes.size(); ++i) {
                const auto& [service, result] = outcomes[i];
                (*found)[asked[i]] = service.isBad() ? notFound(service.code(), "the server did not answer")
                                                     : locatedBy(result, namespaces);
            }
            done(std::move(*found));
        }));
}

}  // namespace tagwire::source::opcua
