#include "source/opcua/services/node_attributes.h"

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "source/opcua/services/browse_listing.h"
#include "source/opcua/services/node_key.h"
#include "source/opcua/services/node_text.h"
#include "source/opcua/services/read.h"
#include "source/opcua/services/variant_access.h"
#include "source/opcua/services/whole_values.h"
#include "source/opcua/values/node_id_map.h"

namespace tagwire::source::opcua {
namespace {

constexpr std::array<UA_UInt32, 20> kAttributes{UA_ATTRIBUTEID_NODECLASS,
                                                UA_ATTRIBUTEID_BROWSENAME,
                                                UA_ATTRIBUTEID_DISPLAYNAME,
                                                UA_ATTRIBUTEID_DESCRIPTION,
                                                UA_ATTRIBUTEID_WRITEMASK,
                                                UA_ATTRIBUTEID_USERWRITEMASK,
                                                UA_ATTRIBUTEID_ISABSTRACT,
                                                UA_ATTRIBUTEID_SYMMETRIC,
                                                UA_ATTRIBUTEID_INVERSENAME,
                                                UA_ATTRIBUTEID_EVENTNOTIFIER,
                                                UA_ATTRIBUTEID_VALUE,
                                                UA_ATTRIBUTEID_DATATYPE,
                                                UA_ATTRIBUTEID_VALUERANK,
                                                UA_ATTRIBUTEID_ARRAYDIMENSIONS,
                                                UA_ATTRIBUTEID_ACCESSLEVEL,
                                                UA_ATTRIBUTEID_USERACCESSLEVEL,
                                                UA_ATTRIBUTEID_MINIMUMSAMPLINGINTERVAL,
                                                UA_ATTRIBUTEID_HISTORIZING,
                                                UA_ATTRIBUTEID_EXECUTABLE,
                                                UA_ATTRIBUTEID_USEREXECUTABLE};

template <class T, class U>
void set(std::optional<U>& to, const UA_DataValue& value, int type) {
    if (const T* from = scalarIn<T>(value, type)) to = U{*from};
}

void setWords(std::optional<LocalizedText>& to, const UA_DataValue& value) {
    if (const auto* text = scalarIn<UA_LocalizedText>(value, UA_TYPES_LOCALIZEDTEXT)) to = wordsOf(*text);
}

void take(NodeAttributes& node, UA_UInt32 attribute, const UA_DataValue& value, NamespaceArray namespaces) {
    switch (attribute) {
        case UA_ATTRIBUTEID_NODECLASS:
            // An enumeration travels as Int32.
            if (const auto* number = scalarIn<UA_Int32>(value, UA_TYPES_INT32))
                node.nodeClass = nodeClassOf(static_cast<UA_NodeClass>(*number));
            if (const auto* number = scalarIn<UA_Int32>(value, UA_TYPES_NODECLASS))
                node.nodeClass = nodeClassOf(static_cast<UA_NodeClass>(*number));
            break;
        case UA_ATTRIBUTEID_BROWSENAME:
            if (const auto* name = scalarIn<UA_QualifiedName>(value, UA_TYPES_QUALIFIEDNAME))
                node.browseName = nameOf(*name);
            break;
        case UA_ATTRIBUTEID_DISPLAYNAME:
            if (const auto* text = scalarIn<UA_LocalizedText>(value, UA_TYPES_LOCALIZEDTEXT))
                node.displayName = wordsOf(*text);
            break;
        case UA_ATTRIBUTEID_DESCRIPTION: setWords(node.description, value); break;
        case UA_ATTRIBUTEID_WRITEMASK: set<UA_UInt32>(node.writeMask, value, UA_TYPES_UINT32); break;
        case UA_ATTRIBUTEID_USERWRITEMASK: set<UA_UInt32>(node.userWriteMask, value, UA_TYPES_UINT32); break;
        case UA_ATTRIBUTEID_ISABSTRACT: set<UA_Boolean>(node.isAbstract, value, UA_TYPES_BOOLEAN); break;
        case UA_ATTRIBUTEID_SYMMETRIC: set<UA_Boolean>(node.symmetric, value, UA_TYPES_BOOLEAN); break;
        case UA_ATTRIBUTEID_INVERSENAME: setWords(node.inverseName, value); break;
        case UA_ATTRIBUTEID_EVENTNOTIFIER: set<UA_Byte>(node.eventNotifier, value, UA_TYPES_BYTE); break;
        case UA_ATTRIBUTEID_DATATYPE:
            if (const auto* id = scalarIn<UA_NodeId>(value, UA_TYPES_NODEID))
                node.dataType = nodeTextOf(*id, namespaces);
            break;
        case UA_ATTRIBUTEID_VALUERANK: set<UA_Int32>(node.valueRank, value, UA_TYPES_INT32); break;
        case UA_ATTRIBUTEID_ARRAYDIMENSIONS:
            if (value.hasValue && UA_Variant_hasArrayType(&value.value, &UA_TYPES[UA_TYPES_UINT32])) {
                constexpr std::size_t kMaxDimensions = 16;
                const auto* lengths = static_cast<const UA_UInt32*>(value.value.data);
                node.arrayDimensions.assign(lengths,
                                            lengths + std::min(value.value.arrayLength, kMaxDimensions));
            }
            break;
        case UA_ATTRIBUTEID_ACCESSLEVEL: set<UA_Byte>(node.accessLevel, value, UA_TYPES_BYTE); break;
        case UA_ATTRIBUTEID_USERACCESSLEVEL: set<UA_Byte>(node.userAccessLevel, value, UA_TYPES_BYTE); break;
        case UA_ATTRIBUTEID_MINIMUMSAMPLINGINTERVAL:
            set<UA_Double>(node.minimumSamplingInterval, value, UA_TYPES_DOUBLE);
            break;
        case UA_ATTRIBUTEID_HISTORIZING: set<UA_Boolean>(node.historizing, value, UA_TYPES_BOOLEAN); break;
        case UA_ATTRIBUTEID_EXECUTABLE: set<UA_Boolean>(node.executable, value, UA_TYPES_BOOLEAN); break;
        case UA_ATTRIBUTEID_USEREXECUTABLE:
            set<UA_Boolean>(node.userExecutable, value, UA_TYPES_BOOLEAN);
            break;
        default: break;
    }
}

/// One node on its way through four questions.
struct Task : std::enable_shared_from_this<Task> {
    Task(const ServerView& view, TypeReader& reader, Ua<UA_NodeId> id,
         std::function<void(NodeAttributes)> then)
        : server(view), types(reader), node(std::move(id)), done(std::move(then)) {}

    void readAttributes() {
        std::vector<ReadItem> items;
        items.reserve(kAttributes.size());
        for (const UA_UInt32 attribute : kAttributes) items.push_back({copyOf(node.get()), attribute, {}});
        readNodes(server.client, server.limits.read, std::move(items), std::chrono::milliseconds{0},
                  [self = shared_from_this()](ReadOutcomes& outcomes) { self->onAttributes(outcomes); });
    }

    void onAttributes(ReadOutcomes& outcomes) {
        for (std::size_t i = 0; i < outcomes.size(); ++i)
            take(result, kAttributes.at(i), outcomes[i].result, server.namespaces);
        if (result.nodeClass == NodeClass::Unspecified) {
            result.status = statusOf(outcomes.front());
            if (!result.status.isBad()) result.status = StatusCode{UA_STATUSCODE_BADNODECLASSINVALID};
            done(std::move(result));
            return;
        }
        if (result.nodeClass != NodeClass::Variable && result.nodeClass != NodeClass::VariableType) {
            listInverse();
            return;
        }
        const auto of = [&](UA_UInt32 attribute) -> Outcome<UA_DataValue>& {
            return outcomes[static_cast<std::size_t>(std::ranges::find(kAttributes, attribute) -
                                                     kAttributes.begin())];
        };
        const auto* id = scalarIn<UA_NodeId>(of(UA_ATTRIBUTEID_DATATYPE).result, UA_TYPES_NODEID);
        if (id != nullptr) dataType = copyOf(*id);
        auto& read = of(UA_ATTRIBUTEID_VALUE);
        std::swap(value.get(), read.result);
        convertWhole(types, {&value.get()}, wallClockNow(),
                     [self = shared_from_this(), service = read.service](std::vector<DataValue>& whole) {
                         self->result.value = std::move(whole.front());
                         if (service.isBad()) self->result.value->status = service;
                         self->listInverse();
                     });
    }

    /// What points to the node. Types may have a million instances, so that only the first are listed.
    void listInverse() {
        ReferenceQuery query;
        query.direction = UA_BROWSEDIRECTION_INVERSE;
        query.referenceType = 0;
        const auto self = shared_from_this();
        list(query, {[self](std::size_t, std::span<UA_ReferenceDescription> references) {
                         auto& list = self->result.inverseReferences;
                         for (const UA_ReferenceDescription& reference : references) {
                             if (list.size() == kMaxInverseReferences) {
                                 self->listTypeDefinition();
                                 return false;
                             }
                             list.push_back(summaryOf(reference, self->server.namespaces));
                         }
                         return true;
                     },
                     [self](std::span<const ListingEnd>) { self->listTypeDefinition(); }});
    }

    void listTypeDefinition() {
        ReferenceQuery query;
        query.referenceType = UA_NS0ID_HASTYPEDEFINITION;
        const auto self = shared_from_this();
        list(query, {[self](std::size_t, std::span<UA_ReferenceDescription> references) {
                         const UA_ReferenceDescription& type = references.front();
                         self->result.typeDefinition = nodeTextOf(type.nodeId, self->server.namespaces);
                         self->result.typeDefinitionName = shownText(type.browseName.name);
                         return true;
                     },
                     [self](std::span<const ListingEnd>) { self->readDataTypeName(); }});
    }

    void list(const ReferenceQuery& query, ListingCallbacks callbacks) {
        std::vector<Ua<UA_NodeId>> nodes;
        nodes.push_back(copyOf(node.get()));
        listReferences(server, std::move(nodes), query, std::move(callbacks));
    }

    void readDataTypeName() {
        if (UA_NodeId_isNull(&dataType.get())) {
            done(std::move(result));
            return;
        }
        std::vector<ReadItem> items;
        items.push_back({std::move(dataType), UA_ATTRIBUTEID_BROWSENAME, {}});
        readNodes(server.client, server.limits.read, std::move(items), std::chrono::milliseconds{0},
                  [self = shared_from_this()](ReadOutcomes& outcomes) {
                      const auto* name =
                          scalarIn<UA_QualifiedName>(outcomes.front().result, UA_TYPES_QUALIFIEDNAME);
                      if (name != nullptr) self->result.dataTypeName = shownText(name->name);
                      self->done(std::move(self->result));
                  });
    }

    ServerView server;
    TypeReader& types;
    Ua<UA_NodeId> node;
    Ua<UA_DataValue> value;
    Ua<UA_NodeId> dataType;
    std::function<void(NodeAttributes)> done;
    NodeAttributes result;
};

}  // namespace

void readNodeAttributes(const ServerView& server, TypeReader& types, const NodeAddress& node,
                        std::function<void(NodeAttributes)> done) {
    auto id = resolve(node, server.namespaces);
    NodeAttributes result;
    result.node = node.text();
    if (!id) {
        result.status = id.error();
        done(std::move(result));
        return;
    }
    const auto task = std::make_shared<Task>(server, types, std::move(*id), std::move(done));
    task->result = std::move(result);
    task->readAttributes();
}

}  // namespace tagwire::source::opcua
