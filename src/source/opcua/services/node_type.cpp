#include "source/opcua/services/node_type.h"

#include <algorithm>
#include <array>
#include <memory>
#include <new>
#include <string_view>
#include <utility>

#include <open62541/nodeids.h>

#include "source/opcua/services/batched_call.h"
#include "source/opcua/values/built_in_type.h"

namespace tagwire::source::opcua {
namespace {

/// More supertypes than any type has; a server whose types go in a circle ends here.
constexpr int kMaxSupertypes = 32;

/// The types at the root, where looking for supertypes ends.
bool isRoot(const UA_NodeId& id) noexcept {
    if (id.namespaceIndex != 0 || id.identifierType != UA_NODEIDTYPE_NUMERIC) return false;
    return id.identifier.numeric <= UA_NS0ID_ENUMERATION;
}

/// One look-up of supertypes, level by level. Kept alive by the answers it waits for.
class Resolution : public std::enable_shared_from_this<Resolution> {
public:
    Resolution(UaClient& client, std::size_t limit, std::function<void()> done)
        : client_(client), limit_(limit), done_(std::move(done)) {}

    void add(NodeType& type) { open_.push_back({&type, copyOf(type.dataType.get())}); }

    void goOn() {
        std::erase_if(open_, [](Open& each) {
            each.type->builtIn = standardBuiltInType(each.id.get());
            return each.type->builtIn != BuiltInType::Null || isRoot(each.id.get());
        });
        if (open_.empty() || ++level_ > kMaxSupertypes) {
            done_();
            return;
        }
        UaArray<UA_BrowseDescription> items(open_.size());
        for (std::size_t i = 0; i < items.size(); ++i) {
            std::swap(items[i].nodeId, copyOf(open_[i].id.get()).get());
            items[i].browseDirection = UA_BROWSEDIRECTION_INVERSE;
            items[i].referenceTypeId.identifier.numeric = UA_NS0ID_HASSUBTYPE;
        }
        callInBatches(
            client_, kBrowse, limit_, std::move(items), {},
            std::function([self = shared_from_this()](std::vector<Outcome<UA_BrowseResult>>& results) {
                self->take(results);
            }));
    }

private:
    struct Open {
        NodeType* type;
        Ua<UA_NodeId> id;
    };

    void take(std::vector<Outcome<UA_BrowseResult>>& results) {
        std::vector<Open> next;
        for (std::size_t i = 0; i < results.size(); ++i) {
            UA_BrowseResult& result = results[i].result;
            if (result.referencesSize == 0) continue;
            std::swap(open_[i].id.get(), result.references[0].nodeId.nodeId);
            next.push_back(std::move(open_[i]));
        }
        open_ = std::move(next);
        goOn();
    }

    UaClient& client_;
    const std::size_t limit_;
    std::function<void()> done_;
    std::vector<Open> open_;
    int level_ = 0;
};

}  // namespace

BuiltInType standardBuiltInType(const UA_NodeId& id) noexcept {
    if (id.namespaceIndex != 0 || id.identifierType != UA_NODEIDTYPE_NUMERIC) return BuiltInType::Null;
    switch (id.identifier.numeric) {
        case 0:
        case UA_NS0ID_BASEDATATYPE:
        case UA_NS0ID_NUMBER:
        case UA_NS0ID_INTEGER:
        case UA_NS0ID_UINTEGER: return BuiltInType::Null;
        case UA_NS0ID_ENUMERATION: return BuiltInType::Int32;
        default: break;
    }
    const UA_DataType* type = UA_findDataType(&id);
    return type == nullptr ? BuiltInType::Null : builtInTypeOf(*type);
}

BuiltInType builtInTypeOf(const UA_Variant& value) noexcept {
    return value.type == nullptr ? BuiltInType::Null : builtInTypeOf(*value.type);
}

std::string typeName(BuiltInType type) {
    // OPC 10000-6, table 1
    constexpr std::array<std::string_view, 26> kNames{
        "any type",       "Boolean",       "SByte",         "Byte",          "Int16",      "UInt16",
        "Int32",          "UInt32",        "Int64",         "UInt64",        "Float",      "Double",
        "String",         "DateTime",      "Guid",          "ByteString",    "XmlElement", "NodeId",
        "ExpandedNodeId", "StatusCode",    "QualifiedName", "LocalizedText", "Structure",  "DataValue",
        "Variant",        "DiagnosticInfo"};
    return std::string(kNames.at(static_cast<std::size_t>(type)));
}

std::string typeText(const NodeType& type) {
    std::string text = typeName(type.builtIn);
    // A hostile server's rank makes no endless text.
    constexpr std::int32_t kShown = 8;
    for (std::int32_t i = 0; i < std::min(type.valueRank, kShown); ++i) text += "[]";
    return text;
}

void resolveBuiltInTypes(UaClient& client, const OperationLimits& limits, const std::vector<NodeType*>& types,
                         std::function<void()> done) {
    auto resolution = std::make_shared<Resolution>(client, limits.browse, std::move(done));
    for (NodeType* type : types) resolution->add(*type);
    resolution->goOn();
}

}  // namespace tagwire::source::opcua
