// Writing through the whole source to a real OPC UA server in a process of its own.
#include <condition_variable>
#include <limits>
#include <mutex>
#include <optional>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <open62541/statuscodes.h>

#include "model/generated/status_codes.h"
#include "source/opcua/source_testing.h"

namespace tagwire::source::opcua {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using Written = ServiceResult<std::vector<TagWritten>>;

class TagWriting : public OpcUaSourceTest {
protected:
    /// Live, with what the server says of its nodes.
    void startWith(std::vector<std::string> nodes, std::vector<std::string> writable = {"Line.**"}) {
        auto given = options();
        given.tags.clear();
        for (const auto& node : nodes) given.tags.push_back(plantTag(node));
        given.writable = std::move(writable);
        start(std::move(given));
        awaitLive();
        const auto last = "Line." + nodes.back();
        ASSERT_TRUE(sink_.await(kPatience, [&] {
            const auto info = sink_.infoUnlocked(last);
            return info && info->type != BuiltInType::Null && sink_.latest(last) != nullptr;
        }));
    }

    Written write(std::vector<std::pair<std::string, Value>> values,
                  std::chrono::milliseconds ttl = std::chrono::seconds{5}) {
        std::vector<TagWrite> writes;
        for (auto& [path, value] : values) writes.push_back({sink_.info("Line." + path), std::move(value)});
        std::mutex mutex;
        std::condition_variable answered;
        std::optional<Written> result;
        source_->writer()->write(std::move(writes), SteadyClock::now() + ttl, [&](Written answer) {
            const std::scoped_lock lock(mutex);
            result = std::move(answer);
            answered.notify_all();
        });
        std::unique_lock lock(mutex);
        EXPECT_TRUE(answered.wait_for(lock, kPatience, [&] { return result.has_value(); }));
        return result.value_or(failure(kBadTimeout, "the test waited in vain"));
    }
    TagWritten one(const std::string& path, Value value) {
        auto result = write({{path, std::move(value)}});
        EXPECT_TRUE(result) << (result ? "" : result.error().message);
        return result ? result->at(0) : TagWritten{};
    }
};

TEST_F(TagWriting, WritesTheExactTypeAndReadsItBack) {
    PeerProcess peer(kPort, {"services=1"});
    startWith({"Write.Int16", "Write.UInt64", "Write.Int64", "Write.Doubles", "Write.Double"});
    EXPECT_EQ(sink_.info("Line.Write.Double")->access, Access::ReadWrite);
    const Value widest(std::numeric_limits<std::uint64_t>::max());
    const Value lowest(std::numeric_limits<std::int64_t>::min());
    const Value numbers(Array{BuiltInType::Double, std::vector<double>{1.5, -2}, {}});
    const auto result = write({{"Write.Double", Value(21.5)},
                               {"Write.Int16", Value(std::int16_t{-7})},
                               {"Write.UInt64", widest},
                               {"Write.Int64", lowest},
                               {"Write.Doubles", numbers}});
    ASSERT_TRUE(result) << result.error().message;
    const std::vector<Value> expected{Value(21.5), Value(std::int16_t{-7}), widest, lowest, numbers};
    for (std::size_t i = 0; i < expected.size(); ++i) {
        const auto& written = result->at(i);
        EXPECT_EQ(written.status, StatusCode{}) << written.message;
        EXPECT_EQ(written.message, "");
        ASSERT_TRUE(written.readBack);
        EXPECT_EQ(written.readBack->value, expected[i]) << i;
        EXPECT_FALSE(written.unknown);
    }
    EXPECT_EQ(result->at(0).before, Value(0.0));
    EXPECT_TRUE(sink_.awaitNumber("Line.Write.Double", 21.5, kPatience))
        << "the new value comes as a change, too";
}

TEST_F(TagWriting, TellsWhatTheDeviceMadeOfIt) {
    PeerProcess peer(kPort, {"services=1"});
    startWith({"Write.Clamped"});
    const auto written = one("Write.Clamped", Value(500.0));
    EXPECT_EQ(written.status, StatusCode{});
    EXPECT_EQ(written.readBack->value, Value(100.0));
    EXPECT_THAT(written.message, HasSubstr("another value"));
}

TEST_F(TagWriting, TagsAreReadOnlyUnlessBothSidesLetThemBeWritten) {
    PeerProcess peer(kPort, {"services=1"});
    startWith({"ReadOnly", "NotMine", "Write.Int16", "Write.Double"},
              {"Line.ReadOnly", "Line.NotMine", "Line.Write.Double"});
    EXPECT_EQ(sink_.info("Line.ReadOnly")->access, Access::Read);
    EXPECT_EQ(sink_.info("Line.NotMine")->access, Access::Read);
    EXPECT_EQ(sink_.info("Line.Write.Int16")->access, Access::Read) << "no pattern names it";
    EXPECT_EQ(sink_.info("Line.Write.Double")->access, Access::ReadWrite);
    EXPECT_EQ(one("ReadOnly", Value(1.0)).status, kBadNotWritable);
    EXPECT_EQ(one("NotMine", Value(1.0)).status, kBadUserAccessDenied);
}

TEST_F(TagWriting, SendsNothingTooLateOrWithoutAConnection) {
    PeerProcess peer(kPort, {"services=1"});
    startWith({"Write.Double"});
    const auto late = write({{"Write.Double", Value(1.0)}}, 0ms);
    ASSERT_TRUE(late);
    EXPECT_EQ(late->at(0).status, kBadRequestTimeout);
    peer.kill();
    ASSERT_TRUE(
        sink_.await(kPatience, [&] { return sink_.statesUnlocked().back().phase != SourcePhase::Live; }));
    const auto away = write({{"Write.Double", Value(1.0)}});
    ASSERT_FALSE(away);
    EXPECT_EQ(away.error().status, kBadServerNotConnected);
}

TEST_F(TagWriting, SaysThatNobodyKnowsWhereTheServerDoesNotAnswer) {
    PeerProcess peer(kPort, {"services=1"});
    startWith({"Write.Double"});
    EXPECT_EQ(one("Write.Double", Value(1.0)).status, StatusCode{});
    peer.signal(SIGSTOP);
    const auto silent = write({{"Write.Double", Value(2.0)}});
    peer.signal(SIGCONT);
    // It does not even tell what the node takes: nothing can have been written.
    if (silent) {
        EXPECT_TRUE(silent->at(0).status.isBad());
        EXPECT_FALSE(silent->at(0).unknown);
    } else {
        EXPECT_EQ(silent.error().status, kBadServerNotConnected);
    }
}

TEST_F(TagWriting, IsAnsweredWhenTheSourceStops) {
    PeerProcess peer(kPort, {"services=1"});
    startWith({"Write.Double"});
    source_->stop();
    const auto stopped = write({{"Write.Double", Value(1.0)}});
    EXPECT_FALSE(stopped);
}

}  // namespace
}  // namespace tagwire::source::opcua
