#include "link/backlog.h"

#include <fstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tagwire::da {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr StatusCode kOverflow = StatusCode{}.withOverflow();

OutValue number(std::string text) {
    return {.value = std::move(text),
            .shape = {.type = BuiltInType::Double, .array = false},
            .time = fromUnixMillis(1000),
            .status = {}};
}

class BacklogTest : public testing::Test {
protected:
    BacklogTest() : folder(std::filesystem::path(testing::TempDir()) / unique()) {
        std::filesystem::remove_all(folder);
    }
    ~BacklogTest() override { std::filesystem::remove_all(folder); }

    static std::string unique() {
        return std::string("backlog-") + testing::UnitTest::GetInstance()->current_test_info()->name();
    }
    [[nodiscard]] Backlog open(std::uint64_t bytes = Backlog::kMinBytes) const {
        return *Backlog::open({.folder = folder, .maxBytes = bytes});
    }
    [[nodiscard]] std::size_t files() const {
        const auto all = std::filesystem::directory_iterator(folder);
        return static_cast<std::size_t>(std::distance(begin(all), end(all)));
    }
    static std::vector<std::string> texts(const std::vector<StoredValue>& values) {
        std::vector<std::string> all;
        for (const auto& stored : values) all.push_back(stored.id + "=" + stored.value.value);
        return all;
    }
    /// Everything, in order.
    static std::vector<StoredValue> drain(Backlog& backlog) {
        std::vector<StoredValue> all;
        for (;;) {
            auto some = backlog.front(10'000);
            if (some.empty()) return all;
            backlog.drop(some.back().number);
            std::ranges::move(some, std::back_inserter(all));
        }
    }

    const std::filesystem::path folder;
};

TEST(StoredLine, IsReadBackAsItWas) {
    OutValue value{.value = R"(["a\tb",null])",
                   .shape = {.type = BuiltInType::String, .array = true},
                   .time = fromUnixMillis(-5),
                   .status = StatusCode{0x80310000}};
    const auto stored = parseStoredLine(storedLine("Line 1.\t\"x\"", value));
    ASSERT_TRUE(stored);
    EXPECT_EQ(stored->id, "Line 1.\t\"x\"");
    EXPECT_EQ(stored->value.value, value.value);
    EXPECT_EQ(stored->value.shape, value.shape);
    EXPECT_EQ(stored->value.time, value.time);
    EXPECT_EQ(stored->value.status, value.status);
}

TEST(StoredLine, IsNothingElse) {
    for (const auto* line :
         {"", "x", "[\"a\",11,0,1,0]", "[\"a\",11,0,1,0]\t", "[\"a\",11,0,1,0]\t1]", "[\"a\",11,0,1]\t1",
          "[1,11,0,1,0]\t1", "[\"a\",25,0,1,0]\t1", "[\"a\",11,2,1,0]\t1", "[\"a\",11,0,1.5,0]\t1",
          "[\"a\",11,0,1,-1]\t1", "{}\t1", "[\"a\",11,0,1,0]\t[[[[[1]]]]]"})
        EXPECT_FALSE(parseStoredLine(line)) << line;
    EXPECT_TRUE(parseStoredLine("[\"a\",11,0,1,0]\t1"));
}

TEST_F(BacklogTest, GivesTheOldestFirstAndForgetsWhatIsDropped) {
    auto backlog = open();
    backlog.add("a", number("1"));
    backlog.add("b", number("2"));
    auto front = backlog.front(10'000);
    EXPECT_THAT(texts(front), ElementsAre("a=1", "b=2"));
    backlog.add("c", number("3"));
    backlog.drop(front.front().number);
    EXPECT_THAT(texts(backlog.front(10'000)), ElementsAre("b=2"));
    EXPECT_THAT(texts(backlog.front(1)), ElementsAre("b=2")) << "one at least";
    EXPECT_THAT(texts(drain(backlog)), ElementsAre("b=2", "c=3"));
    EXPECT_EQ(backlog.lost(), 0U);
    EXPECT_EQ(files(), 0U);
}

TEST_F(BacklogTest, OutlivesTheProcess) {
    {
        auto backlog = open();
        backlog.add("a", number("1"));
        backlog.flush();
        backlog.add("a", number("2"));
        backlog.flush();
        backlog.add("a", number("3"));  // and then the power failed
    }
    {
        auto backlog = open();
        backlog.add("a", number("4"));
        backlog.flush();
        const auto front = backlog.front(10'000);
        EXPECT_THAT(texts(front), ElementsAre("a=1", "a=2"));
        backlog.drop(front.back().number);
    }
    auto backlog = open();
    EXPECT_THAT(texts(drain(backlog)), ElementsAre("a=4"));
    EXPECT_EQ(files(), 0U);
}

TEST_F(BacklogTest, LosesTheOldestWhenItIsFullAndSaysSo) {
    for (const bool onDisk : {true, false}) {
        auto backlog = *Backlog::open({.folder = onDisk ? folder : "", .maxBytes = Backlog::kMinBytes});
        const std::string text = '"' + std::string(1000, 'x') + '"';
        constexpr int kCount = 3000;
        for (int i = 0; i < kCount; ++i) {
            backlog.add(i % 2 == 0 ? "a" : "b", number(text));
            if (i != 10) continue;
            EXPECT_EQ(backlog.front(1).size(), 1U) << "on its way when it is lost";
        }
        EXPECT_GT(backlog.lost(), 1000U);
        const auto rest = drain(backlog);
        EXPECT_EQ(rest.size() + backlog.lost(), std::size_t{kCount});
        ASSERT_GT(rest.size(), 500U);
        EXPECT_EQ(rest[0].value.status, kOverflow);
        EXPECT_EQ(rest[1].value.status, kOverflow);
        EXPECT_NE(rest[0].id, rest[1].id);
        EXPECT_EQ(rest[2].value.status, StatusCode{}) << "once for each item";
        backlog.add("a", number("1"));
        EXPECT_EQ(drain(backlog)[0].value.status, StatusCode{}) << "that loss is over";
    }
}

TEST_F(BacklogTest, ADropOfWhatIsLostMeanwhileTakesNothingElse) {
    auto backlog = open();
    const std::string text = '"' + std::string(1000, 'x') + '"';
    for (int i = 0; i < 100; ++i) backlog.add("a", number(text));
    const auto sent = backlog.front(50'000);
    for (int i = 0; i < 3000; ++i) backlog.add("a", number(text));
    const auto before = backlog.front(1'000'000'000).size();
    ASSERT_GT(before, 50U);
    backlog.drop(sent.back().number);
    EXPECT_EQ(backlog.front(1'000'000'000).size(), before);
}

TEST_F(BacklogTest, LinesThatAreNoneAreCountedAndWhatFollowsIsMarked) {
    std::filesystem::create_directories(folder);
    std::ofstream(folder / "0000000007.values") << storedLine("a", number("1")) << "\nrubbish\n"
                                                << storedLine("a", number("2")) << "\n"
                                                << storedLine("a", number("3"));  // its end was never written
    std::ofstream(folder / "notes.txt") << "not ours";
    auto backlog = open();
    const auto all = drain(backlog);
    EXPECT_THAT(texts(all), ElementsAre("a=1", "a=2"));
    EXPECT_EQ(all[1].value.status, kOverflow);
    EXPECT_EQ(backlog.lost(), 1U);
    EXPECT_EQ(files(), 1U) << "the other file stays";
}

TEST_F(BacklogTest, AFolderThatCannotBeUsedIsAnError) {
    std::filesystem::create_directories(folder);
    std::ofstream(folder / "file") << "x";
    const auto opened = Backlog::open({.folder = folder / "file", .maxBytes = Backlog::kMinBytes});
    ASSERT_FALSE(opened);
    EXPECT_THAT(opened.error().message, testing::HasSubstr("nothing can be written"));
}

TEST_F(BacklogTest, ADiskThatFailsCostsWhatItShouldHaveTaken) {
    auto backlog = open();
    std::filesystem::remove_all(folder);
    std::ofstream(folder) << "no folder any more";
    const std::string text = '"' + std::string(1000, 'x') + '"';
    for (int i = 0; i < 500; ++i) {
        backlog.add("a", number(text));
        backlog.flush();
    }
    EXPECT_GT(backlog.lost(), 100U);
    const auto rest = drain(backlog);
    EXPECT_EQ(rest.size() + backlog.lost(), 500U);
    EXPECT_EQ(rest.front().value.status, kOverflow);
}

}  // namespace
}  // namespace tagwire::da
