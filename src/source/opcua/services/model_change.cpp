#include "source/opcua/services/model_change.h"

#include <open62541/nodeids.h>

#include "source/opcua/services/variant_access.h"

namespace tagwire::source::opcua {

std::optional<std::vector<ModelChange>> modelChangesOf(std::span<const UA_Variant> fields,
                                                       NamespaceArray namespaces) {
    if (fields.size() < kModelChangeFields.size()) return std::nullopt;
    const auto* eventType = scalarIn<UA_NodeId>(fields[0], UA_TYPES_NODEID);
    if (eventType == nullptr || eventType->namespaceIndex != 0 ||
        eventType->identifierType != UA_NODEIDTYPE_NUMERIC ||
        (eventType->identifier.numeric != UA_NS0ID_BASEMODELCHANGEEVENTTYPE &&
         eventType->identifier.numeric != UA_NS0ID_GENERALMODELCHANGEEVENTTYPE)) {
        return std::nullopt;
    }
    std::vector<ModelChange> changes;
    const UA_Variant& list = fields[1];
    if (list.arrayLength > kMaxModelChanges) return changes;
    const auto take = [&](const UA_ModelChangeStructureDataType& change) {
        ModelChange& taken = changes.emplace_back();
        taken.node = addressOf(change.affected, namespaces);
        if (!UA_NodeId_isNull(&change.affectedType)) taken.type = addressOf(change.affectedType, namespaces);
        taken.verb = change.verb;
    };
    forEachIn<UA_ModelChangeStructureDataType>(list, UA_TYPES_MODELCHANGESTRUCTUREDATATYPE, kMaxModelChanges,
                                               take);
    // Some servers send a single change without the array around it.
    if (const auto* single =
            scalarIn<UA_ModelChangeStructureDataType>(list, UA_TYPES_MODELCHANGESTRUCTUREDATATYPE))
        take(*single);
    return changes;
}

}  // namespace tagwire::source::opcua
