#include "app/secret_files.h"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/folder_testing.h"

namespace tagwire::app {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class OpenSecrets : public testing::Test {
protected:
    OpenSecrets() {
        fs::permissions(folder_.path(), fs::perms{0755});
        configuration_.folder = folder_.path();
    }

    fs::path make(const fs::path& name, unsigned mode = 0644) {
        auto file = folder_.path() / name;
        fs::create_directories(file.parent_path());
        std::ofstream(file) << "secret";
        fs::permissions(file, fs::perms{mode});
        return file;
    }

    TestFolder folder_;
    config::Configuration configuration_;
};

TEST_F(OpenSecrets, TheConfigurationIsOneOnlyWhereItHoldsAPassword) {
    const auto file = make("tagwire.toml");
    configuration_.opcua.emplace_back();
    EXPECT_THAT(openSecrets(configuration_, file), IsEmpty());
    configuration_.security.oidc.clientSecret = "secret";
    EXPECT_THAT(openSecrets(configuration_, file), testing::SizeIs(1));
    configuration_.security.oidc.clientSecret.clear();
    configuration_.opcua[0].security.password = "secret";
    EXPECT_THAT(
        openSecrets(configuration_, file),
        ElementsAre(AllOf(HasSubstr(file.string()), HasSubstr("holds a password"), HasSubstr("chmod go="))));
    fs::permissions(file, fs::perms{0600});
    EXPECT_THAT(openSecrets(configuration_, file), IsEmpty());
}

TEST_F(OpenSecrets, AFolderOfConfigurationsIsLookedThrough) {
    make("one.toml");
    make("server.pem");
    make("sources.d/notes.txt");
    make("sources.d/added.toml");
    make("sources.d/private.toml", 0600);
    configuration_.opcua.emplace_back().security.password = "secret";
    EXPECT_THAT(openSecrets(configuration_, folder_.path()),
                testing::UnorderedElementsAre(AllOf(HasSubstr("one.toml"), HasSubstr("the configuration")),
                                              HasSubstr("added.toml")));
}

TEST_F(OpenSecrets, KeysAndPasswordFilesAreFound) {
    make("plc.password");
    make("pki/own/private/tagwire.pem");
    make("pki/own/private/good.pem", 0600);
    make("user.key");
    make("db.password");
    make("oidc.secret");
    auto& security = configuration_.opcua.emplace_back().security;
    security.passwordFile = "plc.password";
    security.userKey = "user.key";
    configuration_.postgresql.passwordFile = "db.password";
    configuration_.security.oidc.clientSecretFile = "oidc.secret";
    EXPECT_THAT(openSecrets(configuration_, std::nullopt),
                testing::UnorderedElementsAre(HasSubstr("plc.password"), HasSubstr("tagwire.pem"),
                                              HasSubstr("user.key"), HasSubstr("db.password"),
                                              HasSubstr("oidc.secret")));
}

TEST_F(OpenSecrets, WhatLiesInAClosedFolderIsNotOpen) {
    make("plc.password");
    configuration_.opcua.emplace_back().security.passwordFile = "plc.password";
    fs::permissions(folder_.path(), fs::perms{0700});
    EXPECT_THAT(openSecrets(configuration_, std::nullopt), IsEmpty());
}

}  // namespace
}  // namespace tagwire::app
