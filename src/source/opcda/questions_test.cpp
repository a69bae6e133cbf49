#include "source/opcda/questions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/generated/status_codes.h"
#include "source/opcda/agent_testing.h"

namespace tagwire::source::opcda {
namespace {

/// The answer of a question, once it has come; a second one is a failure.
template <class T>
class Heard {
public:
    [[nodiscard]] ServiceAnswer<T> ear() {
        return [this](ServiceResult<T> result) {
            EXPECT_FALSE(result_) << "answered twice";
            result_ = std::move(result);
        };
    }
    [[nodiscard]] bool any() const { return result_.has_value(); }
    [[nodiscard]] const ServiceResult<T>& get() const { return result_.value(); }

private:
    std::optional<ServiceResult<T>> result_;
};

std::vector<AgentEntry> items(std::size_t count) {
    std::vector<AgentEntry> entries;
    for (std::size_t i = 0; i < count; ++i)
        entries.push_back({.name = std::to_string(i), .item = "Item" + std::to_string(i), .step = {}});
    return entries;
}

BrowseQuestion levelBelow(std::string node, std::size_t limit = 0,
                          std::optional<std::uint64_t> continuation = {}) {
    BrowseQuestion question;
    question.node = std::move(node);
    question.limit = limit;
    question.continuation = continuation;
    return question;
}

class QuestionsTest : public testing::Test {
protected:
    QuestionsTest() { questions_.open(link_); }
    void answer(AgentEntries entries) { questions_.take(entries); }

    std::shared_ptr<FakeLink> link_ = std::make_shared<FakeLink>();
    Questions questions_{"S.1"};
};

TEST_F(QuestionsTest, ALevelComesInPagesAndFrames) {
    Heard<BrowsePage> first;
    questions_.browse(levelBelow({}, 3), first.ear());
    EXPECT_EQ(link_->awaitFrame(0), R"({"t":"browse","id":1,"path":[],"limit":20000})");
    answer({.id = 1, .entries = items(2), .more = true, .cut = {}});
    EXPECT_FALSE(first.any());
    answer({.id = 1, .entries = items(2), .more = false, .cut = "only the first"});
    ASSERT_TRUE(first.any() && first.get());
    EXPECT_EQ(first.get()->references.size(), 3U);
    EXPECT_TRUE(first.get()->cutOff.empty()) << "the last page says so";

    Heard<BrowsePage> second;
    questions_.browse(levelBelow({}, 3, first.get()->continuation), second.ear());
    EXPECT_EQ(second.get()->references.size(), 1U);
    EXPECT_FALSE(second.get()->continuation);
    EXPECT_EQ(second.get()->cutOff, "only the first");
    Heard<BrowsePage> again;
    questions_.browse(levelBelow({}, 3, first.get()->continuation), again.ear());
    EXPECT_EQ(again.get().error().status, kBadInvalidArgument);
}

TEST_F(QuestionsTest, PagesThatNobodyComesForAreForgotten) {
    std::optional<std::uint64_t> oldest;
    for (std::uint64_t i = 1; i <= Questions::kMaxRests + 1; ++i) {
        Heard<BrowsePage> page;
        questions_.browse(levelBelow({}, 1), page.ear());
        answer({.id = i, .entries = items(2), .more = false, .cut = {}});
        if (!oldest) oldest = page.get()->continuation;
    }
    Heard<BrowsePage> late;
    questions_.browse(levelBelow({}, 1, oldest), late.ear());
    EXPECT_FALSE(late.get());
}

TEST_F(QuestionsTest, ABranchIsKnownWithoutAsking) {
    Heard<NodeAttributes> root;
    questions_.attributes("", root.ear());
    EXPECT_EQ(root.get()->displayName.text, "S.1");
    Heard<BrowsePage> above;
    auto upwards = levelBelow(R"(branch=["a","b"])");
    upwards.inverse = true;
    questions_.browse(upwards, above.ear());
    EXPECT_EQ(above.get()->references.at(0).node, R"(branch=["a"])");
    Heard<NodeAttributes> wrong;
    questions_.attributes("i=85", wrong.ear());
    EXPECT_EQ(wrong.get().error().status, kBadNodeIdInvalid);
    EXPECT_TRUE(questions_.empty());
}

TEST_F(QuestionsTest, ARefusalIsPassedOn) {
    Heard<NodeAttributes> node;
    questions_.attributes("item=No.Such", node.ear());
    questions_.take(AgentRefused{.id = 1, .status = kBadNodeIdUnknown, .message = "unknown item"});
    EXPECT_EQ(node.get().error().message, "unknown item");
}

TEST_F(QuestionsTest, ASearchIsAPatternOverAllIds) {
    Heard<SearchAnswer> found;
    questions_.search({.text = "int", .node = {}, .limit = 5}, found.ear());
    EXPECT_EQ(link_->awaitFrame(0), R"({"t":"search","id":1,"pattern":"*int*","limit":5})");
    answer({.id = 1, .entries = items(2), .more = false, .cut = "too long"});
    ASSERT_EQ(found.get()->hits.size(), 2U);
    EXPECT_EQ(found.get()->hits[1].path, "Item1");
    EXPECT_EQ(found.get()->hits[1].node.node, "item=Item1");
    EXPECT_EQ(found.get()->cutOff, "too long");
}

TEST_F(QuestionsTest, AnAnswerOfAnotherKindOrNumberIsNone) {
    Heard<BrowsePage> page;
    questions_.browse({}, page.ear());
    AgentLooked looked;
    looked.id = 1;
    questions_.take(looked);
    answer({.id = 2, .entries = items(1), .more = false, .cut = {}});
    EXPECT_FALSE(page.any());
    answer({.id = 1, .entries = items(1), .more = false, .cut = {}});
    EXPECT_TRUE(page.any());
    answer({.id = 1, .entries = items(1), .more = false, .cut = {}});  // Heard sees a second one
}

TEST_F(QuestionsTest, NobodyWaitsForEver) {
    Heard<BrowsePage> page;
    questions_.browse({}, page.ear());
    questions_.expire(SteadyClock::now());
    EXPECT_FALSE(page.any());
    questions_.expire(SteadyClock::now() + Questions::kPatience);
    EXPECT_EQ(page.get().error().status, kBadTimeout);
}

TEST_F(QuestionsTest, WithoutAnAgentTheReasonIsTheAnswer) {
    Heard<BrowsePage> open;
    questions_.browse({}, open.ear());
    questions_.close("the agent has gone");
    EXPECT_EQ(open.get().error().message, "the agent has gone");
    Heard<BrowsePage> later;
    questions_.browse({}, later.ear());
    EXPECT_EQ(later.get().error().status, kBadNotConnected);
}

TEST_F(QuestionsTest, OnlySoManyWait) {
    std::vector<Heard<BrowsePage>> pages(Questions::kMaxOpen + 1);
    for (auto& page : pages) questions_.browse({}, page.ear());
    EXPECT_FALSE(pages.front().any());
    EXPECT_EQ(pages.back().get().error().status, kBadTooManyOperations);
    questions_.close("done");
}

const std::vector<HandleWrite> kOneWrite{{.handle = 1, .variantType = 3, .value = Value(std::int32_t{5})}};
constexpr std::chrono::milliseconds kTtl{3000};

TEST_F(QuestionsTest, AWriteTellsOfEachItem) {
    Heard<Questions::Written> done;
    questions_.write(kOneWrite, kTtl, done.ear());
    EXPECT_EQ(link_->awaitFrame(0), R"({"t":"write","id":1,"ttl":3000,"v":[[1,3,5]]})");
    AgentWritten written{.id = 1, .items = {{.code = 0, .status = {}, .after = 5, .before = 4}}};
    questions_.take(written);
    EXPECT_EQ(done.get()->value().at(0).after, 5);
}

TEST_F(QuestionsTest, AWriteThatIsRefusedIsAFailure) {
    Heard<Questions::Written> refused;
    questions_.write(kOneWrite, kTtl, refused.ear());
    questions_.take(
        AgentRefused{.id = 1, .status = kBadNotConnected, .message = "nothing was written: gone"});
    EXPECT_EQ(refused.get().error().message, "nothing was written: gone");
    questions_.close("no agent");
    Heard<Questions::Written> early;
    questions_.write(kOneWrite, kTtl, early.ear());
    EXPECT_EQ(early.get().error().message, "no agent") << "it was not sent";
}

TEST_F(QuestionsTest, NobodyKnowsOfAWriteThatIsNotAnswered) {
    Heard<Questions::Written> late;
    questions_.write(kOneWrite, kTtl, late.ear());
    questions_.expire(SteadyClock::now() + kTtl);
    EXPECT_FALSE(late.any()) << "the agent may still say";
    questions_.expire(SteadyClock::now() + std::chrono::seconds(10));
    ASSERT_TRUE(late.get());
    EXPECT_FALSE(late.get()->has_value());

    Heard<Questions::Written> lost;
    questions_.write(kOneWrite, kTtl, lost.ear());
    questions_.close("the agent has gone");
    ASSERT_TRUE(lost.get());
    EXPECT_FALSE(lost.get()->has_value());
}

TEST_F(QuestionsTest, AnAnswerOfOtherItemsIsNone) {
    Heard<Questions::Written> odd;
    questions_.write(kOneWrite, kTtl, odd.ear());
    AgentWritten none{.id = 1, .items = {}};
    questions_.take(none);
    EXPECT_FALSE(odd.get()->has_value());
}

}  // namespace
}  // namespace tagwire::source::opcda
