/// Reads the data types that values mention from the server, in batches, as they are wanted: encoding →
/// data type → DataTypeDefinition, and the types of its fields (OPC 10000-3, 5.8.3; 10000-5, 11.4). Of
/// enumerations without a definition, as servers before OPC UA 1.04 have them, the properties EnumStrings and
/// EnumValues. The session calls tick() in its loop; after each `true` it delivers ValueDecoder::retry():
///
///     if (typeReader.tick()) itemTable.redeliver(decoder);
///
/// Thread: the source's. Lifetime: one generation; the client, the limits and the types outlive it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "source/opcua/client/server_info.h"
#include "source/opcua/client/ua_client.h"
#include "source/opcua/services/batched_call.h"
#include "source/opcua/values/structure_types.h"

namespace tagwire::source::opcua {

class TypeReader {
public:
    /// Read together; the others wait for the next round.
    static constexpr std::size_t kMaxPerRound = 500;

    TypeReader(UaClient& client, const OperationLimits& limits, StructureTypes& types) noexcept
        : client_(client), limits_(limits), types_(types) {}
    TypeReader(const TypeReader&) = delete;
    TypeReader& operator=(const TypeReader&) = delete;
    ~TypeReader() = default;

    /// Sends what is wanted. True when everything wanted has been read, or could not be, since the last
    /// `true`. Called between runs of the client.
    [[nodiscard]] bool tick();

    /// Nothing is wanted or being read.
    [[nodiscard]] bool idle() const noexcept { return open_ == 0 && !types_.hasWanted(); }

    /// Calls `done` from tick() once everything that is wanted has been read, or could not be; at once where
    /// nothing is.
    void whenIdle(std::function<void()> done);

    /// The same with the type and all it is made of wanted. For writes, which need the type before there is a
    /// value.
    void whenRead(const UA_NodeId& dataType, std::function<void(TypeIndex)> done);

    [[nodiscard]] StructureTypes& types() noexcept { return types_; }

private:
    void readEncodings();
    void readTypes();
    void readDefinitions(const std::vector<TypeIndex>& wanted, std::vector<Ua<UA_NodeId>> parents);
    void takeEncoding(const UA_NodeId& encoding, const Outcome<UA_BrowseResult>& outcome);
    void takeDefinition(TypeIndex type, const UA_NodeId& parent, const Outcome<UA_DataValue>& outcome,
                        bool isAbstract);
    /// Of enumerations; their properties are looked up first.
    void findNames(const std::vector<TypeIndex>& types);
    void readNames(const std::vector<TypeIndex>& types, std::vector<Outcome<UA_BrowsePathResult>>& found);
    void takeNames(TypeIndex type, const UA_Variant& names);

    UaClient& client_;
    const OperationLimits& limits_;
    StructureTypes& types_;
    int open_ = 0;
    std::uint64_t reported_ = 0;
    std::vector<std::function<void()>> waiters_;
};

}  // namespace tagwire::source::opcua
