/// A client connected to the test server, with what the services need to know of it.
/// Thread: the test's. Lifetime: of one test; the server outlives it.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "source/opcua/client/server_info.h"
#include "source/opcua/client/ua_client.h"
#include "source/opcua/testing/peer_testing.h"
#include "source/opcua/values/node_id.h"
#include "source/opcua/values/value_convert.h"

namespace tagwire::source::opcua {

/// Each test process has a port of its own.
inline std::uint16_t testPort() { return static_cast<std::uint16_t>(20'000 + getpid() % 6'000); }

class ConnectedClient {
public:
    ConnectedClient()
        : client_({.url = fmt::format("opc.tcp://127.0.0.1:{}", testPort()),
                   .sessionName = "test",
                   .requestTimeout = std::chrono::seconds(5),
                   .sessionTimeout = std::chrono::seconds(10)}),
          info_(client_) {
        client_.connect();
        EXPECT_TRUE(wait([this] { return client_.active(); }));
        info_.request();
        EXPECT_TRUE(wait([this] { return info_.complete(); }));
    }

    UaClient& client() { return client_; }
    const ServerInfo& info() const { return info_; }
    const OperationLimits& limits() const { return info_.limits(); }

    /// A node of the server's own namespace, or `i=…` of the standard's.
    Ua<UA_NodeId> node(const std::string& name) const {
        const std::string text = name.starts_with("i=") ? name : "nsu=http://tagwire.test/plant/;s=" + name;
        auto id = resolve(NodeAddress::parse(text).value(), info_.namespaces());
        EXPECT_TRUE(id.has_value()) << text;
        return std::move(*id);
    }

    Value valueOf(const UA_DataValue& value) const {
        return convert(value, info_.namespaces(), Timestamp{}).value;
    }
    Value valueOf(const UA_Variant& value) const {
        UA_DataValue holder{};
        holder.hasValue = true;
        holder.value = value;
        return valueOf(holder);
    }

    bool wait(const std::function<bool()>& done) {
        const auto deadline = SteadyClock::now() + std::chrono::seconds(10);
        while (!done() && SteadyClock::now() < deadline) client_.run(std::chrono::milliseconds(5));
        return done();
    }

private:
    UaClient client_;
    ServerInfo info_;
};

/// A list of what can only be moved.
template <class First, class... Rest>
std::vector<First> listOf(First first, Rest... rest) {
    std::vector<First> list;
    list.push_back(std::move(first));
    (list.push_back(std::move(rest)), ...);
    return list;
}

/// Encodes a Double, or an array of Int32, whatever the node takes.
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
