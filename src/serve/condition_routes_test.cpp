#include "serve/condition_routes.h"

#include <deque>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/generated/status_codes.h"
#include "serve/access_testing.h"
#include "serve/route_testing.h"

namespace tagwire::serve {
namespace {

using access::PrincipalKind;
using access::Role;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

/// Keeps what it is asked; the test answers.
class FakeConditions final : public ConditionServices {
public:
    void act(ConditionOrder order, SteadyTime /*deadline*/, ServiceAnswer<ConditionAnswer> answer) override {
        orders.push_back(std::move(order));
        answers.push_back(std::move(answer));
    }

    std::vector<ConditionOrder> orders;
    std::deque<ServiceAnswer<ConditionAnswer>> answers;
};

class FakeDirectory final : public SourceDirectory {
public:
    [[nodiscard]] SourceServices* find(std::string_view /*name*/) const override { return nullptr; }
    [[nodiscard]] std::optional<Conditions> conditionsOf(std::string_view name) const override {
        const auto found = sources.find(name);
        return found == sources.end() ? std::nullopt : std::optional(found->second);
    }
    [[nodiscard]] std::shared_ptr<const SourceDiagnostics> diagnostics(
        std::string_view /*name*/) const override {
        return nullptr;
    }

    std::map<std::string, Conditions, std::less<>> sources;
};

class FakeEvents final : public EventsReader {
public:
    [[nodiscard]] std::shared_ptr<const SourceEventsSnapshot> read(std::string_view source) const override {
        return source == "plc" ? events.snapshot() : nullptr;
    }

    SourceEvents events;
};

class ClosedTrail final : public AuditTrail {
public:
    [[nodiscard]] bool ready() const noexcept override { return false; }
    void record(AuditEntry /*entry*/) override {}
};

SharedCondition levelAlarm(bool acked) {
    SourceCondition condition;
    condition.key = {.condition = "ns=2;s=Level", .branch = {}};
    condition.name = "LevelAlarm";
    condition.event.id = "id-1";
    condition.event.sourceName = "Tank1";
    condition.acked = acked;
    return std::make_shared<const SourceCondition>(condition);
}

class ConditionRouteTest : public testing::Test {
protected:
    ConditionRouteTest() {
        server_.server.directory = &directory_;
        server_.server.events = &events_;
        setState(SourcePhase::Live);
        directory_.sources["reader"] = {};
        tell(levelAlarm(false));
        access_.makeUsers();
        access_.let("twt_operator", PrincipalKind::Token, Role::Operator);
        access_.let("twt_viewer", PrincipalKind::Token, Role::Viewer);
        access_.let(
            "twt_narrow", PrincipalKind::Token, Role::Operator,
            access::TagScope::parse(std::vector<std::string>{"**"}, std::vector<std::string>{"plc.Tank2.**"})
                .value());
        access_.let(
            "twt_tank", PrincipalKind::Token, Role::Operator,
            access::TagScope::parse(std::vector<std::string>{"**"}, std::vector<std::string>{"plc.Tank1"})
                .value());
        bench_.request.host = "127.0.0.1:5000";
        bench_.request.contentType = "application/json";
        bench_.request.authorization = "Bearer twt_operator";
    }

    /// Answers that were kept hold on to the server.
    void TearDown() override { source_.answers.clear(); }

    void setState(SourcePhase phase) {
        SourceState state;
        state.phase = phase;
        directory_.sources["plc"] = {.services = &source_, .state = std::move(state)};
    }
    void tell(SharedCondition condition) {
        EventBatch batch;
        batch.conditions.push_back({condition->key, condition});
        events_.events.take(std::move(batch));
    }
    HttpResponse post(std::string_view body, std::string_view source = "plc") {
        bench_.request.body = body;
        return bench_.answer(Method::Post, "/api/v1/sources/" + std::string(source) + "/conditions");
    }
    void begin(std::string_view body) {
        bench_.request.body = body;
        bench_.begin(Method::Post, "/api/v1/sources/plc/conditions");
    }
    [[nodiscard]] const AuditEntry& entry() const { return trail_.entries.back(); }

    /// "id-1" in base64.
    static constexpr std::string_view kOrder =
        R"({"step":"acknowledge","cond":"ns=2;s=Level","id":"aWQtMQ==","comment":"on my way"})";

    FakeAccess access_;
    FakeTrail trail_;
    FakeConditions source_;
    FakeDirectory directory_;
    FakeEvents events_;
    ShardWithHistory server_{nullptr, &access_, &trail_};
    RouteBench bench_{server_};
};

TEST_F(ConditionRouteTest, AsksTheSourceAndWritesDownWhatCameOfIt) {
    begin(kOrder);
    ASSERT_THAT(source_.orders, SizeIs(1));
    const auto& order = source_.orders[0];
    EXPECT_EQ(order.method, ConditionMethod::Acknowledge);
    EXPECT_EQ(order.key, (ConditionKey{"ns=2;s=Level", ""}));
    EXPECT_EQ(order.eventId, "id-1");
    EXPECT_EQ(order.comment.text, "on my way");
    EXPECT_EQ(order.user, "anna");
    EXPECT_THAT(trail_.entries, IsEmpty()) << "nothing came of it yet";
    source_.answers[0](ConditionAnswer{});
    server_.settle();
    ASSERT_TRUE(bench_.response());
    EXPECT_EQ(bench_.response()->status, 200U);
    EXPECT_EQ(bench_.response()->body, R"({"status":0})");
    ASSERT_THAT(trail_.entries, SizeIs(1));
    EXPECT_EQ(entry().action, "alarm.acknowledge");
    EXPECT_EQ(entry().user, "anna");
    EXPECT_EQ(entry().address, "127.0.0.1");
    EXPECT_EQ(entry().target, "plc: ns=2;s=Level");
    EXPECT_EQ(entry().after, R"("on my way")");
    EXPECT_EQ(entry().outcome, AuditOutcome::Done);
    EXPECT_EQ(entry().detail, "Tank1 LevelAlarm");
}

TEST_F(ConditionRouteTest, TheSourcesRefusalComesInWords) {
    begin(R"({"step":"confirm","cond":"ns=2;s=Level","id":"aWQtMQ=="})");
    ASSERT_THAT(source_.orders, SizeIs(1));
    EXPECT_EQ(source_.orders[0].method, ConditionMethod::Confirm);
    source_.answers[0](ConditionAnswer{kBadEventIdUnknown, "changed since"});
    server_.settle();
    EXPECT_EQ(bench_.response()->status, 200U);
    EXPECT_EQ(bench_.response()->body, R"({"status":2157576192,"msg":"changed since"})");
    EXPECT_EQ(entry().action, "alarm.confirm");
    EXPECT_EQ(entry().outcome, AuditOutcome::Failed);
    EXPECT_THAT(entry().detail, HasSubstr("changed since"));
}

TEST_F(ConditionRouteTest, WhatWasNotSentIsAnError) {
    begin(kOrder);
    source_.answers[0](failure(kBadTooManyOperations, "try again in a moment"));
    server_.settle();
    EXPECT_EQ(bench_.response()->status, 503U);
    EXPECT_EQ(entry().outcome, AuditOutcome::Refused);

    setState(SourcePhase::Backoff);
    EXPECT_EQ(post(kOrder).status, 502U);
    EXPECT_EQ(entry().outcome, AuditOutcome::Refused);
    EXPECT_EQ(post(kOrder, "nobody").status, 404U);
    EXPECT_THAT(entry().detail, HasSubstr("no source 'nobody'"));
    const auto none = post(kOrder, "reader");
    EXPECT_EQ(none.status, 501U);
    EXPECT_THAT(none.body, HasSubstr("has no conditions"));
    setState(SourcePhase::Live);
    const auto gone = post(R"({"step":"acknowledge","cond":"ns=2;s=Other","id":"aWQtMQ=="})");
    EXPECT_EQ(gone.status, 404U);
    EXPECT_THAT(gone.body, HasSubstr("no such condition now"));
    const auto branch =
        post(R"({"step":"acknowledge","cond":"ns=2;s=Level","branch":"i=9","id":"aWQtMQ=="})");
    EXPECT_EQ(branch.status, 404U);
    EXPECT_THAT(source_.orders, SizeIs(1)) << "the first one only";
    EXPECT_THAT(trail_.entries, SizeIs(6)) << "each attempt is written down";
}

TEST_F(ConditionRouteTest, WhatIsDoneIsNotSentAgain) {
    tell(levelAlarm(true));
    const auto answer = post(kOrder);
    EXPECT_EQ(answer.status, 200U);
    EXPECT_THAT(answer.body, HasSubstr("acknowledged already (BadConditionBranchAlreadyAcked"));
    EXPECT_EQ(entry().outcome, AuditOutcome::Refused);
    EXPECT_THAT(source_.orders, IsEmpty());
}

TEST_F(ConditionRouteTest, IsForThoseWhoMay) {
    bench_.request.authorization = {};
    EXPECT_EQ(post(kOrder).status, 401U);
    bench_.request.authorization = "Bearer twt_viewer";
    EXPECT_EQ(post(kOrder).status, 403U);
    bench_.request.authorization = "Bearer twt_narrow";
    const auto refused = post(kOrder);
    EXPECT_EQ(refused.status, 403U);
    EXPECT_THAT(refused.body, HasSubstr("'plc.Tank1' fits none of your patterns for writing"));
    EXPECT_THAT(source_.orders, IsEmpty());
    bench_.request.authorization = "Bearer twt_tank";
    begin(kOrder);
    EXPECT_THAT(source_.orders, SizeIs(1));
}

TEST_F(ConditionRouteTest, NothingHappensUnrecorded) {
    ClosedTrail closed;
    server_.server.audit = &closed;
    const auto answer = post(kOrder);
    EXPECT_EQ(answer.status, 500U);
    EXPECT_THAT(answer.body, HasSubstr("audit log"));
    EXPECT_THAT(source_.orders, IsEmpty());
}

TEST_F(ConditionRouteTest, TakesNothingElse) {
    EXPECT_EQ(post("{}").status, 400U);
    EXPECT_EQ(post(R"({"step":"shelve","cond":"ns=2;s=Level","id":"aWQtMQ=="})").status, 400U);
    EXPECT_EQ(post(R"({"step":"acknowledge","cond":"ns=2;s=Level"})").status, 400U);
    EXPECT_EQ(post(R"({"step":"acknowledge","cond":"","id":"aWQtMQ=="})").status, 400U);
    const auto id = post(R"({"step":"acknowledge","cond":"ns=2;s=Level","id":"aWQtMQ"})");
    EXPECT_EQ(id.status, 400U);
    EXPECT_THAT(id.body, HasSubstr("body.id: expected base64"));
    const auto longer = R"({"step":"acknowledge","cond":"ns=2;s=Level","id":"aWQtMQ==","comment":")" +
                        std::string(1001, 'x') + "\"}";
    EXPECT_EQ(post(longer).status, 400U);
    bench_.request.contentType = "text/plain";
    EXPECT_EQ(post(kOrder).status, 400U);
    EXPECT_THAT(source_.orders, IsEmpty());
    EXPECT_THAT(trail_.entries, IsEmpty());
}

}  // namespace
}  // namespace tagwire::serve
