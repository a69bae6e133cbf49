#include "serve/write_requests.h"

#include <boost/json/value.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/generated/status_codes.h"
#include "serve/history_testing.h"
#include "serve/write_testing.h"

namespace tagwire::serve {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

wire::WriteItem named(wire::TagName tag, boost::json::value value) {
    return {.tag = std::move(tag), .value = std::move(value)};
}

class WriteRequestsTest : public testing::Test {
protected:
    WriteRequestsTest() {
        server_.server.writing = &desk_;
        server_.shard.cache().apply(writableTags({"Line1.SP", "Line2.SP"}));
    }

    /// An operator who reads and writes what these patterns say.
    static Caller caller(const std::string& read = "**", const std::string& write = "**") {
        access::Principal principal;
        principal.kind = access::PrincipalKind::User;
        principal.user = "op1";
        principal.role = access::Role::Operator;
        principal.scopes.push_back(access::TagScope::parse(std::vector{read}, std::vector{write}).value());
        Caller caller;
        caller.principal = std::make_shared<const access::Principal>(std::move(principal));
        caller.address = "192.0.2.1";
        return caller;
    }

    static wire::WriteFrame frame(std::vector<wire::WriteItem> items, std::uint64_t id = 9) {
        wire::WriteFrame frame;
        frame.id = wire::RequestId{id};
        frame.key = "k";
        frame.ttl = std::chrono::milliseconds{1500};
        frame.w = std::move(items);
        return frame;
    }
    static wire::PressFrame pressFrame(std::uint64_t id) {
        wire::PressFrame frame;
        frame.id = wire::RequestId{id};
        frame.w = named("Line1.SP", 1.0);
        frame.release = 0.0;
        return frame;
    }

    ShardWithHistory server_{nullptr};
    FakeDesk desk_;
    std::vector<std::string> sent_;
    std::vector<std::string> refused_;
    WriteRequests::Outlet outlet_{
        .send =
            [this](wire::RequestId id, const std::vector<wire::WriteRow>& rows) {
                wire::appendWritten(sent_.emplace_back(), id, rows);
            },
        .refuse =
            [this](wire::RequestId id, const WriteRefusal& refusal) {
                refused_.push_back(std::to_string(id.value()) + " " + std::string(nameOf(refusal.code)));
            }};
    std::optional<WriteRequests> requests_{std::in_place, server_.shard, outlet_};
};

TEST_F(WriteRequestsTest, OrdersByHandleAndByPath) {
    requests_->write(frame({named(TagId{1}, 5), named("Line1.SP", 55.5)}), caller());
    ASSERT_THAT(desk_.orders, SizeIs(1));
    const auto& order = desk_.orders[0];
    EXPECT_EQ(order.by, (WriteAsker{"op1", "", "192.0.2.1"}));
    EXPECT_EQ(order.key, "k");
    EXPECT_EQ(order.ttl, std::chrono::milliseconds{1500});
    EXPECT_EQ(order.writes[0].path, "Line2.SP");
    EXPECT_EQ(order.writes[1].tag->path.text(), "Line1.SP");
    desk_.writeAnswers[0](
        std::vector<WriteResult>{{.status = {}, .value = Value(5.0), .message = {}},
                                 {.status = kBadOutOfRange, .value = {}, .message = "too much"}});
    server_.settle();
    EXPECT_THAT(sent_,
                ElementsAre(R"({"t":"ok","id":9,"w":[[1,0,5],["Line1.SP",2151415808,null,"too much"]]})"));
}

TEST_F(WriteRequestsTest, TagsThatNobodySeesDoNotExist) {
    requests_->write(frame({named("Line1.SP", 1), named("Line2.SP", 1), named(TagId{77}, 1)}),
                     caller("Line2.**", "**"));
    ASSERT_THAT(desk_.orders, SizeIs(1));
    EXPECT_EQ(desk_.orders[0].writes[0].tag, nullptr);
    EXPECT_EQ(desk_.orders[0].writes[0].path, "Line1.SP");
    EXPECT_NE(desk_.orders[0].writes[1].tag, nullptr);
    EXPECT_EQ(desk_.orders[0].writes[2].path, "handle 77");
}

TEST_F(WriteRequestsTest, RefusesTagsThatAreNotTheCallersToWrite) {
    requests_->write(frame({named("Line1.SP", 1), named("Line2.SP", 1)}), caller("**", "Line1.**"));
    EXPECT_THAT(refused_, ElementsAre("9 forbidden"));
    EXPECT_THAT(desk_.orders, IsEmpty());
}

TEST_F(WriteRequestsTest, SaysWhyNothingWasSent) {
    for (const auto status : {kBadInvalidArgument, kBadEntryExists, kBadServerNotConnected,
                              kBadTooManyOperations, kBadResourceUnavailable}) {
        requests_->write(frame({named("Line1.SP", 1)}), caller());
        desk_.writeAnswers.back()(failure(status, "why"));
    }
    server_.settle();
    EXPECT_THAT(refused_,
                ElementsAre("9 bad_request", "9 conflict", "9 unreachable", "9 overloaded", "9 internal"));
}

TEST_F(WriteRequestsTest, BoundsWhatWaits) {
    for (std::uint64_t id = 0; id < wire::kMaxWriteRequests; ++id)
        requests_->write(frame({named("Line1.SP", 1)}, id), caller());
    requests_->write(frame({named("Line1.SP", 1)}, 99), caller());
    EXPECT_THAT(refused_, ElementsAre("99 too_many_requests"));
    desk_.writeAnswers[0](std::vector<WriteResult>(1));
    server_.settle();
    requests_->write(frame({named("Line1.SP", 1)}, 99), caller());
    EXPECT_THAT(refused_, SizeIs(1));
}

TEST_F(WriteRequestsTest, PressesHoldsAndReleases) {
    requests_->press(pressFrame(4), caller());
    ASSERT_THAT(desk_.presses, SizeIs(1));
    EXPECT_EQ(desk_.presses[0].release, boost::json::value(0.0));
    desk_.pressAnswers[0](WriteResult{.status = {}, .value = Value(1.0), .message = {}});
    server_.settle();
    requests_->hold({wire::RequestId{4}});
    requests_->release({wire::RequestId{4}});
    server_.settle();
    EXPECT_THAT(desk_.held, ElementsAre(ButtonId{1}));
    EXPECT_THAT(desk_.released, ElementsAre(std::pair(ButtonId{1}, ReleaseCause::LetGo)));
    EXPECT_THAT(sent_, ElementsAre(R"({"t":"ok","id":4,"w":[["Line1.SP",0,1]]})",
                                   R"({"t":"ok","id":4,"w":[["Line1.SP",0,false]]})"));
    requests_->hold({wire::RequestId{4}});
    requests_->release({wire::RequestId{4}});
    EXPECT_THAT(refused_, ElementsAre("4 not_found", "4 not_found"));
}

TEST_F(WriteRequestsTest, TellsWhenAButtonIsNotHeldAnyMore) {
    requests_->press(pressFrame(4), caller());
    desk_.pressAnswers[0](WriteResult{});
    server_.settle();
    desk_.stillHeld = false;
    requests_->hold({wire::RequestId{4}});
    server_.settle();
    EXPECT_THAT(refused_, ElementsAre("4 not_found"));
    requests_.reset();
    EXPECT_THAT(desk_.released, IsEmpty());
}

TEST_F(WriteRequestsTest, LetsGoWhenTheConnectionEnds) {
    requests_->press(pressFrame(4), caller());
    requests_->press(pressFrame(5), caller());
    desk_.pressAnswers[0](WriteResult{});
    server_.settle();
    requests_.reset();
    ASSERT_THAT(desk_.released, SizeIs(2)) << "also the one that is still being pressed";
    EXPECT_EQ(desk_.released[0].second, ReleaseCause::ClientGone);
    desk_.pressAnswers[1](WriteResult{});
    server_.settle();
    EXPECT_THAT(sent_, SizeIs(1)) << "nobody is there to hear of it";
}

TEST_F(WriteRequestsTest, ForgetsAButtonThatWasNotPressed) {
    requests_->press(pressFrame(4), caller());
    desk_.pressAnswers[0](WriteResult{.status = kBadNotWritable, .value = {}, .message = "read-only"});
    server_.settle();
    requests_.reset();
    EXPECT_THAT(desk_.released, IsEmpty());
    EXPECT_THAT(sent_.at(0), HasSubstr("read-only"));
}

TEST_F(WriteRequestsTest, RefusesASecondButtonOfTheSameNumber) {
    requests_->press(pressFrame(4), caller());
    requests_->press(pressFrame(4), caller());
    EXPECT_THAT(refused_, ElementsAre("4 bad_request"));
}

}  // namespace
}  // namespace tagwire::serve
