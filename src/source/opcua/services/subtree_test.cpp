#include "source/opcua/services/subtree.h"

#include <optional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "source/opcua/testing/connected_client_testing.h"

namespace tagwire::source::opcua {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

std::vector<std::string> paths(const std::vector<SubtreeVariable>& variables) {
    std::vector<std::string> all;
    for (const SubtreeVariable& each : variables) all.push_back(each.path);
    return all;
}

SubtreeOptions plant() {
    SubtreeOptions options;
    options.node = "/Objects/nsu=http://tagwire.test/plant/;Plant";
    options.name = "P";
    return options;
}

class SubtreeTest : public testing::Test {
protected:
    SubtreeListing expand(const SubtreeOptions& options) {
        std::optional<SubtreeListing> listing;
        expandSubtree(view(), SubtreeRules::of(options, "srv").value(), 30s,
                      [&](SubtreeListing found) { listing = std::move(found); });
        EXPECT_TRUE(server_.until([&] { return listing.has_value(); }));
        return std::move(listing).value_or(SubtreeListing{});
    }
    ServerView view() { return viewOf(server_.client(), server_.info()); }

    ConnectedClient server_{{"plant=1", "wide=300"}};
};

TEST_F(SubtreeTest, ListsVariablesOnceWithPathsOfBrowseNames) {
    const SubtreeListing listing = expand(plant());
    EXPECT_TRUE(listing.complete);
    EXPECT_EQ(listing.words, "");
    EXPECT_THAT(paths(listing.variables),
                ElementsAre("srv.P.Line1.Boiler.Flow", "srv.P.Line1.Boiler.Kind", "srv.P.Line1.Boiler.Level",
                            "srv.P.Line1.Boiler.Mode", "srv.P.Line1.Boiler.Odd%2EName/1",
                            "srv.P.Line1.Boiler.Pressure", "srv.P.Line1.Boiler.Running",
                            "srv.P.Line1.Boiler.State", "srv.P.Line1.Boiler.Temp"));
    EXPECT_EQ(listing.variables.back().node.text(),
              "nsu=http://tagwire.test/plant/;s=Plant.Line1.Boiler.Temp");
}

TEST_F(SubtreeTest, KeepsToPatternsPropertiesAndDepth) {
    SubtreeOptions options = plant();
    options.include = {"**.Temp", "**.Mode"};
    options.exclude = {"*.*.Mode"};
    EXPECT_THAT(paths(expand(options).variables), ElementsAre("srv.P.Line1.Boiler.Temp"));
    options = plant();
    options.properties = true;
    EXPECT_THAT(paths(expand(options).variables), Contains("srv.P.Line1.Boiler.Temp.EURange"));
    options = plant();
    options.exclude = {"Line1.**"};
    const auto other = paths(expand(options).variables);
    EXPECT_THAT(other, Contains("srv.P.Line2.Boiler.Temp")) << "by its second way";
    options.maxDepth = 1;
    EXPECT_THAT(expand(options).variables, IsEmpty());
    EXPECT_THAT(expand(options).words, HasSubstr("deeper"));
}

TEST_F(SubtreeTest, SaysInWordsThatMaxTagsIsReached) {
    SubtreeOptions options = plant();
    options.node = "nsu=http://tagwire.test/plant/;s=Wide";
    options.maxTags = 299;
    const SubtreeListing listing = expand(options);
    EXPECT_THAT(listing.variables, SizeIs(299));
    EXPECT_FALSE(listing.complete);
    EXPECT_THAT(listing.words, HasSubstr("more than max_tags = 299"));
    options.maxTags = 300;
    EXPECT_TRUE(expand(options).complete);
}

TEST_F(SubtreeTest, SaysWhyThereIsNothing) {
    SubtreeOptions options = plant();
    options.node = "/Objects/1:Nowhere";
    EXPECT_EQ(expand(options).status, StatusCode{UA_STATUSCODE_BADNOMATCH});
    options.node = "nsu=http://tagwire.test/plant/;s=Nowhere";
    EXPECT_EQ(expand(options).status, StatusCode{UA_STATUSCODE_BADNODEIDUNKNOWN});
}

class FollowerTest : public SubtreeTest {
protected:
    bool scanned(std::size_t count) {
        return server_.until([&] {
            follower_.tick(SteadyClock::now());
            return scans_ >= count;
        });
    }

    std::size_t scans_ = 0;
    SubtreeDiff diff_;
    StatusCode status_;
    SubtreeFollower follower_{SubtreeRules::of(plant(), "").value(), 100ms,
                              [this](const SubtreeDiff& diff, const SubtreeListing& listing) {
                                  ++scans_;
                                  status_ = listing.status;
                                  if (!diff.empty()) diff_ = diff;
                              }};
};

TEST_F(FollowerTest, FollowsNodesThatComeAndGo) {
    follower_.connect(view());
    ASSERT_TRUE(scanned(1));
    EXPECT_THAT(diff_.added, SizeIs(9));
    EXPECT_EQ(server_.peer().ask("add Plant.Line2 New"), "Good");
    ASSERT_TRUE(server_.until([&] {
        follower_.tick(SteadyClock::now());
        return diff_.added.size() == 1;
    }));
    EXPECT_EQ(diff_.added.front().path, "P.Line2.New");
    EXPECT_EQ(server_.peer().ask("remove Plant.Line2.New"), "Good");
    ASSERT_TRUE(server_.until([&] {
        follower_.tick(SteadyClock::now());
        return diff_.removed.size() == 1;
    }));
    EXPECT_EQ(diff_.removed.front().path, "P.Line2.New");
    EXPECT_THAT(follower_.variables(), SizeIs(9));
}

TEST_F(FollowerTest, KeepsItsTagsOverConnections) {
    follower_.connect(view());
    ASSERT_TRUE(scanned(1));
    follower_.disconnect();
    follower_.tick(SteadyClock::now() + 1h);
    EXPECT_FALSE(follower_.scanning());
    EXPECT_THAT(follower_.variables(), SizeIs(9));
    diff_ = {};
    follower_.connect(view());
    ASSERT_TRUE(scanned(2));
    EXPECT_TRUE(diff_.empty()) << "nothing is new";
    server_.peer().kill();
    ASSERT_TRUE(server_.until([&] {
        follower_.tick(SteadyClock::now());
        return status_.isBad();
    }));
    EXPECT_THAT(follower_.variables(), SizeIs(9)) << "what is not answered is not gone";
}

class EventFollowerTest : public FollowerTest {};

TEST_F(EventFollowerTest, LooksAgainSoonAfterTheServerTellsOfAChange) {
    SubtreeFollower follower(SubtreeRules::of(plant(), "").value(), 0ms,
                             [this](const SubtreeDiff&, const SubtreeListing&) { ++scans_; });
    follower.connect(view());
    ASSERT_TRUE(server_.until([&] { return scans_ == 1; }));
    follower.tick(SteadyClock::now() + 24h);
    EXPECT_FALSE(follower.scanning()) << "nothing is due without rescan";
    ModelChange change;
    change.verb = ModelChange::kDataTypeChanged;
    const SteadyTime now = SteadyClock::now();
    follower.modelChanged(std::vector{change}, now);
    follower.tick(now + 1h);
    EXPECT_FALSE(follower.scanning()) << "data types are not kept";
    change.verb = ModelChange::kNodeAdded;
    follower.modelChanged(std::vector{change}, now);
    follower.tick(now);
    EXPECT_FALSE(follower.scanning()) << "changes are collected first";
    follower.tick(now + 10s);
    EXPECT_TRUE(follower.scanning());
    ASSERT_TRUE(server_.until([&] { return scans_ == 2; }));
}

TEST_F(FollowerTest, MayGoWhileItScans) {
    {
        SubtreeFollower other(SubtreeRules::of(plant(), "").value(), 100ms,
                              [](const SubtreeDiff&, const SubtreeListing&) { ADD_FAILURE(); });
        other.connect(view());
    }
    follower_.connect(view());
    ASSERT_TRUE(scanned(1));
}

}  // namespace
}  // namespace tagwire::source::opcua
