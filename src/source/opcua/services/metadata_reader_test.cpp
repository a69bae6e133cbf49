#include "source/opcua/services/metadata_reader.h"

#include <limits>
#include <optional>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "source/opcua/services/data_types.h"
#include "source/opcua/testing/connected_client_testing.h"

namespace tagwire::source::opcua {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using testing::SizeIs;

class MetadataTest : public testing::Test {
protected:
    explicit MetadataTest(const std::vector<std::string>& arguments = {"plant=1"}) : server_(arguments) {}

    std::vector<NodeMetadata> read(const std::vector<std::string>& nodes) {
        std::vector<Ua<UA_NodeId>> ids;
        for (const std::string& node : nodes)
            ids.push_back(resolve(NodeAddress::parse(node).value(), server_.info().namespaces()).value());
        std::vector<NodeMetadata> all(nodes.size());
        std::optional<StatusCode> end;
        readMetadata(viewOf(server_.client(), server_.info()), std::move(ids),
                     {[&](std::size_t first, std::vector<NodeMetadata> some) {
                          for (std::size_t i = 0; i < some.size(); ++i)
                              all.at(first + i) = std::move(some[i]);
                      },
                      [&](StatusCode status) { end = status; }});
        EXPECT_TRUE(server_.until([&] { return end.has_value(); }));
        status_ = end.value_or(StatusCode{UA_STATUSCODE_BADTIMEOUT});
        return all;
    }
    NodeMetadata boiler(const std::string& name) {
        return read({"nsu=http://tagwire.test/plant/;s=Plant.Line1.Boiler." + name}).front();
    }

    ConnectedClient server_;
    StatusCode status_;
};

TEST_F(MetadataTest, OfAnAnalogItem) {
    const NodeMetadata temp = boiler("Temp");
    EXPECT_TRUE(temp.status.isGood());
    EXPECT_EQ(temp.displayName.text, "Temp");
    EXPECT_EQ(temp.description, (LocalizedText{"en", "Temperature of the boiler"}));
    EXPECT_EQ(temp.type, BuiltInType::Double);
    EXPECT_EQ(temp.valueRank, -1);
    EXPECT_EQ(temp.range, (EURange{0, 200}));
    EXPECT_EQ(temp.instrumentRange, (EURange{-50, 250}));
    EXPECT_EQ(temp.units, (EngineeringUnits{"°C", "degree Celsius", 4408652}));
    EXPECT_EQ(temp.decimals, 1);
    EXPECT_EQ(temp.minimumSamplingInterval, 100.0);
    EXPECT_EQ(temp.access(), Access::ReadWrite);
    EXPECT_THAT(temp.labels, IsEmpty());
    const NodeMetadata pressure = boiler("Pressure");
    EXPECT_EQ(pressure.units, (EngineeringUnits{"mmWS", "millimetres of water", -1}));
    EXPECT_EQ(pressure.range, std::nullopt);
}

TEST_F(MetadataTest, OfDiscreteItemsAndEnumerations) {
    EXPECT_THAT(boiler("Running").labels, ElementsAre(Pair(0, "off"), Pair(1, "on")));
    EXPECT_THAT(boiler("Mode").labels, ElementsAre(Pair(0, "Off"), Pair(1, "Manual"), Pair(2, "Automatic")));
    EXPECT_THAT(boiler("State").labels, ElementsAre(Pair(10, "Idle"), Pair(20, "Busy")));
    const NodeMetadata kind = boiler("Kind");
    EXPECT_EQ(kind.type, BuiltInType::Int32);
    EXPECT_EQ(kind.dataType, "nsu=http://tagwire.test/plant/;s=BoilerKind");
    EXPECT_THAT(kind.labels, ElementsAre(Pair(0, "Steam"), Pair(1, "Water")));
    EXPECT_EQ(read({"i=2259"}).front().type, BuiltInType::Int32) << "ServerState";
}

TEST_F(MetadataTest, OfOwnTypesArraysAndRights) {
    const NodeMetadata level = boiler("Level");
    EXPECT_EQ(level.type, BuiltInType::Float) << "the supertype of an own type";
    EXPECT_EQ(level.access(), Access::Read);
    EXPECT_TRUE(level.historizing);
    const NodeMetadata flow = boiler("Flow");
    EXPECT_EQ(flow.valueRank, 1);
    EXPECT_THAT(flow.arrayDimensions, ElementsAre(3));
    EXPECT_EQ(read({"i=2256"}).front().type, BuiltInType::ExtensionObject) << "ServerStatusDataType";
}

TEST_F(MetadataTest, MissingNodesAreNoErrorOfOthers) {
    const auto nodes = read({"nsu=http://tagwire.test/plant/;s=Nowhere", "i=85", "i=2258"});
    EXPECT_TRUE(status_.isGood());
    EXPECT_EQ(nodes[0].status, StatusCode{UA_STATUSCODE_BADNODEIDUNKNOWN});
    EXPECT_TRUE(nodes[1].status.isGood());
    EXPECT_EQ(nodes[1].displayName.text, "Objects") << "an object has a name, too";
    EXPECT_EQ(nodes[1].type, BuiltInType::Null);
    EXPECT_EQ(nodes[2].type, BuiltInType::DateTime);
    EXPECT_THAT(read({}), IsEmpty());
    server_.peer().kill();
    EXPECT_TRUE(read({"i=2258"}).front().status.isBad());
    EXPECT_TRUE(status_.isBad());
}

class ManyNodesTest : public MetadataTest {
protected:
    ManyNodesTest() : MetadataTest({"wide=10000", "per_read=2000", "per_browse=300"}) {}
};

TEST_F(ManyNodesTest, TakesSecondsForTenThousand) {
    std::vector<std::string> names;
    for (int i = 0; i < 10'000; ++i)
        names.push_back(fmt::format("nsu=http://tagwire.test/plant/;s=Wide.{}", i));
    const auto start = SteadyClock::now();
    const auto nodes = read(names);
    const auto taken = std::chrono::duration_cast<std::chrono::milliseconds>(SteadyClock::now() - start);
    RecordProperty("metadata_of_10000_ms", std::to_string(taken.count()));
    for (int i = 0; i < 10'000; ++i) {
        ASSERT_EQ(nodes[static_cast<std::size_t>(i)].displayName.text, std::to_string(i));
        ASSERT_EQ(nodes[static_cast<std::size_t>(i)].type, BuiltInType::Double);
    }
    EXPECT_LT(taken, std::chrono::seconds{10});
}

TEST(LabelsOf, TakesWhateverAServerGives) {
    std::array<UA_EnumField, 2> fields{};
    fields[0] = {5, {{}, borrow("five")}, {}, borrow("Five")};
    fields[1] = {6, {}, {}, borrow("Six")};
    UA_EnumDefinition definition{2, fields.data()};
    UA_Variant value{};
    UA_Variant_setScalar(&value, &definition, &UA_TYPES[UA_TYPES_ENUMDEFINITION]);
    EXPECT_THAT(labelsOf(value), ElementsAre(Pair(5, "five"), Pair(6, "Six")));

    std::array<UA_EnumValueType, 2> values{};
    values[0] = {7, {{}, borrow("seven")}, {}};
    values[1] = {8, {{}, borrow("eight")}, {}};
    std::array<UA_ExtensionObject, 3> objects{};
    for (std::size_t i = 0; i < values.size(); ++i) {
        objects[i].encoding = UA_EXTENSIONOBJECT_DECODED_NODELETE;
        objects[i].content.decoded = {&UA_TYPES[UA_TYPES_ENUMVALUETYPE], &values[i]};
    }
    UA_Variant_setArray(&value, objects.data(), objects.size(), &UA_TYPES[UA_TYPES_EXTENSIONOBJECT]);
    EXPECT_THAT(labelsOf(value), ElementsAre(Pair(7, "seven"), Pair(8, "eight"))) << "the third is empty";

    double number = 1;
    UA_Variant_setScalar(&value, &number, &UA_TYPES[UA_TYPES_DOUBLE]);
    EXPECT_THAT(labelsOf(value), IsEmpty());
    EXPECT_THAT(labelsOf(UA_Variant{}), IsEmpty());
}

class MergedWith : public testing::Test {
protected:
    TagInfo configured_{.id = TagId{1}, .path = TagPath::parse("a.b").value(), .source = SourceId{0}};
    NodeMetadata server_ = [] {
        NodeMetadata node;
        node.description = {"zh-CN", "锅炉"};
        node.type = BuiltInType::Float;
        node.instrumentRange = EURange{-1, 1};
        node.units = EngineeringUnits{"bar", "", 4342098};
        node.labels = {{0, "off"}};
        node.decimals = 2;
        node.limits.high = 90;
        node.userAccessLevel = AccessLevel{AccessLevel::kCurrentRead | AccessLevel::kCurrentWrite};
        return node;
    }();
};

TEST_F(MergedWith, TheServerCompletesTheConfiguration) {
    const TagInfo info = mergedWith(configured_, server_);
    EXPECT_EQ(info.type, BuiltInType::Float);
    EXPECT_EQ(info.units->symbol, "bar");
    EXPECT_EQ(info.range, (EURange{-1, 1}));
    EXPECT_EQ(info.limits.high, 90.0);
    EXPECT_EQ(info.access, Access::ReadWrite);
    EXPECT_THAT(info.description, ElementsAre(Pair("zh", "锅炉")));
    EXPECT_EQ(info.decimals, 2);
    EXPECT_THAT(info.enumLabels, SizeIs(1));
}

TEST_F(MergedWith, TheConfigurationWins) {
    configured_.units = EngineeringUnits{"mbar", "", -1};
    configured_.range = EURange{0, 10};
    configured_.limits.low = 1;
    configured_.description = {{"", "pressure"}};
    configured_.decimals = 0;
    const TagInfo info = mergedWith(configured_, server_);
    EXPECT_EQ(info.units->symbol, "mbar");
    EXPECT_EQ(info.range, (EURange{0, 10}));
    EXPECT_EQ(info.limits, configured_.limits);
    EXPECT_EQ(info.description, configured_.description);
    EXPECT_EQ(info.decimals, 0);
}

TEST_F(MergedWith, ArraysHaveDimensionsAlsoWhenTheServerDoesNotTellThem) {
    EXPECT_THAT(mergedWith(configured_, server_).dimensions, IsEmpty());
    server_.valueRank = 2;
    EXPECT_THAT(mergedWith(configured_, server_).dimensions, ElementsAre(0, 0));
    server_.arrayDimensions = {3, 4};
    EXPECT_THAT(mergedWith(configured_, server_).dimensions, ElementsAre(3, 4));
    server_.valueRank = std::numeric_limits<std::int32_t>::max();
    server_.arrayDimensions.clear();
    EXPECT_LE(mergedWith(configured_, server_).dimensions.size(), 16U);
}

TEST_F(MergedWith, NothingIsTakenOfANodeThatIsNotThere) {
    server_.status = StatusCode{UA_STATUSCODE_BADNODEIDUNKNOWN};
    EXPECT_EQ(mergedWith(configured_, server_), configured_);
}

TEST(LanguageOf, IsTheFirstPartOfALocale) {
    EXPECT_EQ(languageOf("zh-CN"), "zh");
    EXPECT_EQ(languageOf("EN_us"), "en");
    EXPECT_EQ(languageOf(""), "");
}

}  // namespace
}  // namespace tagwire::source::opcua
