#include "base/file_permissions.h"

#include <fstream>

#include <gtest/gtest.h>

#include "base/folder_testing.h"

namespace tagwire {
namespace {

namespace fs = std::filesystem;

TEST(OpenToOthers, TakesTheFileAndAllFoldersAboveIt) {
    const TestFolder folder;
    const auto inner = folder.path() / "inner";
    const auto file = inner / "secret";
    fs::create_directory(inner);
    std::ofstream(file) << "secret";
    fs::permissions(folder.path(), fs::perms{0755});
    fs::permissions(inner, fs::perms{0711});
    fs::permissions(file, fs::perms{0644});
    EXPECT_TRUE(openToOthers(file));
    fs::permissions(file, fs::perms{0602});
    EXPECT_TRUE(openToOthers(file));
    fs::permissions(file, fs::perms{0640});
    EXPECT_FALSE(openToOthers(file)) << "a group is somebody's decision";
    fs::permissions(file, fs::perms{0644});
    fs::permissions(inner, fs::perms{0700});
    EXPECT_FALSE(openToOthers(file));
    fs::permissions(inner, fs::perms{0755});
    fs::permissions(folder.path(), fs::perms{0700});
    EXPECT_FALSE(openToOthers(file));
}

TEST(OpenToOthers, FollowsLinks) {
    const TestFolder folder;
    fs::permissions(folder.path(), fs::perms{0755});
    const auto file = folder.path() / "secret";
    const auto link = folder.path() / "link";
    std::ofstream(file) << "secret";
    fs::create_symlink(file, link);
    fs::permissions(file, fs::perms{0600});
    EXPECT_FALSE(openToOthers(link));
    fs::permissions(file, fs::perms{0604});
    EXPECT_TRUE(openToOthers(link));
    EXPECT_FALSE(openToOthers(folder.path() / "nothing"));
}

}  // namespace
}  // namespace tagwire
