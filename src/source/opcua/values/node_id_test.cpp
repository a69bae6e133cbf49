#include "source/opcua/values/node_id.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <open62541/statuscodes.h>

#include "source/opcua/values/values_testing.h"

namespace tagwire::source::opcua {
namespace {

NodeAddress parsed(std::string_view text) {
    auto address = NodeAddress::parse(text);
    EXPECT_TRUE(address) << text << ": " << address.error().message;
    return address ? *address : NodeAddress{};
}

TEST(NodeId, ResolvesTheNamespaceByItsUri) {
    const auto id = resolve(parsed("nsu=http://plant/;s=Temp"), kNamespaces);
    ASSERT_TRUE(id);
    EXPECT_EQ(id->get().namespaceIndex, 2);
    EXPECT_EQ(view(id->get().identifier.string), "Temp");

    const auto unknown = resolve(parsed("nsu=http://other/;s=Temp"), kNamespaces);
    ASSERT_FALSE(unknown);
    EXPECT_EQ(unknown.error().code(), UA_STATUSCODE_BADNODEIDUNKNOWN);
}

TEST(NodeId, ComesBackAsItsAddress) {
    for (const std::string text : {"i=2258", "nsu=http://plant/;s=Temp", "nsu=urn:server;b=AQID", "ns=7;i=5",
                                   "nsu=http://plant/;g=09087e75-8e5e-499b-954f-f2a9603db28a"}) {
        const auto id = resolve(parsed(text), kNamespaces);
        ASSERT_TRUE(id) << text;
        EXPECT_EQ(addressOf(id->get(), kNamespaces).text(), text);
    }
}

TEST(NodeId, ExpandedNamesItsServer) {
    UA_ExpandedNodeId id{};
    id.nodeId.namespaceIndex = 2;
    id.nodeId.identifier.numeric = 5;
    EXPECT_EQ(textOf(id, kNamespaces), "nsu=http://plant/;i=5");
    id.namespaceUri = borrow("urn:x");
    id.serverIndex = 3;
    EXPECT_EQ(textOf(id, kNamespaces), "svr=3;nsu=urn:x;i=5");
}

}  // namespace
}  // namespace tagwire::source::opcua
