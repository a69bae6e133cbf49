#include "source/opcua/services/node_search.h"

#include <map>
#include <optional>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "source/opcua/services/browse_listing.h"
#include "source/opcua/services/node_key.h"
#include "source/opcua/services/node_text.h"
#include "source/opcua/testing/connected_client_testing.h"

namespace tagwire::source::opcua {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

NodeAddress node(std::string_view name) {
    return NodeAddress::parse("nsu=http://tagwire.test/plant/;s=" + std::string(name)).value();
}

struct Found {
    std::vector<SearchHit> hits;
    std::size_t batches = 0;
    std::optional<WalkEnd> end;
    std::string words;

    SearchCallbacks callbacks() {
        return {[this](std::vector<SearchHit> more) {
                    ++batches;
                    hits.insert(hits.end(), more.begin(), more.end());
                },
                [this](const WalkEnd& last, std::string text) {
                    end = last;
                    words = std::move(text);
                }};
    }
    [[nodiscard]] std::vector<std::string> paths() const {
        std::vector<std::string> all;
        for (const SearchHit& hit : hits) all.push_back(hit.path);
        return all;
    }
};

Found search(ConnectedClient& server, const SearchRequest& request) {
    Found found;
    searchNodes(viewOf(server.client(), server.info()), request, found.callbacks());
    EXPECT_TRUE(server.until([&] { return found.end.has_value(); }));
    return found;
}

TEST(NodeSearch, FindsNamesBelowTheStartWithTheirPaths) {
    ConnectedClient server({"plant=1"});
    const Found found = search(server, {.text = "TEMP"});
    EXPECT_EQ(found.words, "");
    EXPECT_TRUE(found.end->complete());
    EXPECT_THAT(
        found.paths(),
        ElementsAre("/Objects/nsu=http://tagwire.test/plant/;Plant/nsu=http://tagwire.test/plant/;Line1/"
                    "nsu=http://tagwire.test/plant/;Boiler/nsu=http://tagwire.test/plant/;Temp"));
    EXPECT_EQ(found.hits.front().depth, 4U);
    EXPECT_EQ(found.hits.front().node.node, "nsu=http://tagwire.test/plant/;s=Plant.Line1.Boiler.Temp");
}

TEST(NodeSearch, MeetsNodesInACycleOnce) {
    ConnectedClient server({"plant=1", "per_browse=3"});
    const Found found = search(server, {.text = "", .start = node("Plant")});
    std::map<std::string, int> times;
    for (const SearchHit& hit : found.hits) ++times[hit.node.node];
    for (const auto& [id, count] : times) EXPECT_EQ(count, 1) << id;
    EXPECT_EQ(times.size(), found.end->nodes);
    EXPECT_THAT(times,
                testing::Contains(testing::Key("nsu=http://tagwire.test/plant/;s=Plant.Line1.Boiler.Kind")));
    EXPECT_EQ(times.count("nsu=http://tagwire.test/plant/;s=Plant"), 0U) << "the start is not met again";
}

TEST(NodeSearch, IsBoundedInNodesHitsDepthAndTimeAndSaysSo) {
    ConnectedClient server({"plant=1", "wide=5000"});
    const Found nodes = search(server, {.text = "none", .start = node("Wide"), .bounds = {.maxNodes = 100}});
    EXPECT_EQ(nodes.end->stop, WalkStop::NodeLimit);
    EXPECT_EQ(nodes.words, "stopped after 100 nodes");
    const Found hits = search(server, {.text = "1", .start = node("Wide"), .maxHits = 7});
    EXPECT_THAT(hits.hits, SizeIs(7));
    EXPECT_THAT(hits.words, HasSubstr("with enough found"));
    const Found depth = search(server, {.text = "Temp", .start = node("Plant"), .bounds = {.maxDepth = 2}});
    EXPECT_THAT(depth.hits, IsEmpty());
    EXPECT_EQ(depth.words, "what lies deeper was left out");
    const Found time = search(server, {.text = "none", .bounds = {.maxTime = 0ms}});
    EXPECT_EQ(time.end->stop, WalkStop::TimeLimit);
}

TEST(NodeSearch, DeliversWhatIsFoundAsItComesAndCanBeCancelled) {
    ConnectedClient server({"wide=20000"});
    const Found all = search(server, {.text = "", .start = node("Wide"), .maxHits = 100'000});
    EXPECT_THAT(all.hits, SizeIs(20'000));
    EXPECT_GE(all.batches, 4U);

    Found found;
    Operation operation =
        searchNodes(viewOf(server.client(), server.info()),
                    {.text = "", .start = node("Wide"), .maxHits = 100'000}, found.callbacks());
    EXPECT_TRUE(server.until([&] { return found.batches > 0; }));
    operation.cancel();
    const auto batches = found.batches;
    EXPECT_FALSE(server.until([&] { return found.batches > batches || found.end; }, 200ms));
    // Its continuation point was given back: the server, which has five, can do this any number of times.
    for (int i = 0; i < 20; ++i) {
        Found one;
        operation = searchNodes(viewOf(server.client(), server.info()),
                                {.text = "", .start = node("Wide"), .maxHits = 1}, one.callbacks());
        EXPECT_TRUE(server.until([&] { return one.end.has_value(); })) << i;
        EXPECT_THAT(one.hits, SizeIs(1));
    }
}

TEST(NodeSearch, SaysWhyItFails) {
    ConnectedClient server({"plant=1"});
    EXPECT_THAT(search(server, {.text = "x", .start = node("Nowhere")}).words, HasSubstr("BadNodeIdUnknown"));
    EXPECT_THAT(search(server, {.text = "x", .start = NodeAddress::parse("nsu=urn:no;i=1").value()}).words,
                HasSubstr("no namespace"));
    server.peer().kill();
    EXPECT_EQ(search(server, {.text = "x"}).end->stop, WalkStop::Failed);
}

TEST(NodeSearch, WalksTheWholeAddressSpaceFast) {
    ConnectedClient server({"wide=50000"});
    const auto start = SteadyClock::now();
    const Found found = search(server, {.text = "no such name"});
    const auto taken = std::chrono::duration_cast<std::chrono::milliseconds>(SteadyClock::now() - start);
    RecordProperty("walk_ms", std::to_string(taken.count()));
    EXPECT_GT(found.end->nodes, 50'000U);
    EXPECT_TRUE(found.end->complete()) << found.words;
}

TEST(ContainsText, InEitherCase) {
    EXPECT_TRUE(containsText("Boiler.Temp", "r.tEMP"));
    EXPECT_TRUE(containsText("温度 1", "温度"));
    EXPECT_TRUE(containsText("x", ""));
    EXPECT_FALSE(containsText("", "x"));
    EXPECT_FALSE(containsText("Tem", "Temp"));
}

TEST(NodeKey, IsTheNodeIdAgain) {
    for (const std::string text : {"i=0", "i=85", "ns=3;i=4294967295", "ns=2;s=Böiler", "ns=1;b=AAEC",
                                   "ns=9;g=09087e75-8e5e-499b-954f-f2a9603db28a"}) {
        const auto id = resolve(NodeAddress::parse(text).value(), {}).value();
        const auto again = nodeOfKey(keyOf(id.get()));
        EXPECT_TRUE(UA_NodeId_equal(&id.get(), &again.get())) << text;
    }
}

TEST(NodeText, ShowsNodesOfOtherServersWithoutFollowingThem) {
    const std::vector<std::string> namespaces{"http://opcfoundation.org/UA/", "urn:a"};
    UA_ReferenceDescription reference{};
    reference.nodeId.nodeId.identifier.numeric = 7;
    reference.nodeId.serverIndex = 3;
    EXPECT_TRUE(summaryOf(reference, namespaces).remote);
    EXPECT_EQ(summaryOf(reference, namespaces).node, "svr=3;i=7");
    reference.nodeId.serverIndex = 0;
    reference.nodeId.namespaceUri = borrow("urn:elsewhere");
    EXPECT_TRUE(isRemote(reference.nodeId, namespaces));
    reference.nodeId.namespaceUri = borrow("urn:a");
    EXPECT_FALSE(isRemote(reference.nodeId, namespaces));
    EXPECT_EQ(localId(reference.nodeId, namespaces)->namespaceIndex, 1);
    reference.browseName.name = borrow("a\xff");
    EXPECT_EQ(summaryOf(reference, namespaces).browseName.name, "a\xef\xbf\xbd");
}

TEST(RepeatGuard, NoticesPagesThatBringNothingNew) {
    std::vector<UA_ReferenceDescription> page(3);
    for (UA_UInt32 i = 0; i < 3; ++i) page[i].nodeId.nodeId.identifier.numeric = i;
    RepeatGuard guard;
    EXPECT_FALSE(guard.repeats({}));
    EXPECT_FALSE(guard.repeats(page));
    EXPECT_TRUE(guard.repeats(page));
    page[1].isForward = true;
    EXPECT_FALSE(guard.repeats(page)) << "one of them is new";
}

}  // namespace
}  // namespace tagwire::source::opcua
