/// The data types that variables refer to, resolved along their supertypes (OPC 10000-3, 5.8.3).
/// Thread: the source's. Lifetime: one generation, because ids change with the server's namespaces.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "model/value.h"
#include "source/opcua/services/server_view.h"
#include "source/opcua/values/ua_types.h"

namespace tagwire::source::opcua {

struct DataTypeInfo {
    /// What values of the type travel as; Null for abstract types, whose values tell, and for unknown ones.
    BuiltInType type = BuiltInType::Null;
    /// Of an enumeration.
    std::map<std::int64_t, std::string> labels;
};

/// The labels that a value of EnumStrings or EnumValues gives (OPC 10000-3, 5.8.3.3), or a
/// DataTypeDefinition.
[[nodiscard]] std::map<std::int64_t, std::string> labelsOf(const UA_Variant& value);

class DataTypes {
public:
    /// Supertypes that are followed from one type: no standard has half as many.
    static constexpr int kMaxDepth = 30;

    explicit DataTypes(const ServerView& server) : server_(server) {}

    /// Asks the server for those of `types` that are not known yet; `done` is called once, at once where
    /// there are none. What cannot be found out stays Null. This object outlives the answer.
    void learn(std::vector<Ua<UA_NodeId>> types, std::function<void()> done);

    /// Null information for a type that was not learnt.
    [[nodiscard]] const DataTypeInfo& operator[](const UA_NodeId& type) const;

private:
    struct Step;

    void askSupertypes(std::shared_ptr<Step> step);
    void askLabels(std::shared_ptr<Step> step);

    ServerView server_;
    std::unordered_map<std::string, DataTypeInfo> known_;
};

}  // namespace tagwire::source::opcua
