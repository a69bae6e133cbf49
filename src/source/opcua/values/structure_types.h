/// What is known of a server's data types: structures, enumerations and what they are made of (OPC 10000-3,
/// 8.48 to 8.52). Types come in when a value or a definition first mentions them, wait until somebody has
/// read them from the server (services/type_reader.h), and stay. Those of OPC UA itself need no server.
/// Thread: the source's. Lifetime: one generation, because a server that was restarted may have other types.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "model/value.h"
#include "source/opcua/values/node_id.h"
#include "source/opcua/values/node_id_map.h"

namespace tagwire::source::opcua {

/// What a server's types may cost us, whatever it says of them.
struct TypeLimits {
    static constexpr std::size_t kMaxTypes = 20'000;
    /// Fields of one structure, values of one enumeration.
    static constexpr std::size_t kMaxFields = 4'096;
    /// Node ids and names of all types, fields and values together.
    static constexpr std::size_t kMaxNameBytes = 16'777'216;
    static constexpr std::size_t kMaxDimensions = 16;
    /// Steps from a data type to the built-in type it is derived from.
    static constexpr int kMaxDerivations = 32;
};

/// Place of a type in StructureTypes; stays the same.
using TypeIndex = std::uint32_t;

enum class TypeForm : std::uint8_t {
    BuiltIn,
    /// Another name for its base, or a narrowed one.
    Derived,
    /// Int32 with names, or an option set, according to its base.
    Enumeration,
    Structure,
    StructureWithOptionalFields,
    Union,
};

enum class TypeState : std::uint8_t { Wanted, Reading, Known, Failed };

struct StructureField {
    std::string name;
    TypeIndex type = 0;
    /// -1: scalar, 1: array, more: matrix of so many dimensions.
    std::int32_t valueRank = -1;
    /// Only in a StructureWithOptionalFields.
    bool optional = false;
    /// In an ExtensionObject or Variant, because it may be of a derived type.
    bool subtyped = false;
};

struct DataTypeEntry {
    TypeState state = TypeState::Wanted;
    TypeForm form = TypeForm::BuiltIn;
    BuiltInType builtIn = BuiltInType::Null;
    bool isAbstract = false;
    /// Of Derived and Enumeration.
    TypeIndex base = 0;
    /// Of a structure; null without one.
    Ua<UA_NodeId> binaryEncoding;
    std::vector<StructureField> fields;
    /// Of an enumeration, by value.
    std::vector<std::pair<std::int64_t, std::string>> names;
    /// For people: the browse name where it is known, otherwise the node id.
    std::string name;
    /// Why it is Failed.
    std::string failure;
};

/// A type without the names on the way: built-in with perhaps the names of an enumeration, or a structure.
struct ResolvedType {
    BuiltInType builtIn = BuiltInType::Null;
    /// Set for structures, with builtIn ExtensionObject.
    const DataTypeEntry* structure = nullptr;
    const DataTypeEntry* enumeration = nullptr;
};

/// Why something cannot be done with a type.
struct TypeGap {
    /// It may be possible once the wanted types are read.
    bool pending = false;
    std::string reason;
};

class StructureTypes {
public:
    /// The namespaces outlive it, and are complete before the first type comes in.
    explicit StructureTypes(const std::vector<std::string>& namespaces);

    /// The type with this node id, wanted from now on if it is new.
    [[nodiscard]] TypeIndex typeOf(const UA_NodeId& dataType);
    [[nodiscard]] const DataTypeEntry& operator[](TypeIndex index) const noexcept { return types_[index]; }
    /// The node id of the type.
    [[nodiscard]] const UA_NodeId& idOf(TypeIndex index) const noexcept { return ids_[index].get(); }

    /// The structure whose binary encoding has this node id; wanted from now on if it is new.
    [[nodiscard]] Result<TypeIndex, TypeGap> typeOfEncoding(const UA_NodeId& encoding);

    /// Down to what it is made of.
    [[nodiscard]] Result<ResolvedType, TypeGap> resolve(TypeIndex index) const;

    [[nodiscard]] NamespaceArray namespaces() const noexcept { return namespaces_; }
    /// The node id as text with the namespace's URI.
    [[nodiscard]] std::string textOf(const UA_NodeId& id) const { return addressOf(id, namespaces_).text(); }

    // For the reader.
    [[nodiscard]] bool hasWanted() const noexcept {
        return !wantedTypes_.empty() || !wantedEncodings_.empty();
    }
    /// Counted up whenever something becomes Known or Failed.
    [[nodiscard]] std::uint64_t revision() const noexcept { return revision_; }
    /// Takes at most `most` that are wanted; they are Reading then.
    [[nodiscard]] std::vector<TypeIndex> takeWantedTypes(std::size_t most);
    [[nodiscard]] UaArray<UA_NodeId> takeWantedEncodings(std::size_t most);

    void setEncoding(const UA_NodeId& encoding, const UA_NodeId& dataType);
    void failEncoding(const UA_NodeId& encoding, std::string reason);
    /// For people: the browse name, beside the node id.
    void setName(TypeIndex index, std::string_view name);
    void setStructure(TypeIndex index, const UA_StructureDefinition& definition, bool isAbstract);
    void setEnumeration(TypeIndex index, const UA_EnumDefinition& definition, const UA_NodeId& base);
    /// A type without a definition of its own.
    void setDerived(TypeIndex index, const UA_NodeId& base, bool isAbstract);
    void failType(TypeIndex index, std::string reason);

private:
    struct Encoding {
        TypeState state = TypeState::Wanted;
        TypeIndex type = 0;
        std::string failure;
    };

    TypeIndex add(const UA_NodeId& id);
    void describeStandard(TypeIndex index, const UA_NodeId& id);
    void describeLibraryStructure(TypeIndex index, const UA_DataType& type);
    [[nodiscard]] std::optional<std::string> addField(DataTypeEntry& entry, const UA_StructureField& field,
                                                      UA_StructureType kind);
    [[nodiscard]] bool spend(std::size_t nameBytes) noexcept;
    void finish(TypeIndex index, DataTypeEntry&& entry);

    const std::vector<std::string>& namespaces_;
    NodeIdMap<TypeIndex> indexes_;
    NodeIdMap<Encoding> encodings_;
    std::vector<Ua<UA_NodeId>> ids_;
    /// Entries stay where they are while further types come in.
    std::deque<DataTypeEntry> types_;
    std::vector<TypeIndex> wantedTypes_;
    std::vector<Ua<UA_NodeId>> wantedEncodings_;
    std::size_t nameBytes_ = 0;
    std::uint64_t revision_ = 0;
};

}  // namespace tagwire::source::opcua
