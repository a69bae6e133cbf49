#include "app/console.h"

#include <array>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tagwire::app {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::array<std::string_view, 1> kOptions{"--config"};

TEST(ConsoleWordsTest, OptionsStandAnywhereBeforeTheDashes) {
    const std::array<std::string_view, 5> words{"--config", "t.toml", "one", "--", "-two"};
    const auto read = consoleWords(words, kOptions, "token");
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_THAT(read->names, ElementsAre("one", "-two"));
    EXPECT_EQ(*read->option("--config"), "t.toml");
}

TEST(ConsoleWordsTest, SaysHowANameIsWrittenThatLooksLikeAnOption) {
    const std::array<std::string_view, 1> words{"-id"};
    const auto read = consoleWords(words, kOptions, "token");
    ASSERT_FALSE(read);
    EXPECT_THAT(read.error().message, HasSubstr("'-id' is unknown; tagwire token --help"));
    EXPECT_THAT(read.error().message, HasSubstr("come after --"));
}

TEST(ConsoleWordsTest, AnOptionNeedsItsValue) {
    const std::array<std::string_view, 1> words{"--config"};
    const auto read = consoleWords(words, kOptions, "token");
    ASSERT_FALSE(read);
    EXPECT_THAT(read.error().message, HasSubstr("--config needs a value after it"));
}

}  // namespace
}  // namespace tagwire::app
