/// What tests of services need besides a connected client: nodes by name, values to send and to compare.
/// Thread: the test's. Lifetime: one test.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "source/opcua/services/type_reader.h"
#include "source/opcua/testing/connected_client_testing.h"
#include "source/opcua/values/node_id.h"
#include "source/opcua/values/value_convert.h"

namespace tagwire::source::opcua {

class ServiceClient : public ConnectedClient {
public:
    using ConnectedClient::ConnectedClient;

    const OperationLimits& limits() const { return info().limits(); }

    /// A node of the server's own namespace, or `i=…` of the standard's.
    Ua<UA_NodeId> node(const std::string& name) const {
        const std::string text = name.starts_with("i=") ? name : "nsu=http://tagwire.test/plant/;s=" + name;
        auto id = resolve(NodeAddress::parse(text).value(), info().namespaces());
        EXPECT_TRUE(id.has_value()) << text;
        return std::move(*id);
    }

    TypeReader& types() noexcept { return reader_; }

    /// As ConnectedClient::until(), with the types that are wanted on the way.
    [[nodiscard]] bool until(const std::function<bool()>& holds,
                             std::chrono::milliseconds limit = std::chrono::seconds{20}) {
        return ConnectedClient::until(
            [&] {
                static_cast<void>(reader_.tick());
                return holds();
            },
            limit);
    }

    /// With the types that are known.
    Value valueOf(const UA_DataValue& value) {
        ConvertContext context{.namespaces = info().namespaces(), .types = &types_};
        return convert(value, context, Timestamp{}).value;
    }
    Value valueOf(const UA_Variant& value) {
        UA_DataValue holder{};
        holder.hasValue = true;
        holder.value = value;
        return valueOf(holder);
    }

private:
    StructureTypes types_{info().namespaces()};
    TypeReader reader_{client(), info().limits(), types_};
};

/// A list of what can only be moved.
template <class First, class... Rest>
std::vector<First> listOf(First first, Rest... rest) {
    std::vector<First> list;
    list.push_back(std::move(first));
    (list.push_back(std::move(rest)), ...);
    return list;
}

/// A Double, or an array of Int32, whatever the node takes.
inline Ua<UA_Variant> variantOf(double number) {
    Ua<UA_Variant> value;
    UA_Variant_setScalarCopy(&value.get(), &number, &UA_TYPES[UA_TYPES_DOUBLE]);
    return value;
}
inline Ua<UA_Variant> variantOf(const std::vector<std::int32_t>& numbers) {
    Ua<UA_Variant> value;
    UA_Variant_setArrayCopy(&value.get(), numbers.data(), numbers.size(), &UA_TYPES[UA_TYPES_INT32]);
    return value;
}

}  // namespace tagwire::source::opcua
