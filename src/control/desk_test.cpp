#include "control/desk.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "control/desk_testing.h"

namespace tagwire::control {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

TagInfo setpoint(std::uint32_t id = 1) {
    auto tag = tagOf(id == 1 ? "Plant.SP" : "Plant.SP2", BuiltInType::Double, id);
    tag.range = EURange{0, 100};
    return tag;
}

TEST(Desk, WritesReadsBackAndRecords) {
    DeskBench bench;
    bench.write(DeskBench::order({bench.wish(setpoint(), "55.5")}));
    ASSERT_THAT(bench.answers, IsEmpty()) << "the device has not answered";
    bench.writer().accept();
    bench.settle();
    ASSERT_THAT(bench.answers, SizeIs(1));
    EXPECT_EQ(bench.results()[0].status, StatusCode{});
    EXPECT_EQ(bench.results()[0].value, Value(55.5));
    ASSERT_THAT(bench.trail.entries, SizeIs(1));
    const auto& entry = bench.trail.entries[0];
    EXPECT_EQ(entry.user, "op1");
    EXPECT_EQ(entry.address, "127.0.0.1");
    EXPECT_EQ(entry.action, "write");
    EXPECT_EQ(entry.target, "Plant.SP");
    EXPECT_EQ(entry.before, "1");
    EXPECT_EQ(entry.after, "55.5");
    EXPECT_EQ(entry.outcome, AuditOutcome::Done);
}

TEST(Desk, TellsWhatTheDeviceMadeOfTheValue) {
    DeskBench bench;
    bench.write(DeskBench::order({bench.wish(setpoint(), "55.5")}));
    bench.writer().answer({.status = kGoodClamped,
                           .message = "the device clamped it",
                           .before = Value(2.0),
                           .readBack = readBackOf(Value(50.0))});
    bench.settle();
    EXPECT_EQ(bench.results()[0].status, kGoodClamped);
    EXPECT_EQ(bench.results()[0].value, Value(50.0));
    EXPECT_EQ(bench.results()[0].message, "the device clamped it");
    const auto& entry = bench.trail.entries[0];
    EXPECT_EQ(entry.before, "2") << "what the device had, rather than what was shown";
    EXPECT_EQ(entry.detail, "GoodClamped; the device clamped it; read back: 50");
}

TEST(Desk, SendsNothingOfAnOrderWithARefusedValue) {
    DeskBench bench;
    bench.write(DeskBench::order({bench.wish(setpoint(1), "55.5"), bench.wish(setpoint(2), "101")}));
    EXPECT_EQ(bench.writer().calls, 0U);
    ASSERT_THAT(bench.results(), SizeIs(2));
    EXPECT_EQ(bench.results()[0].status, kBadOperationAbandoned);
    EXPECT_EQ(bench.results()[1].status, kBadOutOfRange);
    EXPECT_THAT(bench.results()[1].message, HasSubstr("highest value of 100"));
    ASSERT_THAT(bench.trail.entries, SizeIs(2));
    EXPECT_EQ(bench.trail.entries[1].outcome, AuditOutcome::Refused);
}

TEST(Desk, RefusesWhatIsNoTagOrReadOnly) {
    DeskBench bench;
    auto readOnly = setpoint();
    readOnly.access = Access::Read;
    auto unknown = bench.wish(setpoint(2), "1");
    unknown.tag = nullptr;
    bench.write(DeskBench::order({bench.wish(readOnly, "1"), unknown}));
    EXPECT_EQ(bench.results()[0].status, kBadNotWritable);
    EXPECT_THAT(bench.results()[0].message, HasSubstr("`writable`"));
    EXPECT_EQ(bench.results()[1].status, kBadNodeIdUnknown);
    EXPECT_EQ(bench.writer().calls, 0U);
}

TEST(Desk, NeverQueuesForASourceThatIsAway) {
    DeskBench bench;
    bench.directory.state.phase = SourcePhase::Backoff;
    bench.directory.state.message = "connection refused";
    bench.write(DeskBench::order({bench.wish(setpoint(), "1")}));
    ASSERT_FALSE(bench.answers.at(0));
    EXPECT_EQ(bench.answers[0].error().status, kBadServerNotConnected);
    EXPECT_THAT(bench.answers[0].error().message, HasSubstr("connection refused"));
    EXPECT_THAT(bench.trail.entries, SizeIs(1));

    // It may be told again with the same key, because nothing has happened.
    bench.directory.state.phase = SourcePhase::Live;
    bench.settle();
    EXPECT_EQ(bench.writer().calls, 0U);
    bench.write(DeskBench::order({bench.wish(setpoint(), "1")}));
    EXPECT_EQ(bench.writer().calls, 1U);
}

TEST(Desk, WritesOnceForTheSameKey) {
    DeskBench bench;
    bench.write(DeskBench::order({bench.wish(setpoint(), "5")}));
    bench.write(DeskBench::order({bench.wish(setpoint(), "5")}));  // while the first is on its way
    bench.writer().accept();
    bench.settle();
    bench.write(DeskBench::order({bench.wish(setpoint(), "5")}));  // when it is done
    EXPECT_EQ(bench.writer().calls, 1U);
    ASSERT_THAT(bench.answers, SizeIs(3));
    for (const auto& answer : bench.answers) EXPECT_EQ(answer.value()[0].value, Value(5.0));

    bench.write(DeskBench::order({bench.wish(setpoint(), "6")}));
    EXPECT_EQ(bench.answers.back().error().status, kBadEntryExists);
    EXPECT_EQ(bench.writer().calls, 1U);
}

TEST(Desk, KeysBelongToTheirUser) {
    DeskBench bench;
    bench.write(DeskBench::order({bench.wish(setpoint(), "5")}));
    auto other = DeskBench::order({bench.wish(setpoint(), "6")});
    other.by.user = "op2";
    bench.writer().accept();
    bench.write(std::move(other));
    EXPECT_EQ(bench.writer().calls, 2U);
}

TEST(Desk, SendsNothingThatCameTooLate) {
    DeskBench bench;
    bench.write(DeskBench::order({bench.wish(setpoint(), "1")}, "a"));
    bench.write(DeskBench::order({bench.wish(setpoint(), "2")}, "b"));  // waits for the first
    EXPECT_EQ(bench.writer().calls, 1U);
    bench.pass(std::chrono::milliseconds{3'000});
    bench.writer().accept();
    bench.settle();
    ASSERT_THAT(bench.answers, SizeIs(2));
    EXPECT_EQ(bench.results()[0].status, kBadRequestTimeout);
    EXPECT_THAT(bench.results()[0].message, HasSubstr("nothing was written"));
    EXPECT_EQ(bench.trail.entries.back().outcome, AuditOutcome::Refused);
    EXPECT_EQ(bench.writer().calls, 1U);
    EXPECT_EQ(bench.writer().device.at("Plant.SP"), Value(1.0));
}

TEST(Desk, GivesTheDeadlineToTheSource) {
    DeskBench bench;
    bench.write(DeskBench::order({bench.wish(setpoint(), "1")}));
    EXPECT_EQ(bench.writer().take().deadline, bench.now + std::chrono::milliseconds{3'000});
}

TEST(Desk, KeepsTheOrderOfATagAndNotThatOfOthers) {
    DeskBench bench;
    bench.write(DeskBench::order({bench.wish(setpoint(1), "1")}, "a"));
    bench.write(DeskBench::order({bench.wish(setpoint(1), "2")}, "b"));
    bench.write(DeskBench::order({bench.wish(setpoint(2), "3")}, "c"));
    ASSERT_THAT(bench.writer().open, SizeIs(2)) << "b waits for a, c does not";
    bench.writer().accept();
    bench.settle();
    bench.writer().accept();
    bench.writer().accept();
    bench.settle();
    EXPECT_EQ(bench.writer().device.at("Plant.SP"), Value(2.0));
    EXPECT_EQ(bench.writer().device.at("Plant.SP2"), Value(3.0));
    EXPECT_TRUE(bench.desk.idle());
}

TEST(Desk, RefusesWhatCannotBeRecorded) {
    DeskBench bench;
    bench.trail.isReady = false;
    bench.write(DeskBench::order({bench.wish(setpoint(), "1")}));
    EXPECT_EQ(bench.answers.at(0).error().status, kBadResourceUnavailable);
    EXPECT_EQ(bench.writer().calls, 0U);
}

TEST(Desk, RefusesATagNamedTwice) {
    DeskBench bench;
    bench.write(DeskBench::order({bench.wish(setpoint(), "1"), bench.wish(setpoint(), "2")}));
    EXPECT_EQ(bench.answers.at(0).error().status, kBadInvalidArgument);
}

TEST(Desk, BoundsWhatWaits) {
    DeskBench bench;
    for (std::size_t i = 0; i <= Desk::kMaxWaiting; ++i)
        bench.write(DeskBench::order({bench.wish(setpoint(), "1")}, std::to_string(i)));
    EXPECT_THAT(bench.answers, IsEmpty()) << "one is at the source, the others wait";
    bench.write(DeskBench::order({bench.wish(setpoint(), "1")}, "more"));
    EXPECT_EQ(bench.answers.at(0).error().status, kBadTooManyOperations);
}

TEST(Desk, RecordsWhatCameOfADeviceThatRefuses) {
    DeskBench bench;
    bench.write(DeskBench::order({bench.wish(setpoint(), "1")}));
    bench.writer().answer({.status = kBadDeviceFailure, .message = "broken"});
    bench.settle();
    EXPECT_EQ(bench.results()[0].status, kBadDeviceFailure);
    EXPECT_EQ(bench.trail.entries.at(0).outcome, AuditOutcome::Failed);
    EXPECT_EQ(bench.trail.entries.at(0).detail, "BadDeviceFailure; broken");
}

TEST(Desk, CountsHowWritesEnded) {
    DeskBench bench;
    bench.write(DeskBench::order({bench.wish(setpoint(), "1")}, "a"));
    bench.writer().accept();
    bench.settle();
    bench.write(DeskBench::order({bench.wish(setpoint(), "2")}, "b"));
    bench.writer().answer({.status = kBadDeviceFailure, .message = "broken"});
    bench.settle();
    bench.write(DeskBench::order({bench.wish(setpoint(1), "101"), bench.wish(setpoint(2), "102")}, "c"));
    bench.settle();
    EXPECT_EQ(bench.desk.counts().done.value(), 1U);
    EXPECT_EQ(bench.desk.counts().failed.value(), 1U);
    EXPECT_EQ(bench.desk.counts().refused.value(), 2U);
}

TEST(Desk, SaysAtTheEndThatNobodyKnows) {
    DeskBench bench;
    bench.write(DeskBench::order({bench.wish(setpoint(1), "1")}, "a"));
    bench.write(DeskBench::order({bench.wish(setpoint(1), "2")}, "b"));
    bench.desk.beginStop();
    bench.desk.abandon();
    ASSERT_THAT(bench.answers, SizeIs(2));
    ASSERT_THAT(bench.trail.entries, SizeIs(2));
    bool unknown = false;
    for (const auto& entry : bench.trail.entries)
        unknown =
            unknown || entry.detail.find("whether the value was written is not known") != std::string::npos;
    EXPECT_TRUE(unknown);
    EXPECT_TRUE(bench.desk.idle());
}

}  // namespace
}  // namespace tagwire::control
