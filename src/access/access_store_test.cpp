#include "access/access_store.h"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "access/access_testing.h"
#include "access/anonymous.h"
#include "model/generated/status_codes.h"

namespace tagwire::access {
namespace {

using testing::HasSubstr;

/// With the administrator `root`; then the service is stopped, `damage` done, and it is started again.
class BrokenStoreTest : public testing::Test {
protected:
    void restartAfter(const std::function<void()>& damage) {
        ASSERT_TRUE(fixture_.setUp());
        fixture_.close();
        damage();
        fixture_.restart();
    }
    void run(const char* sql) {
        auto database = sqlite::Database::open(fixture_.file(), sqlite::Database::Access::ReadWrite);
        ASSERT_TRUE(database);
        const auto done = database->run(sql);
        ASSERT_TRUE(done) << done.error().message;
    }
    void expectLocked(const std::string& why) {
        EXPECT_THAT(fixture_.service().problem(), HasSubstr(why));
        EXPECT_THAT(fixture_.service().problem(), HasSubstr(fixture_.file().string()));
        EXPECT_TRUE(fixture_.service().hasUsers()) << "or whoever is local would be an engineer";
        EXPECT_EQ(somebodyUnknown({}, true, fixture_.service().hasUsers()).role, Role::Viewer);
        EXPECT_EQ(fixture_.service().setUpSecret(), "");
        const auto login = fixture_.login("root");
        ASSERT_FALSE(login);
        EXPECT_EQ(login.error().status, kBadInternalError);
        EXPECT_THAT(login.error().message, HasSubstr(why));
        EXPECT_FALSE(fixture_.setUp("mallory"));
    }
    [[nodiscard]] int copies() const {
        int count = 0;
        for (const auto& each : std::filesystem::directory_iterator(fixture_.file().parent_path()))
            count += each.path().string().find(".damaged-") != std::string::npos ? 1 : 0;
        return count;
    }

    AccessFixture fixture_;
};

TEST_F(BrokenStoreTest, WhatIsNoDatabaseLocksAndIsKept) {
    restartAfter([&] { std::ofstream(fixture_.file(), std::ios::binary) << "this is no database at all"; });
    expectLocked("damaged");
    EXPECT_EQ(copies(), 1);
    fixture_.restart();
    EXPECT_EQ(copies(), 1) << "the same one";
    EXPECT_GT(std::filesystem::file_size(fixture_.file()), 0U);
}

TEST_F(BrokenStoreTest, GarbledPagesAreNoticed) {
    restartAfter([&] {
        std::fstream file(fixture_.file(), std::ios::binary | std::ios::in | std::ios::out);
        file.seekp(4096);
        file << std::string(std::size_t{4096} * 3, '\xA5');
    });
    expectLocked("damaged");
}

TEST_F(BrokenStoreTest, ANewerFormatIsNotTouched) {
    restartAfter([&] { run("PRAGMA user_version=2"); });
    expectLocked("version 2, this program knows version 1");
    EXPECT_EQ(copies(), 0);
}

TEST_F(BrokenStoreTest, AnotherProgramsDatabaseIsNotUsed) {
    restartAfter([&] { run("PRAGMA application_id=7"); });
    expectLocked("no users of Tagwire");
}

TEST_F(BrokenStoreTest, RowsThatCannotBeRightAreNamed) {
    restartAfter([&] { run("UPDATE user SET role='emperor'"); });
    expectLocked("of the user 'root' it says: 'emperor' is no role");
}

TEST_F(BrokenStoreTest, PatternsThatCannotBeRightAreNamed) {
    restartAfter([&] { run("UPDATE user SET read='A..B'"); });
    expectLocked("'A..B'");
}

TEST_F(BrokenStoreTest, HashesThatCannotBeRightAreNamed) {
    restartAfter([&] { run("UPDATE session SET hash=x'00'"); });
    expectLocked("has 1 bytes");
}

TEST_F(BrokenStoreTest, FilesAreClosedToOthersAndOpenOnesClosed) {
    const auto mode = [](const std::filesystem::path& path) {
        struct stat status{};
        EXPECT_EQ(::stat(path.c_str(), &status), 0) << path;
        return status.st_mode & 0777U;
    };
    restartAfter([&] {
        ::chmod(fixture_.file().c_str(), 0644);
        ::chmod(fixture_.file().parent_path().c_str(), 0755);
    });
    EXPECT_EQ(fixture_.service().problem(), "");
    EXPECT_EQ(mode(fixture_.file()), 0600U);
    EXPECT_EQ(mode(fixture_.file().parent_path()), 0700U);
    ASSERT_TRUE(fixture_.login("root"));
    EXPECT_EQ(mode(fixture_.file().string() + "-wal"), 0600U);
}

TEST(AnonymousTest, RolesOfWhoeverIsUnknown) {
    const auto roleOf = [](AnonymousLocal local, AnonymousRemote remote, bool isLocal, bool hasUsers) {
        AccessOptions options;
        options.anonymousLocal = local;
        options.anonymousRemote = remote;
        const auto principal = somebodyUnknown(options, isLocal, hasUsers);
        EXPECT_EQ(principal.kind, PrincipalKind::Anonymous);
        return principal.role;
    };
    EXPECT_EQ(roleOf(AnonymousLocal::Auto, AnonymousRemote::None, true, false), Role::Engineer);
    EXPECT_EQ(roleOf(AnonymousLocal::Auto, AnonymousRemote::None, true, true), Role::Viewer);
    EXPECT_EQ(roleOf(AnonymousLocal::None, AnonymousRemote::Viewer, true, false), std::nullopt);
    EXPECT_EQ(roleOf(AnonymousLocal::Viewer, AnonymousRemote::None, true, false), Role::Viewer);
    EXPECT_EQ(roleOf(AnonymousLocal::Operator, AnonymousRemote::None, true, true), Role::Operator);
    EXPECT_EQ(roleOf(AnonymousLocal::Engineer, AnonymousRemote::None, true, true), Role::Engineer);
    EXPECT_EQ(roleOf(AnonymousLocal::Engineer, AnonymousRemote::None, false, false), std::nullopt);
    EXPECT_EQ(roleOf(AnonymousLocal::None, AnonymousRemote::Viewer, false, true), Role::Viewer);
}

}  // namespace
}  // namespace tagwire::access
