#include "source/opcua/values/structure_types.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <open62541/nodeids.h>

namespace tagwire::source::opcua {
namespace {

constexpr TypeIndex kTooMany = 0;

/// The abstract types of OPC UA whose values stand in a Variant (OPC 10000-6, 5.1.2), and the root of all
/// enumerations.
std::optional<BuiltInType> builtInOfStandard(UA_UInt32 id) noexcept {
    if (id >= UA_NS0ID_BOOLEAN && id <= UA_NS0ID_STRUCTURE) return static_cast<BuiltInType>(id);
    switch (id) {
        case UA_NS0ID_DATAVALUE: return BuiltInType::DataValue;
        case UA_NS0ID_DIAGNOSTICINFO: return BuiltInType::DiagnosticInfo;
        case UA_NS0ID_BASEDATATYPE:
        case UA_NS0ID_NUMBER:
        case UA_NS0ID_INTEGER:
        case UA_NS0ID_UINTEGER: return BuiltInType::Variant;
        case UA_NS0ID_ENUMERATION: return BuiltInType::Int32;
        default: return std::nullopt;
    }
}

/// Of its text, about.
std::size_t sizeOf(const UA_NodeId& id) noexcept {
    const bool hasText =
        id.identifierType == UA_NODEIDTYPE_STRING || id.identifierType == UA_NODEIDTYPE_BYTESTRING;
    return sizeof id + (hasText ? id.identifier.string.length : 0);
}

TypeForm formOf(UA_UInt32 typeKind) noexcept {
    if (typeKind == UA_DATATYPEKIND_UNION) return TypeForm::Union;
    if (typeKind == UA_DATATYPEKIND_OPTSTRUCT) return TypeForm::StructureWithOptionalFields;
    return TypeForm::Structure;
}

const UA_DataType* libraryTypeOfEncoding(const UA_NodeId& encoding) noexcept {
    const NodeIdEqual same;
    const auto* const found = std::ranges::find_if(
        UA_TYPES, [&](const UA_DataType& type) { return same(type.binaryEncodingId, encoding); });
    return found == std::end(UA_TYPES) ? nullptr : found;
}

}  // namespace

StructureTypes::StructureTypes(const std::vector<std::string>& namespaces) : namespaces_(namespaces) {
    ids_.emplace_back();
    DataTypeEntry tooMany;
    tooMany.state = TypeState::Failed;
    tooMany.name = "a further type";
    tooMany.failure = fmt::format("the server has more than {} of them", TypeLimits::kMaxTypes);
    types_.push_back(std::move(tooMany));
}

TypeIndex StructureTypes::typeOf(const UA_NodeId& dataType) {
    if (const auto found = indexes_.find(dataType); found != indexes_.end()) return found->second;
    if (types_.size() > TypeLimits::kMaxTypes || !spend(sizeOf(dataType))) return kTooMany;
    const TypeIndex index = add(dataType);
    if (dataType.namespaceIndex == 0 && dataType.identifierType == UA_NODEIDTYPE_NUMERIC) {
        describeStandard(index, dataType);
    }
    if (types_[index].state == TypeState::Wanted) wantedTypes_.push_back(index);
    return index;
}

TypeIndex StructureTypes::add(const UA_NodeId& id) {
    const auto index = static_cast<TypeIndex>(types_.size());
    indexes_.emplace(copyOf(id), index);
    ids_.push_back(copyOf(id));
    types_.emplace_back().name = textOf(id);
    return index;
}

void StructureTypes::describeStandard(TypeIndex index, const UA_NodeId& id) {
    DataTypeEntry entry;
    entry.state = TypeState::Known;
    if (const auto builtIn = builtInOfStandard(id.identifier.numeric)) {
        entry.builtIn = *builtIn;
        entry.name = UA_findDataType(&id) == nullptr ? types_[index].name : UA_findDataType(&id)->typeName;
        types_[index] = std::move(entry);
        return;
    }
    const UA_DataType* type = UA_findDataType(&id);
    if (type == nullptr) return;
    entry.name = type->typeName;
    if (type->typeKind <= UA_DATATYPEKIND_DIAGNOSTICINFO) {
        entry.builtIn = static_cast<BuiltInType>(type->typeKind + 1);
        types_[index] = std::move(entry);
    } else if (type->typeKind == UA_DATATYPEKIND_ENUM) {
        entry.builtIn = BuiltInType::Int32;
        types_[index] = std::move(entry);
    } else if (type->typeKind >= UA_DATATYPEKIND_STRUCTURE && type->typeKind <= UA_DATATYPEKIND_UNION) {
        types_[index] = std::move(entry);
        describeLibraryStructure(index, *type);
    }
}

void StructureTypes::describeLibraryStructure(TypeIndex index, const UA_DataType& type) {
    std::vector<StructureField> fields;
    for (std::size_t i = 0; i < type.membersSize; ++i) {
        const UA_DataTypeMember& member = type.members[i];
        // A structure that contains itself finds its index in the map: the depth is that of the library's
        // own table.
        fields.push_back({member.memberName, typeOf(member.memberType->typeId), member.isArray ? 1 : -1,
                          member.isOptional != 0, false});
    }
    DataTypeEntry& entry = types_[index];
    entry.form = formOf(type.typeKind);
    entry.binaryEncoding = copyOf(type.binaryEncodingId);
    entry.fields = std::move(fields);
}

Result<TypeIndex, TypeGap> StructureTypes::typeOfEncoding(const UA_NodeId& encoding) {
    auto found = encodings_.find(encoding);
    if (found == encodings_.end()) {
        if (encodings_.size() > TypeLimits::kMaxTypes || !spend(sizeOf(encoding))) {
            return tl::unexpected(TypeGap{false, types_[kTooMany].failure});
        }
        Encoding entry;
        if (const UA_DataType* type = libraryTypeOfEncoding(encoding)) {
            entry = {TypeState::Known, typeOf(type->typeId), {}};
        } else {
            wantedEncodings_.push_back(copyOf(encoding));
        }
        found = encodings_.emplace(copyOf(encoding), std::move(entry)).first;
    }
    if (found->second.state == TypeState::Known) return found->second.type;
    if (found->second.state == TypeState::Failed) {
        return tl::unexpected(TypeGap{false, fmt::format("structure with encoding {} is not known: {}",
                                                         textOf(encoding), found->second.failure)});
    }
    return tl::unexpected(TypeGap{
        true, fmt::format("the type of the structure with encoding {} is being read", textOf(encoding))});
}

Result<ResolvedType, TypeGap> StructureTypes::resolve(TypeIndex index) const {
    ResolvedType out;
    for (int step = 0; step < TypeLimits::kMaxDerivations; ++step) {
        const DataTypeEntry& entry = types_[index];
        if (entry.state == TypeState::Failed) {
            return tl::unexpected(TypeGap{false, fmt::format("type {}: {}", entry.name, entry.failure)});
        }
        if (entry.state != TypeState::Known) {
            return tl::unexpected(TypeGap{true, fmt::format("the type {} is being read", entry.name)});
        }
        switch (entry.form) {
            case TypeForm::BuiltIn: out.builtIn = entry.builtIn; return out;
            case TypeForm::Enumeration:
                if (out.enumeration == nullptr) out.enumeration = &entry;
                index = entry.base;
                break;
            case TypeForm::Derived:
                // A concrete structure has a definition, or nobody can know its fields.
                if (const DataTypeEntry& base = types_[entry.base];
                    !entry.isAbstract && base.form == TypeForm::BuiltIn &&
                    base.builtIn == BuiltInType::ExtensionObject) {
                    return tl::unexpected(TypeGap{
                        false,
                        fmt::format("type {}: the server gives no DataTypeDefinition for it, as servers "
                                    "before OPC UA 1.04 did",
                                    entry.name)});
                }
                index = entry.base;
                break;
            default:
                out.builtIn = BuiltInType::ExtensionObject;
                if (!entry.isAbstract) out.structure = &entry;
                return out;
        }
    }
    return tl::unexpected(
        TypeGap{false, fmt::format("type {} is derived over too many steps", types_[index].name)});
}

std::vector<TypeIndex> StructureTypes::takeWantedTypes(std::size_t most) {
    const std::size_t count = std::min(most, wantedTypes_.size());
    std::vector<TypeIndex> taken(wantedTypes_.begin(),
                                 wantedTypes_.begin() + static_cast<std::ptrdiff_t>(count));
    wantedTypes_.erase(wantedTypes_.begin(), wantedTypes_.begin() + static_cast<std::ptrdiff_t>(count));
    for (const TypeIndex index : taken) types_[index].state = TypeState::Reading;
    return taken;
}

UaArray<UA_NodeId> StructureTypes::takeWantedEncodings(std::size_t most) {
    UaArray<UA_NodeId> taken(std::min(most, wantedEncodings_.size()));
    for (std::size_t i = 0; i < taken.size(); ++i) {
        auto& state = encodings_.find(wantedEncodings_[i])->second.state;
        if (state == TypeState::Wanted) state = TypeState::Reading;
        std::swap(taken[i], wantedEncodings_[i].get());
    }
    wantedEncodings_.erase(wantedEncodings_.begin(),
                           wantedEncodings_.begin() + static_cast<std::ptrdiff_t>(taken.size()));
    return taken;
}

void StructureTypes::setEncoding(const UA_NodeId& encoding, const UA_NodeId& dataType) {
    const TypeIndex type = typeOf(dataType);
    encodings_[copyOf(encoding)] = {TypeState::Known, type, {}};
    ++revision_;
}

void StructureTypes::failEncoding(const UA_NodeId& encoding, std::string reason) {
    // A definition may have named it meanwhile.
    if (Encoding& entry = encodings_[copyOf(encoding)]; entry.state != TypeState::Known) {
        entry = {TypeState::Failed, 0, std::move(reason)};
    }
    ++revision_;
}

bool StructureTypes::spend(std::size_t nameBytes) noexcept {
    if (nameBytes > TypeLimits::kMaxNameBytes - nameBytes_) return false;
    nameBytes_ += nameBytes;
    return true;
}

std::optional<std::string> StructureTypes::addField(DataTypeEntry& entry, const UA_StructureField& field,
                                                    UA_StructureType kind) {
    if (!spend(field.name.length)) return "the names of all types together are too long";
    // 0: one or more dimensions, which only an array of one can be told from in its bytes.
    const std::int32_t rank = field.valueRank == 0 ? 1 : field.valueRank;
    if (rank < -1) return fmt::format("field {} may be scalar or array", view(field.name));
    const bool mayVary = kind == UA_STRUCTURETYPE_STRUCTUREWITHSUBTYPEDVALUES ||
                         kind == UA_STRUCTURETYPE_UNIONWITHSUBTYPEDVALUES;
    entry.fields.push_back({std::string(view(field.name)), typeOf(field.dataType), rank,
                            field.isOptional && entry.form == TypeForm::StructureWithOptionalFields,
                            field.isOptional && mayVary});
    return std::nullopt;
}

void StructureTypes::setName(TypeIndex index, std::string_view name) {
    if (name.empty() || !spend(name.size())) return;
    types_[index].name = fmt::format("{} ({})", name, types_[index].name);
}

void StructureTypes::setStructure(TypeIndex index, const UA_StructureDefinition& definition,
                                  bool isAbstract) {
    DataTypeEntry entry;
    entry.isAbstract = isAbstract;
    switch (definition.structureType) {
        case UA_STRUCTURETYPE_STRUCTURE:
        case UA_STRUCTURETYPE_STRUCTUREWITHSUBTYPEDVALUES: entry.form = TypeForm::Structure; break;
        case UA_STRUCTURETYPE_STRUCTUREWITHOPTIONALFIELDS:
            entry.form = TypeForm::StructureWithOptionalFields;
            break;
        case UA_STRUCTURETYPE_UNION:
        case UA_STRUCTURETYPE_UNIONWITHSUBTYPEDVALUES: entry.form = TypeForm::Union; break;
        default:
            failType(index, "the server describes it as a kind of structure that does not exist");
            return;
    }
    if (definition.fieldsSize > TypeLimits::kMaxFields) {
        failType(index, fmt::format("it has {} fields, more than {}", definition.fieldsSize,
                                    TypeLimits::kMaxFields));
        return;
    }
    std::set<std::string_view> seen;
    std::size_t optional = 0;
    for (std::size_t i = 0; i < definition.fieldsSize; ++i) {
        const UA_StructureField& field = definition.fields[i];
        auto problem = addField(entry, field, definition.structureType);
        if (!problem && !seen.insert(view(field.name)).second) {
            problem = fmt::format("it has two fields {}", view(field.name));
        }
        if (!problem && entry.fields.back().optional && ++optional > 32) {
            problem = "it has more than 32 optional fields";
        }
        if (problem) {
            failType(index, std::move(*problem));
            return;
        }
    }
    if (!UA_NodeId_isNull(&definition.defaultEncodingId)) {
        entry.binaryEncoding = copyOf(definition.defaultEncodingId);
        // Servers whose encoding nodes lead nowhere are understood all the same.
        encodings_[copyOf(definition.defaultEncodingId)] = {TypeState::Known, index, {}};
    }
    finish(index, std::move(entry));
}

void StructureTypes::setEnumeration(TypeIndex index, const UA_EnumDefinition& definition,
                                    const UA_NodeId& base) {
    DataTypeEntry entry;
    entry.form = TypeForm::Enumeration;
    entry.base = typeOf(base);
    const std::size_t count = std::min(definition.fieldsSize, TypeLimits::kMaxFields);
    for (std::size_t i = 0; i < count; ++i) {
        const UA_EnumField& field = definition.fields[i];
        if (!spend(field.name.length)) break;
        entry.names.emplace_back(field.value, std::string(view(field.name)));
    }
    std::ranges::sort(entry.names);
    finish(index, std::move(entry));
}

void StructureTypes::setDerived(TypeIndex index, const UA_NodeId& base, bool isAbstract) {
    DataTypeEntry entry;
    entry.form = TypeForm::Derived;
    entry.base = typeOf(base);
    entry.isAbstract = isAbstract;
    finish(index, std::move(entry));
}

void StructureTypes::finish(TypeIndex index, DataTypeEntry&& entry) {
    entry.name = std::move(types_[index].name);
    entry.state = TypeState::Known;
    types_[index] = std::move(entry);
    ++revision_;
}

void StructureTypes::failType(TypeIndex index, std::string reason) {
    types_[index].state = TypeState::Failed;
    types_[index].failure = std::move(reason);
    ++revision_;
}

}  // namespace tagwire::source::opcua
