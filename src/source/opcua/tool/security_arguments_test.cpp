#include "source/opcua/tool/security_arguments.h"

#include <initializer_list>

#include <gtest/gtest.h>

namespace tagwire::source::opcua {
namespace {

Result<SecurityOptions> read(std::initializer_list<std::string_view> words) {
    const auto arguments = Arguments::parse({words.begin(), words.size()}, securityArguments());
    if (!arguments) return fail(arguments.error().message);
    return securityOf(*arguments);
}

TEST(SecurityArguments, NothingIsAsSafeAsTheConfiguration) {
    const auto options = read({});
    ASSERT_TRUE(options);
    EXPECT_EQ(options->policy, SecurityPolicyChoice::Auto);
    EXPECT_EQ(options->mode, SecurityModeChoice::SignAndEncrypt);
    EXPECT_TRUE(options->verifyHost);
    EXPECT_FALSE(options->allowPasswordInClear);
    EXPECT_EQ(options->pki, std::filesystem::current_path() / "pki");
}

TEST(SecurityArguments, AreTheOptionsOfTheConfiguration) {
    const auto options =
        read({"--policy", "basic256sha256", "--mode=sign", "--user", "op", "--password-file", "/etc/secret",
              "--pki", "/var/lib/pki", "--no-verify-host", "--allow-password-in-clear"});
    ASSERT_TRUE(options) << options.error().message;
    EXPECT_EQ(options->policy, SecurityPolicyChoice::Basic256Sha256);
    EXPECT_EQ(options->mode, SecurityModeChoice::Sign);
    EXPECT_EQ(options->user, "op");
    EXPECT_EQ(options->passwordFile, "/etc/secret");
    EXPECT_EQ(options->pki, "/var/lib/pki");
    EXPECT_FALSE(options->verifyHost);
    EXPECT_TRUE(options->allowPasswordInClear);
}

TEST(SecurityArguments, WhatIsWrongIsNamed) {
    const auto reason = [](std::initializer_list<std::string_view> words) {
        const auto options = read(words);
        return options ? std::string() : options.error().message;
    };
    EXPECT_NE(reason({"--policy", "tls"}).find("there is no 'tls'; there are auto, none,"),
              std::string::npos);
    EXPECT_NE(reason({"--user", "op"}).find("--password-file is missing"), std::string::npos);
    EXPECT_NE(reason({"--user-certificate", "a.pem"}).find("--user-key is missing"), std::string::npos);
    EXPECT_NE(reason({"--policy", "none", "--mode", "sign"}).find("--mode means nothing"), std::string::npos);
}

}  // namespace
}  // namespace tagwire::source::opcua
