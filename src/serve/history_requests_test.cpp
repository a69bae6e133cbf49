#include "serve/history_requests.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/generated/status_codes.h"
#include "serve/history_testing.h"

namespace tagwire::serve {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class HistoryRequestsTest : public testing::Test {
protected:
    static wire::HistFrame request(std::uint64_t id, std::vector<std::string> tags = {"A"}) {
        wire::HistFrame frame;
        frame.id = wire::RequestId{id};
        frame.tags = std::move(tags);
        frame.from = fromUnixMillis(0);
        frame.to = fromUnixMillis(1000);
        return frame;
    }

    /// The frames of the answers that were sent, in order.
    std::vector<std::string> frames() {
        std::vector<std::string> result;
        for (auto& answer : sent_) {
            while (answer->next(result.emplace_back())) continue;
        }
        sent_.clear();
        return result;
    }

    void answer(std::size_t index, HistoryAnswer with) {
        history_.asked.at(index).answer(std::move(with));
        server_.settle();
    }

    ShardWithHistory server_{&history_};
    FakeHistory history_;  // goes first: what it still has to answer is the shard's
    std::vector<std::unique_ptr<AnswerInParts>> sent_;
    std::vector<std::string> refused_;
    HistoryRequests::Outlet outlet_{
        .send = [this](std::unique_ptr<AnswerInParts> answer) { sent_.push_back(std::move(answer)); },
        .refuse =
            [this](wire::RequestId id, const HistoryRefusal& refusal) {
                refused_.push_back(std::to_string(id.value()) + " " + std::string(nameOf(refusal.code)));
            }};
    std::optional<HistoryRequests> requests_{std::in_place, server_.shard, outlet_};
};

TEST_F(HistoryRequestsTest, AsksAndAnswersInParts) {
    auto frame = request(5, {"A", "B"});
    frame.max = 7;
    requests_->ask(frame, TagSight::everything());
    ASSERT_THAT(history_.asked, SizeIs(1));
    EXPECT_EQ(history_.asked[0].query.limit, 7);
    EXPECT_EQ(history_.asked[0].query.form, HistoryForm::Raw);
    answer(0, {.series = {seriesOf("A", {1, 2}), seriesOf("B", {})}, .more = "next page"});
    EXPECT_THAT(frames(), ElementsAre(R"({"t":"hist","id":5,"n":"A","ty":"f64","b":0,"v":[[0,1],[1,2]]})",
                                      R"({"t":"hist","id":5,"n":"B","ty":"variant","b":0,"v":[]})",
                                      R"({"t":"ok","id":5,"next":"next page"})"));
    EXPECT_THAT(refused_, IsEmpty());
}

TEST_F(HistoryRequestsTest, NamesTagsThatNobodyKnowsAndNamesThatAreNone) {
    requests_->ask(request(5, {"A", "Nope", "Line1.*"}), TagSight::everything());
    EXPECT_THAT(history_.asked[0].query.tags, SizeIs(2));
    HistoryAnswer partly{.series = {seriesOf("A", {1}), seriesOf("Nope", {})}, .more = {}};
    partly.series[1].known = false;
    answer(0, std::move(partly));
    const auto answers = frames();
    ASSERT_THAT(answers, SizeIs(2));
    EXPECT_THAT(answers[1], HasSubstr(R"({"n":"Line1.*","code":"bad_pattern")"));
    EXPECT_THAT(answers[1], HasSubstr(R"({"n":"Nope","code":"unknown_tag")"));
}

TEST_F(HistoryRequestsTest, WithoutAnyTagThatIsOneNobodyIsAsked) {
    requests_->ask(request(5, {"*"}), TagSight::everything());
    EXPECT_THAT(history_.asked, IsEmpty());
    EXPECT_THAT(frames(), SizeIs(1));
}

TEST_F(HistoryRequestsTest, RefusesWhatCannotBe) {
    auto backwards = request(1);
    backwards.to = backwards.from;
    requests_->ask(backwards, TagSight::everything());
    auto paged = request(2);
    paged.form = wire::HistForm::Minmax;
    paged.cursor = "x";
    requests_->ask(paged, TagSight::everything());
    requests_->ask(request(3), TagSight::everything());
    requests_->ask(request(3), TagSight::everything());
    EXPECT_THAT(refused_, ElementsAre("1 bad_request", "2 bad_request", "3 bad_request"));
    EXPECT_THAT(history_.asked, SizeIs(1));
}

TEST_F(HistoryRequestsTest, RefusesOneTooManyUntilAnAnswerIsTaken) {
    for (std::uint64_t id = 0; id < wire::kMaxHistoryRequests; ++id)
        requests_->ask(request(id), TagSight::everything());
    requests_->ask(request(99), TagSight::everything());
    EXPECT_THAT(refused_, ElementsAre("99 too_many_requests"));
    answer(0, {.series = {seriesOf("A", {1})}, .more = {}});
    requests_->ask(request(99), TagSight::everything());
    EXPECT_THAT(refused_, SizeIs(2)) << "the client has not taken the answer yet";
    (void)frames();
    requests_->ask(request(99), TagSight::everything());
    EXPECT_THAT(refused_, SizeIs(2));
}

TEST_F(HistoryRequestsTest, CancelsAQuestion) {
    requests_->ask(request(5), TagSight::everything());
    requests_->cancel(wire::RequestId{4});
    EXPECT_FALSE(history_.asked[0].stop.stop_requested());
    requests_->cancel(wire::RequestId{5});
    EXPECT_TRUE(history_.asked[0].stop.stop_requested());
    EXPECT_THAT(refused_, ElementsAre("5 cancelled"));
    requests_->ask(request(5), TagSight::everything());
    answer(0, {.series = {seriesOf("A", {1})}, .more = {}});
    EXPECT_THAT(frames(), IsEmpty()) << "the late answer is not that of the new request";
    answer(1, {.series = {seriesOf("A", {2})}, .more = {}});
    EXPECT_THAT(frames(), SizeIs(2));
}

TEST_F(HistoryRequestsTest, CancelsAnAnswerBetweenItsParts) {
    requests_->ask(request(5, {"A", "B"}), TagSight::everything());
    answer(0, {.series = {seriesOf("A", {1}), seriesOf("B", {2})}, .more = {}});
    std::string frame;
    ASSERT_TRUE(sent_.front()->next(frame));
    requests_->cancel(wire::RequestId{5});
    frame.clear();
    EXPECT_FALSE(sent_.front()->next(frame));
    EXPECT_THAT(frame, HasSubstr(R"("code":"cancelled")"));
    EXPECT_THAT(refused_, IsEmpty());
}

TEST_F(HistoryRequestsTest, PassesOnWhyTheHistoryDoesNotAnswer) {
    requests_->ask(request(1), TagSight::everything());
    requests_->ask(request(2), TagSight::everything());
    requests_->ask(request(3), TagSight::everything());
    history_.asked[0].answer(tl::unexpected(ServiceFailure{kBadTooManyOperations, "busy"}));
    history_.asked[1].answer(tl::unexpected(ServiceFailure{kBadInvalidArgument, "wrong cursor"}));
    history_.asked[2].answer(tl::unexpected(ServiceFailure{kBadDecodingError, "broken"}));
    server_.settle();
    EXPECT_THAT(refused_, ElementsAre("1 overloaded", "2 bad_request", "3 internal"));
}

TEST_F(HistoryRequestsTest, WhoGoesCancelsEverything) {
    requests_->ask(request(5), TagSight::everything());
    requests_.reset();
    EXPECT_TRUE(history_.asked[0].stop.stop_requested());
    answer(0, {.series = {seriesOf("A", {1})}, .more = {}});
    EXPECT_THAT(sent_, IsEmpty());
}

TEST(HistoryRequestsWithoutHistory, SayHowToSwitchItOn) {
    ShardWithHistory server{nullptr};
    std::string message;
    HistoryRequests requests(server.shard, {.send = [](auto) {},
                                            .refuse =
                                                [&](auto, const HistoryRefusal& refusal) {
                                                    EXPECT_EQ(refusal.code, wire::ErrorCode::NoHistory);
                                                    message = refusal.message;
                                                }});
    requests.ask({}, TagSight::everything());
    EXPECT_THAT(message, HasSubstr("[history]"));
}

}  // namespace
}  // namespace tagwire::serve
