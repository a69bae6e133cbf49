// The source with what it takes from the server's address space: browse paths, metadata, subtrees.
#include <chrono>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <open62541/statuscodes.h>

#include "source/opcua/opcua_source.h"
#include "source/opcua/source_testing.h"

namespace tagwire::source::opcua {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kBoiler =
    "/Objects/nsu=http://tagwire.test/plant/;Plant/nsu=http://tagwire.test/plant/;Line1/"
    "nsu=http://tagwire.test/plant/;Boiler";

/// Without a prefix: paths are what the server calls its nodes.
OpcUaOptions plainOptions() {
    OpcUaOptions plain = options();
    plain.prefix.clear();
    return plain;
}

class AddressSpaceSourceTest : public testing::Test {
protected:
    bool awaitStatus(const std::string& path, std::uint32_t code) {
        return sink_.await(kPatience, [&] {
            const DataValue* value = sink_.latest(path);
            return value != nullptr && value->status.withoutInfoBits().code() == code;
        });
    }

    PeerProcess peer_{kPort, {"plant=1"}};
    RecordingSink sink_;
};

TEST_F(AddressSpaceSourceTest, TagsAreFoundByBrowsePathAndCompletedByTheServersMetadata) {
    OpcUaOptions config = plainOptions();
    config.tags.resize(4);
    config.tags[0].name = "Temp";
    config.tags[0].node = std::string(kBoiler) + "/nsu=http://tagwire.test/plant/;Temp";
    config.tags[1].name = "None";
    config.tags[1].node = std::string(kBoiler) + "/nsu=http://tagwire.test/plant/;None";
    for (const std::size_t own : {2U, 3U}) {
        config.tags[own] = config.tags[0];
        config.tags[own].limits.fromServer = false;
    }
    config.tags[2].name = "OwnLimits";
    config.tags[2].limits.low = 5;
    config.tags[3].name = "NoLimits";
    OpcUaSource source(config, SourceId{1}, sink_);
    source.start();
    EXPECT_TRUE(sink_.awaitNumber("Temp", 20, kPatience));
    EXPECT_TRUE(awaitStatus("None", UA_STATUSCODE_BADNOMATCH));
    EXPECT_TRUE(sink_.await(kPatience, [&] {
        const auto info = sink_.infoUnlocked("Temp");
        return info && info->units && info->units->symbol == "°C" && info->range == EURange{0, 200} &&
               info->limits == Limits{{}, {}, 180, {}} && info->decimals == 1 &&
               info->access == Access::ReadWrite &&
               info->description == std::map<std::string, std::string>{{"en", "Temperature of the boiler"}};
    }));
    const auto limitsOf = [&](const std::string& tag) {
        EXPECT_TRUE(sink_.await(kPatience, [&] {
            const auto info = sink_.infoUnlocked(tag);
            return info && info->range == EURange{0, 200};
        }));
        return sink_.info(tag)->limits;
    };
    EXPECT_EQ(limitsOf("OwnLimits"), (Limits{{}, 5, {}, {}}));
    EXPECT_EQ(limitsOf("NoLimits"), Limits{});
}

TEST_F(AddressSpaceSourceTest, SubtreesFollowNodesThatComeAndGo) {
    OpcUaOptions config = plainOptions();
    SubtreeOptions& subtree = config.subtrees.emplace_back();
    subtree.node = "nsu=http://tagwire.test/plant/;s=Plant";
    subtree.name = "P";
    subtree.exclude = {"**.Odd*"};
    subtree.rescan = 100ms;
    OpcUaSource source(config, SourceId{1}, sink_);
    source.start();
    EXPECT_TRUE(sink_.awaitNumber("P.Line1.Boiler.Temp", 20, kPatience));
    EXPECT_TRUE(sink_.await(kPatience, [&] {
        const auto info = sink_.infoUnlocked("P.Line1.Boiler.Mode");
        return info && info->enumLabels.size() == 3;
    }));
    EXPECT_EQ(sink_.info("P.Line1.Boiler.Odd%2EName/1"), nullptr);

    EXPECT_EQ(peer_.ask("add Plant.Line2 New"), "Good");
    EXPECT_TRUE(awaitStatus("P.Line2.New", UA_STATUSCODE_GOOD));
    EXPECT_EQ(peer_.ask("remove Plant.Line2.New"), "Good");
    EXPECT_TRUE(awaitStatus("P.Line2.New", UA_STATUSCODE_BADNODEIDUNKNOWN));
    const TagId before = sink_.info("P.Line2.New")->id;
    EXPECT_EQ(peer_.ask("add Plant.Line2 New"), "Good");
    EXPECT_TRUE(awaitStatus("P.Line2.New", UA_STATUSCODE_GOOD)) << "when it comes back, so does its tag";
    EXPECT_EQ(sink_.info("P.Line2.New")->id, before);
}

}  // namespace
}  // namespace tagwire::source::opcua
