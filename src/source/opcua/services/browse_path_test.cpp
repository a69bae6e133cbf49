#include "source/opcua/services/browse_path.h"

#include <limits>
#include <optional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "source/opcua/testing/connected_client_testing.h"

namespace tagwire::source::opcua {
namespace {

using testing::HasSubstr;

const std::string kBoiler =
    "path=/Objects/nsu=http://tagwire.test/plant/;Plant/nsu=http://tagwire.test/plant/;Line1/"
    "nsu=http://tagwire.test/plant/;Boiler";

class BrowsePathTest : public testing::Test {
protected:
    std::vector<LocatedNode> locate(const std::vector<std::string>& texts) {
        std::vector<NodeLocator> locators;
        for (const std::string& text : texts) locators.push_back(parseNodeLocator(text).value());
        std::optional<std::vector<LocatedNode>> nodes;
        locateNodes(viewOf(server_.client(), server_.info()), locators,
                    [&](std::vector<LocatedNode> found) { nodes = std::move(found); });
        EXPECT_TRUE(server_.until([&] { return nodes.has_value(); }));
        return std::move(nodes).value_or(std::vector<LocatedNode>{});
    }
    std::string idOf(const LocatedNode& node) const {
        return addressOf(node.id.get(), server_.info().namespaces()).text();
    }

    ConnectedClient server_{{"plant=1", "shift=3"}};
};

TEST_F(BrowsePathTest, FindsNodesByNamespaceUriAndByIndex) {
    const auto nodes =
        locate({kBoiler + ".nsu=http://tagwire.test/plant/;Temp", "/Objects/5:Plant/5:Line2/5:Boiler",
                "/Objects/Server", "i=2258", kBoiler + "/5:Odd&.Name&/1",
                kBoiler + "<HasComponent>5:Temp<#HasProperty>EURange",
                kBoiler + "<nsu=http://opcfoundation.org/UA/;i=47>5:Temp<!HasComponent>5:Boiler"});
    ASSERT_EQ(nodes.size(), 7U);
    for (const auto& node : nodes) EXPECT_TRUE(node.status.isGood()) << node.reason;
    EXPECT_EQ(idOf(nodes[0]), "nsu=http://tagwire.test/plant/;s=Plant.Line1.Boiler.Temp");
    EXPECT_EQ(idOf(nodes[1]), "nsu=http://tagwire.test/plant/;s=Plant.Line1.Boiler");
    EXPECT_EQ(idOf(nodes[2]), "i=2253");
    EXPECT_EQ(idOf(nodes[3]), "i=2258");
    EXPECT_EQ(idOf(nodes[4]), "nsu=http://tagwire.test/plant/;s=Plant.Line1.Boiler.Odd");
    EXPECT_EQ(idOf(nodes[6]), "nsu=http://tagwire.test/plant/;s=Plant.Line1.Boiler");
}

TEST_F(BrowsePathTest, SaysWhatIsWrong) {
    const auto nodes =
        locate({kBoiler + ".5:None", "/Objects/nsu=urn:none;X", "nsu=urn:none;i=1", kBoiler + "<Feeds>5:Temp",
                kBoiler + "<nsu=urn:none;i=1>5:Temp", "/Objects/Server"});
    ASSERT_EQ(nodes.size(), 6U);
    EXPECT_EQ(nodes[0].status, StatusCode{UA_STATUSCODE_BADNOMATCH});
    EXPECT_THAT(nodes[0].reason, HasSubstr("no node with this browse path"));
    EXPECT_EQ(nodes[1].status, StatusCode{UA_STATUSCODE_BADNOMATCH});
    EXPECT_THAT(nodes[1].reason, HasSubstr("no namespace `urn:none`"));
    EXPECT_EQ(nodes[2].status, StatusCode{UA_STATUSCODE_BADNODEIDUNKNOWN});
    EXPECT_EQ(nodes[3].status, StatusCode{UA_STATUSCODE_BADREFERENCETYPEIDINVALID});
    EXPECT_THAT(nodes[3].reason, HasSubstr("`Feeds`"));
    EXPECT_EQ(nodes[4].status, StatusCode{UA_STATUSCODE_BADREFERENCETYPEIDINVALID});
    EXPECT_TRUE(nodes[5].status.isGood()) << "the others do not suffer";
}

TEST_F(BrowsePathTest, FailsInWordsWithoutServer) {
    server_.peer().kill();
    const auto nodes = locate({"/Objects"});
    ASSERT_EQ(nodes.size(), 1U);
    EXPECT_TRUE(nodes[0].status.isBad());
    EXPECT_FALSE(nodes[0].reason.empty());
}

/// Results that a server may give, whether or not ours does.
class LocatedBy : public testing::Test {
protected:
    void target(UA_UInt32 number, UA_UInt32 server = 0,
                UA_UInt32 remaining = std::numeric_limits<UA_UInt32>::max()) {
        UA_BrowsePathTarget& each = targets_.emplace_back();
        each.targetId.nodeId.identifier.numeric = number;
        each.targetId.serverIndex = server;
        each.remainingPathIndex = remaining;
    }
    LocatedNode located(UA_StatusCode status = UA_STATUSCODE_GOOD) {
        UA_BrowsePathResult result{};
        result.statusCode = status;
        result.targets = targets_.data();
        result.targetsSize = targets_.size();
        return locatedBy(result, {});
    }
    std::vector<UA_BrowsePathTarget> targets_;
};

TEST_F(LocatedBy, SeveralNodesAreTooMany) {
    target(1);
    target(2);
    EXPECT_EQ(located().status, StatusCode{UA_STATUSCODE_BADTOOMANYMATCHES});
    EXPECT_THAT(located().reason, HasSubstr("2 nodes"));
}

TEST_F(LocatedBy, TheSameNodeByTwoWaysIsOne) {
    target(1);
    target(1);
    EXPECT_TRUE(located().status.isGood());
    EXPECT_EQ(located().id->identifier.numeric, 1U);
}

TEST_F(LocatedBy, NodesOfOtherServersAreNotFollowed) {
    target(1, 2);
    EXPECT_EQ(located().status, StatusCode{UA_STATUSCODE_BADNOTSUPPORTED});
    targets_.clear();
    target(1, 0, 1);
    EXPECT_EQ(located(UA_STATUSCODE_UNCERTAINREFERENCEOUTOFSERVER).status,
              StatusCode{UA_STATUSCODE_BADNOTSUPPORTED});
    target(7);
    EXPECT_TRUE(located().status.isGood()) << "one of them is here";
}

TEST_F(LocatedBy, NoTargetIsNoMatch) {
    EXPECT_EQ(located().status, StatusCode{UA_STATUSCODE_BADNOMATCH});
    EXPECT_EQ(located(UA_STATUSCODE_BADQUERYTOOCOMPLEX).status, StatusCode{UA_STATUSCODE_BADQUERYTOOCOMPLEX});
}

}  // namespace
}  // namespace tagwire::source::opcua
