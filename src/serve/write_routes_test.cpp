#include "serve/write_routes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/generated/status_codes.h"
#include "serve/access_testing.h"
#include "serve/route_testing.h"
#include "serve/write_testing.h"

namespace tagwire::serve {
namespace {

using access::PrincipalKind;
using access::Role;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class WriteRouteTest : public testing::Test {
protected:
    WriteRouteTest() {
        server_.server.writing = &desk_;
        server_.shard.cache().apply(writableTags({"Line1.SP", "Line2.SP"}));
        access_.makeUsers();
        access_.let("twt_operator", PrincipalKind::Token, Role::Operator);
        access_.let("twt_viewer", PrincipalKind::Token, Role::Viewer);
        access_.let(
            "twt_narrow", PrincipalKind::Token, Role::Operator,
            access::TagScope::parse(std::vector<std::string>{"**"}, std::vector<std::string>{"Line2.**"})
                .value());
        bench_.request.host = "127.0.0.1:5000";
        bench_.request.contentType = "application/json";
        bench_.request.authorization = "Bearer twt_operator";
    }

    /// Answers that were kept hold on to the server.
    void TearDown() override { desk_.writeAnswers.clear(); }

    HttpResponse post(std::string_view body) {
        bench_.request.body = body;
        return bench_.answer(Method::Post, "/api/v1/values");
    }

    static constexpr std::string_view kOrder =
        R"({"key":"k","ttl":1500,"values":[{"tag":"Line1.SP","value":55.5}]})";

    FakeAccess access_;
    FakeTrail trail_;
    FakeDesk desk_;
    ShardWithHistory server_{nullptr, &access_, &trail_};
    RouteBench bench_{server_};
};

TEST_F(WriteRouteTest, OrdersAndAnswersWhatCameOfIt) {
    bench_.request.body = kOrder;
    bench_.begin(Method::Post, "/api/v1/values");
    ASSERT_THAT(desk_.orders, SizeIs(1));
    EXPECT_EQ(desk_.orders[0].by.user, "anna");
    EXPECT_EQ(desk_.orders[0].by.token, "script");
    EXPECT_EQ(desk_.orders[0].key, "k");
    EXPECT_EQ(desk_.orders[0].ttl, std::chrono::milliseconds{1500});
    desk_.writeAnswers[0](
        std::vector<WriteResult>{{.status = {}, .value = Value(50.0), .message = "clamped"}});
    server_.settle();
    ASSERT_TRUE(bench_.response());
    EXPECT_EQ(bench_.response()->status, 200U);
    EXPECT_EQ(bench_.response()->body,
              R"({"values":[{"tag":"Line1.SP","status":0,"value":50,"msg":"clamped"}]})");
}

TEST_F(WriteRouteTest, SaysWhyNothingWasSent) {
    bench_.request.body = kOrder;
    bench_.begin(Method::Post, "/api/v1/values");
    desk_.writeAnswers[0](failure(kBadServerNotConnected, "plc is away"));
    server_.settle();
    EXPECT_EQ(bench_.response()->status, 502U);
    EXPECT_THAT(bench_.response()->body, HasSubstr("plc is away"));
}

TEST_F(WriteRouteTest, IsForThoseWhoMay) {
    bench_.request.authorization = {};
    EXPECT_EQ(post(kOrder).status, 401U);
    bench_.request.authorization = "Bearer twt_viewer";
    EXPECT_EQ(post(kOrder).status, 403U);
    bench_.request.authorization = "Bearer twt_narrow";
    const auto refused = post(kOrder);
    EXPECT_EQ(refused.status, 403U);
    EXPECT_THAT(refused.body, HasSubstr("'Line1.SP' is none of the tags that you may write"));
    EXPECT_THAT(desk_.orders, IsEmpty());
}

TEST_F(WriteRouteTest, TakesNothingElse) {
    EXPECT_EQ(post("{}").status, 400U);
    EXPECT_EQ(post(R"({"key":"k","values":[]})").status, 400U);
    EXPECT_EQ(post(R"({"key":"k","values":[{"tag":"A"}]})").status, 400U);
    bench_.request.contentType = "text/plain";
    EXPECT_EQ(post(kOrder).status, 400U);
    EXPECT_THAT(desk_.orders, IsEmpty());
}

}  // namespace
}  // namespace tagwire::serve
