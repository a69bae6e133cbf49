#include "source/opcua/services/type_reader.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <memory>
#include <new>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <open62541/nodeids.h>

#include "base/log.h"
#include "source/opcua/services/data_types.h"
#include "source/opcua/services/read.h"

namespace tagwire::source::opcua {
namespace {

constexpr UA_AttributeId kTypeAttributes[]{UA_ATTRIBUTEID_BROWSENAME, UA_ATTRIBUTEID_ISABSTRACT,
                                           UA_ATTRIBUTEID_DATATYPEDEFINITION};
constexpr std::size_t kTypeAttributeCount = std::size(kTypeAttributes);
constexpr std::array<std::string_view, 2> kNameProperties{"EnumStrings", "EnumValues"};

using BrowseOutcomes = std::vector<Outcome<UA_BrowseResult>>;

/// What leads to `node` by this reference.
UA_BrowseDescription inverse(const UA_NodeId& node, UA_UInt32 reference) noexcept {
    UA_BrowseDescription out{};
    if (UA_NodeId_copy(&node, &out.nodeId) != UA_STATUSCODE_GOOD) return out;
    out.browseDirection = UA_BROWSEDIRECTION_INVERSE;
    out.referenceTypeId = standardNode(reference);
    out.includeSubtypes = true;
    out.nodeClassMask = UA_NODECLASS_DATATYPE;
    return out;
}

/// The first node found, of this server; null when there is none.
Ua<UA_NodeId> firstOf(const Outcome<UA_BrowseResult>& outcome) noexcept {
    for (std::size_t i = 0; i < outcome.result.referencesSize; ++i) {
        const UA_ExpandedNodeId& target = outcome.result.references[i].nodeId;
        if (target.serverIndex == 0) return copyOf(target.nodeId);
    }
    return {};
}

template <class T>
const T* scalarOf(const UA_DataValue& value, const UA_DataType& type) noexcept {
    return value.hasValue && UA_Variant_hasScalarType(&value.value, &type)
               ? static_cast<const T*>(value.value.data)
               : nullptr;
}

}  // namespace

bool TypeReader::tick() {
    if (open_ > 0) return false;
    if (types_.hasWanted()) {
        readEncodings();
        readTypes();
        return false;
    }
    for (const auto& done : std::exchange(waiters_, {})) done();
    return std::exchange(reported_, types_.revision()) != types_.revision();
}

void TypeReader::whenIdle(std::function<void()> done) {
    if (idle()) {
        done();
    } else {
        waiters_.push_back(std::move(done));
    }
}

void TypeReader::whenRead(const UA_NodeId& dataType, std::function<void(TypeIndex)> done) {
    const TypeIndex type = types_.typeOf(dataType);
    whenIdle([type, done = std::move(done)] { done(type); });
}

void TypeReader::readEncodings() {
    UaArray<UA_NodeId> wanted = types_.takeWantedEncodings(kMaxPerRound);
    if (wanted.size() == 0) return;
    UaArray<UA_BrowseDescription> items(wanted.size());
    for (std::size_t i = 0; i < wanted.size(); ++i) items[i] = inverse(wanted[i], UA_NS0ID_HASENCODING);
    ++open_;
    const auto encodings = std::make_shared<UaArray<UA_NodeId>>(std::move(wanted));
    const std::function<void(BrowseOutcomes&)> done = [this, encodings](BrowseOutcomes& outcomes) {
        --open_;
        for (std::size_t i = 0; i < outcomes.size(); ++i) takeEncoding((*encodings)[i], outcomes[i]);
    };
    callInBatches(client_, kBrowse, limits_.browse, std::move(items), {}, done);
}

void TypeReader::takeEncoding(const UA_NodeId& encoding, const Outcome<UA_BrowseResult>& outcome) {
    const StatusCode status =
        outcome.service.isBad() ? outcome.service : StatusCode{outcome.result.statusCode};
    if (const auto type = firstOf(outcome); !UA_NodeId_isNull(&type.get())) {
        types_.setEncoding(encoding, type.get());
    } else if (status.isBad()) {
        types_.failEncoding(encoding, fmt::format("the server answered {}", statusText(status)));
    } else {
        types_.failEncoding(encoding, "the server does not say of which data type it is");
    }
}

void TypeReader::readTypes() {
    std::vector<TypeIndex> wanted = types_.takeWantedTypes(kMaxPerRound);
    if (wanted.empty()) return;
    UaArray<UA_BrowseDescription> items(wanted.size());
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        items[i] = inverse(types_.idOf(wanted[i]), UA_NS0ID_HASSUBTYPE);
    }
    ++open_;
    const std::function<void(BrowseOutcomes&)> done = [this, wanted](BrowseOutcomes& outcomes) {
        std::vector<Ua<UA_NodeId>> parents;
        parents.reserve(outcomes.size());
        for (const auto& outcome : outcomes) parents.push_back(firstOf(outcome));
        readDefinitions(wanted, std::move(parents));
        --open_;
    };
    callInBatches(client_, kBrowse, limits_.browse, std::move(items), {}, done);
}

void TypeReader::readDefinitions(const std::vector<TypeIndex>& wanted, std::vector<Ua<UA_NodeId>> parents) {
    UaArray<UA_ReadValueId> items(wanted.size() * kTypeAttributeCount);
    for (std::size_t i = 0; i < items.size(); ++i) {
        std::swap(items[i].nodeId, copyOf(types_.idOf(wanted[i / kTypeAttributeCount])).get());
        items[i].attributeId = kTypeAttributes[i % kTypeAttributeCount];
    }
    ++open_;
    const auto parentIds = std::make_shared<std::vector<Ua<UA_NodeId>>>(std::move(parents));
    const std::function<void(ReadOutcomes&)> done = [this, wanted, parentIds](ReadOutcomes& outcomes) {
        --open_;
        std::vector<TypeIndex> nameless;
        const UA_NodeId enumeration = standardNode(UA_NS0ID_ENUMERATION);
        for (std::size_t i = 0; i < wanted.size(); ++i) {
            const auto* own = &outcomes[i * kTypeAttributeCount];
            const auto* name = scalarOf<UA_QualifiedName>(own[0].result, dataTypeOf<UA_QualifiedName>());
            const auto* isAbstract = scalarOf<UA_Boolean>(own[1].result, UA_TYPES[UA_TYPES_BOOLEAN]);
            if (name != nullptr) types_.setName(wanted[i], view(name->name));
            const UA_NodeId& parent = (*parentIds)[i].get();
            if (own[2].result.value.type == nullptr && UA_NodeId_equal(&parent, &enumeration)) {
                nameless.push_back(wanted[i]);
            } else {
                takeDefinition(wanted[i], parent, own[2], isAbstract != nullptr && *isAbstract);
            }
        }
        findNames(nameless);
    };
    callInBatches(client_, kRead, limits_.read, std::move(items), {}, done);
}

void TypeReader::takeDefinition(TypeIndex type, const UA_NodeId& parent, const Outcome<UA_DataValue>& outcome,
                                bool isAbstract) {
    const UA_DataValue& definition = outcome.result;
    if (const auto* structure =
            scalarOf<UA_StructureDefinition>(definition, dataTypeOf<UA_StructureDefinition>())) {
        types_.setStructure(type, *structure, isAbstract);
    } else if (const auto* enumeration =
                   scalarOf<UA_EnumDefinition>(definition, dataTypeOf<UA_EnumDefinition>())) {
        const UA_NodeId standard = standardNode(UA_NS0ID_ENUMERATION);
        types_.setEnumeration(type, *enumeration, UA_NodeId_isNull(&parent) ? standard : parent);
    } else if (!UA_NodeId_isNull(&parent)) {
        types_.setDerived(type, parent, isAbstract);
    } else {
        const StatusCode status = outcome.service.isBad() ? outcome.service : StatusCode{definition.status};
        types_.failType(type, fmt::format("the server gives no definition ({})", statusText(status)));
    }
    if (types_[type].state == TypeState::Failed) {
        log::info("opcua", "data type {}: {}", types_[type].name, types_[type].failure);
    }
}

void TypeReader::findNames(const std::vector<TypeIndex>& types) {
    if (types.empty()) return;
    UaArray<UA_BrowsePath> paths(types.size() * kNameProperties.size());
    for (std::size_t n = 0; n < paths.size(); ++n) {
        std::swap(paths[n].startingNode, copyOf(types_.idOf(types[n / kNameProperties.size()])).get());
        UA_RelativePath& path = paths[n].relativePath;
        path.elements = UA_RelativePathElement_new();
        if (path.elements == nullptr) throw std::bad_alloc();
        path.elementsSize = 1;
        path.elements[0].referenceTypeId = standardNode(UA_NS0ID_HASPROPERTY);
        path.elements[0].includeSubtypes = true;
        path.elements[0].targetName.name = copyOf(kNameProperties[n % kNameProperties.size()]);
    }
    ++open_;
    callInBatches(client_, kTranslateBrowsePaths, limits_.translateBrowsePaths, std::move(paths), {},
                  std::function([this, types](std::vector<Outcome<UA_BrowsePathResult>>& found) {
                      readNames(types, found);
                      --open_;
                  }));
}

void TypeReader::readNames(const std::vector<TypeIndex>& types,
                           std::vector<Outcome<UA_BrowsePathResult>>& found) {
    std::vector<ReadItem> items;
    std::vector<TypeIndex> asked;
    for (std::size_t n = 0; n < found.size(); ++n) {
        const UA_BrowsePathResult& result = found[n].result;
        if (result.targetsSize == 0 || result.targets[0].targetId.serverIndex != 0) continue;
        items.push_back({copyOf(result.targets[0].targetId.nodeId), UA_ATTRIBUTEID_VALUE, {}});
        asked.push_back(types[n / kNameProperties.size()]);
    }
    ++open_;
    readNodes(client_, limits_.read, std::move(items), std::chrono::milliseconds(0),
              [this, types, asked](ReadOutcomes& outcomes) {
                  --open_;
                  for (std::size_t i = 0; i < outcomes.size(); ++i)
                      takeNames(asked[i], outcomes[i].result.value);
                  for (const TypeIndex type : types) {
                      // Its values are numbers all the same.
                      if (types_[type].state != TypeState::Known)
                          types_.setDerived(type, standardNode(UA_NS0ID_ENUMERATION), false);
                  }
              });
}

void TypeReader::takeNames(TypeIndex type, const UA_Variant& names) {
    const auto labels = labelsOf(names);
    if (labels.empty() || types_[type].state == TypeState::Known) return;
    std::vector<UA_EnumField> fields;
    for (const auto& [number, label] : labels) {
        UA_EnumField& field = fields.emplace_back();
        field.value = number;
        field.name = borrow(label);
    }
    // Only lent to it.
    UA_EnumDefinition definition{};
    definition.fields = fields.data();
    definition.fieldsSize = fields.size();
    types_.setEnumeration(type, definition, standardNode(UA_NS0ID_ENUMERATION));
}

}  // namespace tagwire::source::opcua
