#include "source/opcua/services/model_change.h"

#include "source/opcua/services/variant_access.h"

namespace tagwire::source::opcua {
std::vector<ModelChange> modelChangesIn(const UA_Variant* field, NamespaceArray namespaces) {
    if (field == nullptr || field->type == nullptr || field->arrayLength > kMaxModelChanges) return {};
    std::vector<ModelChange> changes;
    const auto take = [&](const UA_ModelChangeStructureDataType& change) {
        if (!isSensible(change.affected) || !isSensible(change.affectedType)) return;
        ModelChange& taken = changes.emplace_back();
        taken.node = addressOf(change.affected, namespaces);
        if (!UA_NodeId_isNull(&change.affectedType)) taken.type = addressOf(change.affectedType, namespaces);
        taken.verb = change.verb;
    };
    if (const auto* single =
            scalarIn<UA_ModelChangeStructureDataType>(*field, UA_TYPES_MODELCHANGESTRUCTUREDATATYPE)) {
        // Some servers send a single change without the array around it.
        take(*single);
        return changes;
    }
    forEachIn<UA_ModelChangeStructureDataType>(*field, UA_TYPES_MODELCHANGESTRUCTUREDATATYPE,
                                               kMaxModelChanges, take);
    // Where one of them cannot be read, it may be any node's.
    if (changes.size() != field->arrayLength) changes.clear();
    return changes;
}

}  // namespace tagwire::source::opcua
