// Momentary writes: whatever happens to whoever presses, the button is let go.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "control/desk_testing.h"

namespace tagwire::control {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using namespace std::chrono_literals;

class Buttons : public testing::Test {
protected:
    void press(std::uint64_t id = 1) {
        const auto info = tagOf("Line.Jog", BuiltInType::Boolean, static_cast<std::uint32_t>(id));
        bench_.desk.press(
            ButtonId{id},
            {.by = {.user = "op1", .token = "", .address = ""},
             .press = bench_.wish(info, "true"),
             .release = boost::json::value(false)},
            bench_.now, [this](ServiceResult<WriteResult> result) { pressed_.push_back(std::move(result)); });
        bench_.settle();
    }
    void pressAndAccept() {
        press();
        bench_.writer().accept();
        bench_.settle();
    }
    bool hold() {
        bool held = false;
        bench_.desk.hold(ButtonId{1},
                         [&held](const ServiceResult<bool>& result) { held = result && *result; });
        bench_.settle();
        return held;
    }
    void release(ReleaseCause cause) {
        bench_.desk.release(ButtonId{1}, cause, [this](ServiceResult<WriteResult> result) {
            released_.push_back(std::move(result));
        });
        bench_.settle();
    }
    [[nodiscard]] Value device() { return bench_.writer().device.at("Line.Jog"); }

    DeskBench bench_;
    std::vector<ServiceResult<WriteResult>> pressed_;
    std::vector<ServiceResult<WriteResult>> released_;
};

TEST_F(Buttons, AreLetGo) {
    pressAndAccept();
    EXPECT_EQ(pressed_.at(0).value().value, Value(true));
    EXPECT_EQ(device(), Value(true));
    release(ReleaseCause::LetGo);
    bench_.writer().accept();
    bench_.settle();
    EXPECT_EQ(device(), Value(false));
    EXPECT_EQ(released_.at(0).value().value, Value(false));
    ASSERT_THAT(bench_.trail.entries, SizeIs(2));
    EXPECT_EQ(bench_.trail.entries[0].action, "write.press");
    EXPECT_EQ(bench_.trail.entries[1].action, "write.release");
    EXPECT_EQ(bench_.trail.entries[1].after, "false");
    EXPECT_EQ(bench_.trail.entries[1].detail, "let go");
    EXPECT_EQ(bench_.desk.heldButtons(), 0U);
}

TEST_F(Buttons, StayDownWhileTheyAreHeld) {
    pressAndAccept();
    for (int i = 0; i < 5; ++i) {
        bench_.pass(1'900ms);
        EXPECT_TRUE(hold());
    }
    EXPECT_THAT(bench_.writer().open, IsEmpty());
    bench_.pass(1'999ms);
    EXPECT_THAT(bench_.writer().open, IsEmpty());
    bench_.pass(1ms);
    ASSERT_THAT(bench_.writer().open, SizeIs(1)) << "nobody has said for 2 s that he holds it";
    EXPECT_FALSE(hold()) << "too late";
    bench_.writer().accept();
    bench_.settle();
    EXPECT_EQ(device(), Value(false));
    EXPECT_THAT(bench_.trail.entries.back().detail, HasSubstr("did not say"));
}

TEST_F(Buttons, TellWhenTheyAreDueNext) {
    EXPECT_EQ(bench_.desk.nextTurn(), SteadyTime::max());
    pressAndAccept();
    EXPECT_EQ(bench_.desk.nextTurn(), bench_.now + 2s);
}

TEST_F(Buttons, AreReleasedWhenTheClientVanishesWhilePressing) {
    press();
    release(ReleaseCause::ClientGone);
    ASSERT_THAT(bench_.writer().open, SizeIs(1)) << "the press has to be answered first";
    bench_.writer().accept();
    bench_.settle();
    bench_.writer().accept();
    bench_.settle();
    EXPECT_EQ(device(), Value(false));
    EXPECT_THAT(bench_.trail.entries.back().detail, HasSubstr("connection ended"));
}

TEST_F(Buttons, NeedNoReleaseWhereThePressWasRefused) {
    press();
    bench_.writer().answer({.status = kBadNotWritable, .message = "read-only"});
    bench_.settle();
    EXPECT_EQ(pressed_.at(0).value().status, kBadNotWritable);
    EXPECT_EQ(bench_.desk.heldButtons(), 0U);
    bench_.pass(5s);
    EXPECT_EQ(bench_.writer().calls, 1U);
}

TEST_F(Buttons, AreReleasedWhereNobodyKnowsWhetherTheyArePressed) {
    press();
    bench_.writer().answer({.status = kBadTimeout, .message = "no answer", .unknown = true});
    bench_.settle();
    EXPECT_EQ(bench_.writer().calls, 2U);
    bench_.writer().accept();
    bench_.settle();
    EXPECT_EQ(device(), Value(false));
}

TEST_F(Buttons, AreReleasedAgainUntilItWorks) {
    pressAndAccept();
    release(ReleaseCause::LetGo);
    bench_.writer().answer({.status = kBadDeviceFailure, .message = "busy"});
    bench_.settle();
    EXPECT_THAT(released_, IsEmpty());
    bench_.pass(499ms);
    EXPECT_EQ(bench_.writer().calls, 2U);
    bench_.pass(1ms);
    EXPECT_EQ(bench_.writer().calls, 3U);
    bench_.writer().accept();
    bench_.settle();
    EXPECT_EQ(device(), Value(false));
    EXPECT_TRUE(released_.at(0).value().status.isGood());
    ASSERT_THAT(bench_.trail.entries, SizeIs(3)) << "press, the first failure, and the success";
    EXPECT_EQ(bench_.trail.entries[1].outcome, AuditOutcome::Failed);
}

TEST_F(Buttons, AreGivenUpWhereTheSourceIsLost) {
    pressAndAccept();
    bench_.directory.state.phase = SourcePhase::Backoff;
    release(ReleaseCause::LetGo);
    bench_.settle();
    ASSERT_THAT(released_, SizeIs(1));
    EXPECT_EQ(released_[0].value().status, kBadServerNotConnected);
    EXPECT_EQ(bench_.trail.entries.back().outcome, AuditOutcome::Failed);
    EXPECT_EQ(bench_.desk.heldButtons(), 0U);
}

TEST_F(Buttons, AreReleasedEvenIfTheAuditLogTakesNothing) {
    pressAndAccept();
    bench_.trail.isReady = false;
    release(ReleaseCause::LetGo);
    bench_.writer().accept();
    bench_.settle();
    EXPECT_EQ(device(), Value(false));
}

TEST_F(Buttons, AreLetGoWhenTheServerStops) {
    pressAndAccept();
    bench_.desk.beginStop();
    bench_.settle();
    ASSERT_THAT(bench_.writer().open, SizeIs(1));
    bench_.writer().accept();
    bench_.settle();
    EXPECT_TRUE(bench_.desk.idle());
    press(2);
    EXPECT_EQ(pressed_.back().error().status, kBadShutdown);
}

TEST_F(Buttons, ThatCannotBeReleasedAtTheEndAreWrittenDown) {
    pressAndAccept();
    bench_.desk.beginStop();
    bench_.settle();
    bench_.desk.abandon();
    EXPECT_TRUE(bench_.desk.idle());
    EXPECT_EQ(bench_.trail.entries.back().action, "write.release");
    EXPECT_EQ(bench_.trail.entries.back().outcome, AuditOutcome::Failed);
}

TEST_F(Buttons, OfOneTagAreHeldOnceAtATime) {
    pressAndAccept();
    bench_.desk.press(ButtonId{2},
                      {.by = {.user = "op2", .token = "", .address = ""},
                       .press = bench_.wish(tagOf("Line.Jog", BuiltInType::Boolean), "true"),
                       .release = boost::json::value(false)},
                      bench_.now,
                      [this](ServiceResult<WriteResult> result) { pressed_.push_back(std::move(result)); });
    EXPECT_EQ(pressed_.back().error().status, kBadInvalidState);
}

TEST_F(Buttons, AreBounded) {
    for (std::uint64_t i = 1; i <= HeldButtons::kMaxButtons; ++i) press(i);
    EXPECT_THAT(pressed_, IsEmpty());
    press(HeldButtons::kMaxButtons + 1);
    EXPECT_EQ(pressed_.at(0).error().status, kBadTooManyOperations);
}

TEST_F(Buttons, NeedAReleaseValueThatFits) {
    bench_.desk.press(ButtonId{1},
                      {.by = {},
                       .press = bench_.wish(tagOf("Line.Jog", BuiltInType::Boolean), "true"),
                       .release = boost::json::value(0)},
                      bench_.now,
                      [this](ServiceResult<WriteResult> result) { pressed_.push_back(std::move(result)); });
    EXPECT_EQ(pressed_.at(0).value().status, kBadTypeMismatch);
    EXPECT_EQ(bench_.writer().calls, 0U);
}

}  // namespace
}  // namespace tagwire::control
