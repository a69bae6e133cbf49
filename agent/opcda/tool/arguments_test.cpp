#include "tool/arguments.h"

#include <gtest/gtest.h>

namespace tagwire::da {
namespace {

TEST(Arguments, ReadsServerItemsAndOptionsInAnyOrder) {
    const auto arguments =
        parseArguments({"watch", "--rate", "500", "S.1", "a", "--json", "b c", "--deadband", "2.5"});
    ASSERT_TRUE(arguments);
    EXPECT_EQ(arguments->command, "watch");
    EXPECT_EQ(arguments->server, "S.1");
    EXPECT_EQ(arguments->words, (std::vector<std::string>{"a", "b c"}));
    EXPECT_EQ(arguments->rateMs, 500U);
    EXPECT_FLOAT_EQ(arguments->deadband, 2.5F);
    EXPECT_TRUE(arguments->json);
    EXPECT_FALSE(arguments->cache);
}

TEST(Arguments, TakesNoOptionAfterTwoDashes) {
    const auto arguments = parseArguments({"write", "--", "S.1", "a", "--json"});
    ASSERT_TRUE(arguments);
    EXPECT_EQ(arguments->words, (std::vector<std::string>{"a", "--json"}));
    EXPECT_FALSE(arguments->json);
    EXPECT_TRUE(parseArguments({"write", "S.1", "a", "-5"})) << "one dash is no option";
}

TEST(Arguments, OfTheBridge) {
    const auto arguments = parseArguments({"bridge", "wss://gateway:5000", "--token-file", "C:\\token"});
    ASSERT_TRUE(arguments);
    EXPECT_EQ(arguments->server, "wss://gateway:5000");
    EXPECT_EQ(arguments->tokenFile, "C:\\token");
    EXPECT_FALSE(arguments->allowPlain);
    EXPECT_EQ(arguments->keepFolder, "");
    EXPECT_EQ(arguments->keepMegabytes, 64U);
    const auto keeps = parseArguments(
        {"install", "wss://gateway", "--token-file", "t", "--keep", "C:\\values", "--keep-mb", "500"});
    ASSERT_TRUE(keeps);
    EXPECT_EQ(keeps->keepFolder, "C:\\values");
    EXPECT_EQ(keeps->keepMegabytes, 500U);
    EXPECT_FALSE(parseArguments({"bridge", "wss://gateway", "--token-file", "t", "--keep"}));
    EXPECT_FALSE(parseArguments({"bridge", "wss://gateway:5000"}));
    EXPECT_FALSE(parseArguments({"bridge", "--token-file", "x"}));
    EXPECT_FALSE(parseArguments({"bridge", "wss://gateway", "--token-file"}));
}

TEST(Arguments, SayWhatIsMissingOrWrong) {
    const auto message = [](const std::vector<std::string>& words) {
        return parseArguments(words).error().message;
    };
    EXPECT_EQ(message({}), "a command is needed");
    EXPECT_EQ(message({"fly"}), "no command fly");
    EXPECT_EQ(message({"read"}), "read needs a server; `tagwire-da-agent servers` lists them");
    EXPECT_EQ(message({"read", "S.1"}), "read needs an item");
    EXPECT_EQ(message({"watch", "S.1", "a", "--rate"}), "--rate needs a number");
    EXPECT_EQ(message({"watch", "S.1", "a", "--rate", "-1"}),
              "--rate needs a number from 0 to 86400000, not \"-1\"");
    EXPECT_FALSE(parseArguments({"watch", "S.1", "a", "--deadband", "101"}));
    EXPECT_FALSE(parseArguments({"watch", "S.1", "a", "--deadband", "nan"}));
    EXPECT_EQ(message({"info", "S.1", "--frob"}), "no option --frob");
}

TEST(Arguments, ABridgeMayTrustOneCertificate) {
    const auto words =
        parseArguments({"bridge", "wss://g", "--token-file", "t", "--gateway-sha256", "AB:CD"});
    ASSERT_TRUE(words) << words.error().message;
    EXPECT_EQ(words->gatewaySha256, "AB:CD");
    EXPECT_FALSE(parseArguments({"bridge", "wss://g", "--token-file", "t", "--gateway-sha256"}));
}

}  // namespace
}  // namespace tagwire::da
