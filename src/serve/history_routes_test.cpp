#include "serve/history_routes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/generated/status_codes.h"
#include "serve/access_testing.h"
#include "serve/route_testing.h"

namespace tagwire::serve {
namespace {

using testing::HasSubstr;
using testing::SizeIs;
using testing::StartsWith;

class HistoryRouteTest : public testing::Test {
protected:
    /// Begins to answer; `response_` is there once the history has answered.
    void get(std::string_view target, Method method = Method::Get) { bench_.begin(method, target); }

    HttpResponse answered(HistoryAnswer answer) {
        history_.asked.back().answer(std::move(answer));
        server_.settle();
        return *std::move(response_);
    }

    FakeAccess access_;
    ShardWithHistory server_{&history_, &access_};
    FakeHistory history_;  // goes first: what it still has to answer is the shard's
    RouteBench bench_{server_};
    std::optional<HttpResponse>& response_ = bench_.response();
};

TEST_F(HistoryRouteTest, AnswersInJson) {
    get("/api/v1/history?tags=A&from=1970-01-01&to=1000&limit=5");
    ASSERT_THAT(history_.asked, SizeIs(1));
    EXPECT_EQ(history_.asked[0].query.to, fromUnixMillis(1000));
    EXPECT_EQ(history_.asked[0].query.limit, 5);
    const auto response = answered({.series = {seriesOf("A", {1, 2})}, .more = {}});
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.body, R"({"from":0,"to":1000,"form":"raw","tags":[{"n":"A","ty":"f64","b":0,)"
                             R"("v":[[0,1],[1,2]]}],"bad":[]})");
}

TEST_F(HistoryRouteTest, AnswersInCsvWithTheAddressOfTheNextPage) {
    get("/api/v1/history?tags=A&tags=Caf%C3%A9%20%26%20B&from=0&to=1000&format=csv");
    const auto response = answered({.series = {seriesOf("A", {1, 2})}, .more = "a/b"});
    EXPECT_EQ(response.contentType, "text/csv; charset=utf-8");
    EXPECT_THAT(response.body, HasSubstr("\r\nA,1970-01-01T00:00:00.001Z,"));
    ASSERT_EQ(response.headers.back().first, "Link");
    EXPECT_EQ(response.headers.back().second,
              "<?tags=A&tags=Caf%C3%A9%20%26%20B&from=0&to=1000&limit=10000&format=csv&cursor=a%2Fb>; "
              "rel=\"next\"");
}

TEST_F(HistoryRouteTest, AsksForDrawingsInIntervals) {
    get("/api/v1/history?tags=A&from=0&to=1000&form=minmax&intervals=20");
    EXPECT_EQ(history_.asked[0].query.form, HistoryForm::Drawing);
    EXPECT_EQ(history_.asked[0].query.intervals, 20);
}

TEST_F(HistoryRouteTest, RefusesWithTheNameOfTheParameter) {
    for (const auto& [target, words] :
         std::map<std::string, std::string>{{"from=0", "'tags'"},
                                            {"tags=A", "'from'"},
                                            {"tags=A&from=yesterday", "'from'"},
                                            {"tags=A&from=0&to=never", "'to'"},
                                            {"tags=A&from=1&to=1", "'from' must be before 'to'"},
                                            {"tags=A&from=0&form=mean", "raw, minmax, aggregates"},
                                            {"tags=A&from=0&format=xml", "json, csv"},
                                            {"tags=A&from=0&intervals=0", "'intervals'"},
                                            {"tags=A&from=0&limit=50001", "'limit'"},
                                            {"tags=A&from=0&agg=mean", "'agg'"}}) {
        get("/api/v1/history?" + target);
        ASSERT_TRUE(response_) << target;
        EXPECT_EQ(response_->status, 400);
        EXPECT_THAT(response_->body, HasSubstr(words));
    }
    EXPECT_THAT(history_.asked, SizeIs(0));
}

TEST_F(HistoryRouteTest, ATableOfATagThatNobodyKnowsIsAnError) {
    get("/api/v1/history?tags=Nope&from=0&format=csv");
    auto nothing = seriesOf("Nope", {});
    nothing.known = false;
    const auto response = answered({.series = {nothing}, .more = {}});
    EXPECT_EQ(response.status, 404);
    EXPECT_THAT(response.body, HasSubstr("unknown_tag"));
}

TEST_F(HistoryRouteTest, PassesOnWhyTheHistoryDoesNotAnswer) {
    get("/api/v1/history?tags=A&from=0");
    history_.asked[0].answer(tl::unexpected(ServiceFailure{kBadTooManyOperations, "busy"}));
    server_.settle();
    ASSERT_TRUE(response_);
    EXPECT_EQ(response_->status, 503);
}

TEST_F(HistoryRouteTest, WhatNobodyWaitsForAnyMoreIsCancelled) {
    get("/api/v1/history?tags=A&from=0");
    const auto stop = history_.asked.at(0).stop;
    EXPECT_FALSE(stop.stop_requested());
    // The connection is closed; the history's time runs out much later.
    while (!stop.stop_requested() && server_.shard.context().run_one() > 0) {
    }
    EXPECT_TRUE(stop.stop_requested());
    EXPECT_FALSE(response_);
}

TEST_F(HistoryRouteTest, AFewAtATime) {
    std::vector<HttpResponse> unsent;
    for (int i = 0; i < 8; ++i) {
        get("/api/v1/history?tags=A&from=0");
        unsent.push_back(answered({.series = {}, .more = {}}));
    }
    get("/api/v1/history?tags=A&from=0");
    ASSERT_TRUE(response_);
    EXPECT_EQ(response_->status, 503);
    unsent.pop_back();
    get("/api/v1/history?tags=A&from=0");
    EXPECT_FALSE(response_) << "the history is asked";
}

TEST_F(HistoryRouteTest, IsReadOnly) {
    get("/api/v1/history", Method::Post);
    EXPECT_EQ(response_->status, 405);
}

TEST_F(HistoryRouteTest, TagsThatOneMustNotSeeWereNeverRecorded) {
    access_.let("t", access::PrincipalKind::Token, access::Role::Viewer,
                access::TagScope::parse(std::vector<std::string>{"Line1.**"}, {}).value());
    bench_.request.authorization = "Bearer t";
    get("/api/v1/history?tags=Line1.A,Line2.A&from=0");
    ASSERT_THAT(history_.asked, SizeIs(1));
    ASSERT_THAT(history_.asked[0].query.tags, SizeIs(1));
    EXPECT_EQ(history_.asked[0].query.tags[0].text(), "Line1.A");
    const auto response = answered({.series = {seriesOf("Line1.A", {1})}, .more = {}});
    EXPECT_THAT(response.body, HasSubstr(R"("bad":[{"n":"Line2.A","code":"unknown_tag")"));
}

}  // namespace
}  // namespace tagwire::serve
