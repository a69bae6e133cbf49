#include "source/opcua/services/data_types.h"

#include <chrono>
#include <optional>
#include <span>
#include <utility>

#include "source/opcua/services/browse_listing.h"
#include "source/opcua/services/node_key.h"
#include "source/opcua/services/node_text.h"
#include "source/opcua/services/read.h"
#include "source/opcua/services/variant_access.h"
#include "source/opcua/values/node_id_map.h"

namespace tagwire::source::opcua {
namespace {

constexpr std::size_t kMaxLabels = 4'096;

/// A type at which the way up ends.
struct Root {
    BuiltInType type;
    bool isEnumeration = false;
};

std::optional<Root> rootOf(const UA_NodeId& type) noexcept {
    if (type.namespaceIndex != 0 || type.identifierType != UA_NODEIDTYPE_NUMERIC) return std::nullopt;
    switch (const UA_UInt32 number = type.identifier.numeric) {
        case UA_NS0ID_BASEDATATYPE:
        case UA_NS0ID_NUMBER:
        case UA_NS0ID_INTEGER:
        case UA_NS0ID_UINTEGER: return Root{BuiltInType::Null};
        case UA_NS0ID_ENUMERATION: return Root{BuiltInType::Int32, true};
        default:
            if (number > UA_NS0ID_DIAGNOSTICINFO) return std::nullopt;
            return Root{static_cast<BuiltInType>(number)};
    }
}

const DataTypeInfo kUnknown;

}  // namespace

std::map<std::int64_t, std::string> labelsOf(const UA_Variant& value) {
    std::map<std::int64_t, std::string> labels;
    std::int64_t next = 0;
    forEachIn<UA_LocalizedText>(value, UA_TYPES_LOCALIZEDTEXT, kMaxLabels, [&](const UA_LocalizedText& text) {
        // Numbers that mean nothing have empty texts.
        if (auto label = shownText(text.text); !label.empty()) labels.emplace(next, std::move(label));
        ++next;
    });
    forEachIn<UA_EnumValueType>(value, UA_TYPES_ENUMVALUETYPE, kMaxLabels, [&](const UA_EnumValueType& each) {
        labels.emplace(each.value, shownText(each.displayName.text));
    });
    if (const auto* definition = scalarIn<UA_EnumDefinition>(value, UA_TYPES_ENUMDEFINITION)) {
        for (std::size_t i = 0; i < definition->fieldsSize && i < kMaxLabels; ++i) {
            const UA_EnumField& field = definition->fields[i];
            auto label = shownText(field.displayName.text);
            labels.emplace(field.value, label.empty() ? shownText(field.name) : std::move(label));
        }
    }
    return labels;
}

/// Types on their way up, each with where it has come.
struct DataTypes::Step {
    struct Climb {
        std::string type;
        Ua<UA_NodeId> at;
    };
    std::vector<Climb> climbs;
    std::vector<std::string> enumerations;
    int depth = 0;
    std::function<void()> done;
};

void DataTypes::learn(std::vector<Ua<UA_NodeId>> types, std::function<void()> done) {
    const auto step = std::make_shared<Step>();
    step->done = std::move(done);
    for (Ua<UA_NodeId>& type : types) {
        const auto [entry, isNew] = known_.try_emplace(keyOf(type.get()));
        if (!isNew) continue;
        if (const auto root = rootOf(type.get())) {
            entry->second.type = root->type;
        } else {
            step->climbs.push_back({entry->first, std::move(type)});
        }
    }
    askSupertypes(step);
}

void DataTypes::askSupertypes(std::shared_ptr<Step> step) {
    if (step->climbs.empty() || step->depth++ == kMaxDepth || !server_.client.active()) {
        askLabels(std::move(step));
        return;
    }
    std::vector<Ua<UA_NodeId>> nodes;
    for (const Step::Climb& climb : step->climbs) nodes.push_back(copyOf(climb.at.get()));
    ReferenceQuery query;
    query.direction = UA_BROWSEDIRECTION_INVERSE;
    query.referenceType = UA_NS0ID_HASSUBTYPE;
    query.resultMask = UA_BROWSERESULTMASK_NONE;
    const auto parents = std::make_shared<std::vector<Ua<UA_NodeId>>>(nodes.size());
    listReferences(server_, std::move(nodes), query,
                   {[parents, namespaces = server_.namespaces](
                        std::size_t node, std::span<UA_ReferenceDescription> references) {
                        (*parents)[node] = localId(references.front().nodeId, namespaces);
                        return true;
                    },
                    [this, step, parents](std::span<const ListingEnd>) {
                        std::vector<Step::Climb> higher;
                        for (std::size_t i = 0; i < step->climbs.size(); ++i) {
                            Ua<UA_NodeId>& parent = (*parents)[i];
                            if (UA_NodeId_isNull(&parent.get())) continue;
                            const std::string& type = step->climbs[i].type;
                            if (const auto root = rootOf(parent.get())) {
                                known_[type].type = root->type;
                                if (root->isEnumeration) step->enumerations.push_back(type);
                            } else {
                                higher.push_back({type, std::move(parent)});
                            }
                        }
                        step->climbs = std::move(higher);
                        askSupertypes(step);
                    }});
}

/// Of the enumerations found: EnumStrings or EnumValues, or their definition, as newer servers have it.
// NOLINTNEXTLINE(performance-unnecessary-value-param): the step outlives its done()
void DataTypes::askLabels(std::shared_ptr<Step> step) {
    if (step->enumerations.empty()) {
        step->done();
        return;
    }
    std::vector<Ua<UA_NodeId>> nodes;
    for (const std::string& type : step->enumerations) nodes.push_back(nodeOfKey(type));
    ReferenceQuery query;
    query.referenceType = UA_NS0ID_HASPROPERTY;
    query.resultMask = UA_BROWSERESULTMASK_BROWSENAME;
    struct Source {
        std::string type;
        ReadItem item;
    };
    const auto sources = std::make_shared<std::vector<Source>>();
    for (const std::string& type : step->enumerations)
        sources->push_back({type, {nodeOfKey(type), UA_ATTRIBUTEID_DATATYPEDEFINITION, {}}});
    listReferences(
        server_, std::move(nodes), query,
        {[sources, step, namespaces = server_.namespaces](std::size_t node,
                                                          std::span<UA_ReferenceDescription> references) {
             for (const UA_ReferenceDescription& reference : references) {
                 const auto name = view(reference.browseName.name);
                 if (name != "EnumStrings" && name != "EnumValues") continue;
                 sources->push_back({step->enumerations[node],
                                     {localId(reference.nodeId, namespaces), UA_ATTRIBUTEID_VALUE, {}}});
             }
             return true;
         },
         [this, sources, step](std::span<const ListingEnd>) {
             std::vector<ReadItem> items;
             for (Source& source : *sources) items.push_back(std::move(source.item));
             readNodes(server_.client, server_.limits.read, std::move(items), std::chrono::milliseconds{0},
                       [this, sources, step](const ReadOutcomes& outcomes) {
                           for (std::size_t i = 0; i < outcomes.size(); ++i) {
                               if (!outcomes[i].result.hasValue) continue;
                               // Properties come after definitions: they may be in the person's language.
                               auto labels = labelsOf(outcomes[i].result.value);
                               if (!labels.empty()) known_[(*sources)[i].type].labels = std::move(labels);
                           }
                           step->done();
                       });
         }});
}

const DataTypeInfo& DataTypes::operator[](const UA_NodeId& type) const {
    const auto found = known_.find(keyOf(type));
    return found == known_.end() ? kUnknown : found->second;
}

}  // namespace tagwire::source::opcua
