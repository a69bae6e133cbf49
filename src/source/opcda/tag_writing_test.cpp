// Writing through a source: what goes to its agent, and what comes of the answers.
#include <future>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/generated/status_codes.h"
#include "source/opcda/agent_testing.h"
#include "source/opcda/opcda_source.h"

namespace tagwire::source::opcda {
namespace {

using testing::HasSubstr;
using WriteAnswer = ServiceResult<std::vector<TagWritten>>;

class OpcDaWriteTest : public testing::Test {
protected:
    OpcDaWriteTest() { source_.start(); }

    [[nodiscard]] std::shared_ptr<FakeLink> live() {
        auto link = std::make_shared<FakeLink>();
        source_.opened(link);
        say(*link, R"({"t":"hello","v":1,"agent":"agent 1"})");
        say(*link, R"({"t":"items","add":[{"h":3,"id":"Line.SP","type":"Int32","vt":3,"access":3},)"
                   R"({"h":4,"id":"Line.Name","type":"String","vt":8,"access":3},)"
                   R"({"h":5,"id":"Line.Odd","type":"Double","access":3},)"
                   R"({"h":6,"id":"Line.PV","type":"Double","vt":5,"access":1}]})");
        say(*link, R"({"t":"state","live":true})");
        EXPECT_TRUE(sink_.await([&] { return sink_.state().phase == SourcePhase::Live; }));
        return link;
    }
    void say(const AgentLink& link, std::string frame) {
        ASSERT_TRUE(source_.received(link, std::move(frame)));
    }
    [[nodiscard]] std::future<WriteAnswer> write(
        std::vector<std::pair<std::string, Value>> values,
        std::chrono::milliseconds patience = std::chrono::seconds(3)) {
        std::vector<TagWrite> writes;
        for (auto& [path, value] : values) writes.push_back({sink_.tags().at(path), std::move(value)});
        auto promise = std::make_shared<std::promise<WriteAnswer>>();
        static_cast<Source&>(source_).writer()->write(
            std::move(writes), SteadyClock::now() + patience,
            [promise](WriteAnswer answer) { promise->set_value(std::move(answer)); });
        return promise->get_future();
    }

    Recorder sink_;
    OpcDaSource source_{{.name = "da",
                         .tokenSha256 = {},
                         .server = "S.1",
                         .prefix = "DA",
                         .items = {"Line.*"},
                         .writable = {"DA.Line.SP", "DA.Line.Name", "DA.Line.Odd"}},
                        SourceId{0},
                        sink_};
};

TEST_F(OpcDaWriteTest, OnlyWhatIsConfiguredAndWhatTheServerLetsIsWritable) {
    const auto link = live();
    EXPECT_EQ(sink_.tags().at("DA.Line.SP")->access, Access::ReadWrite);
    EXPECT_EQ(sink_.tags().at("DA.Line.PV")->access, Access::Read);
    say(*link, R"({"t":"items","add":[{"h":3,"id":"Line.SP","type":"Int32","vt":3,"access":1}]})");
    EXPECT_TRUE(sink_.await([&] { return sink_.tags().at("DA.Line.SP")->access == Access::Read; }));
}

TEST_F(OpcDaWriteTest, ValuesGoInTheTypesOfTheirItemsAndComeBackAsTheServerHasThem) {
    const auto link = live();
    auto answer = write({{"DA.Line.SP", Value(std::int32_t{55})}, {"DA.Line.Name", Value(std::string("x"))}});
    EXPECT_THAT(link->awaitFrame(2), HasSubstr(R"("v":[[3,3,55],[4,8,"x"]])"));
    say(*link, R"({"t":"written","id":1,"v":[[262158,3145728,50,41],[3221487622,2151350272,null,"y"]]})");
    const auto written = answer.get();
    ASSERT_TRUE(written);
    EXPECT_EQ(written->at(0).status, StatusCode{0x00300000});
    EXPECT_THAT(written->at(0).message, HasSubstr("clamped"));
    EXPECT_EQ(written->at(0).readBack->value, Value(std::int32_t{50}));
    EXPECT_EQ(written->at(0).before, Value(std::int32_t{41}));
    EXPECT_EQ(written->at(1).status, kBadNotWritable);
    EXPECT_FALSE(written->at(1).readBack);
    EXPECT_EQ(written->at(1).before, Value(std::string("y")));
    EXPECT_FALSE(written->at(1).unknown);
}

TEST_F(OpcDaWriteTest, AnItemWhoseTypeNobodyKnowsIsRefusedByItself) {
    const auto link = live();
    auto answer = write({{"DA.Line.Odd", Value(1.5)}, {"DA.Line.SP", Value(std::int32_t{5})}});
    EXPECT_THAT(link->awaitFrame(2), HasSubstr(R"("v":[[3,3,5]])"));
    say(*link, R"({"t":"written","id":1,"v":[[0,0,5,4]]})");
    const auto written = answer.get();
    ASSERT_TRUE(written);
    EXPECT_TRUE(written->at(0).status.isBad());
    EXPECT_THAT(written->at(0).message, HasSubstr("does not tell the item's type"));
    EXPECT_TRUE(written->at(1).status.isGood());
}

TEST_F(OpcDaWriteTest, AServerThatEndsWithinTheCallLeavesItUnknown) {
    const auto link = live();
    auto answer = write({{"DA.Line.SP", Value(std::int32_t{5})}});
    EXPECT_THAT(link->awaitFrame(2), HasSubstr(R"("t":"write")"));
    say(*link, R"({"t":"written","id":1,"v":[[2147944126,2147811328,null,null]]})");
    const auto written = answer.get();
    EXPECT_TRUE(written->at(0).unknown);
    EXPECT_THAT(written->at(0).message, HasSubstr("0x800706BE"));
}

TEST_F(OpcDaWriteTest, AnAgentThatGoesOnTheWayLeavesItUnknown) {
    const auto link = live();
    auto answer = write({{"DA.Line.SP", Value(std::int32_t{5})}});
    EXPECT_THAT(link->awaitFrame(2), HasSubstr(R"("t":"write")"));
    source_.closed(*link);
    const auto written = answer.get();
    ASSERT_TRUE(written);
    EXPECT_TRUE(written->at(0).unknown);
    EXPECT_EQ(written->at(0).status, kBadConnectionClosed);
}

TEST_F(OpcDaWriteTest, NothingIsWrittenWithoutAnAgentOrAfterItsTime) {
    const auto link = live();
    const auto late = write({{"DA.Line.SP", Value(std::int32_t{5})}}, std::chrono::milliseconds(-1)).get();
    ASSERT_FALSE(late);
    EXPECT_EQ(late.error().status, kBadTimeout);
    auto refused = write({{"DA.Line.SP", Value(std::int32_t{5})}});
    EXPECT_THAT(link->awaitFrame(2), HasSubstr(R"("t":"write","id":1)"));
    say(*link,
        R"({"t":"refused","id":1,"q":2156527616,"msg":"nothing was written: S.1: the server has ended"})");
    EXPECT_THAT(refused.get().error().message, HasSubstr("the server has ended"));
    source_.closed(*link);
    const auto gone = write({{"DA.Line.SP", Value(std::int32_t{5})}}).get();
    ASSERT_FALSE(gone);
    EXPECT_EQ(gone.error().status, kBadServerNotConnected);
}

}  // namespace
}  // namespace tagwire::source::opcda
