#include "history/verify.h"

#include <gtest/gtest.h>

#include "base/folder_testing.h"
#include "history/samples_testing.h"
#include "history/storage_testing.h"

namespace tagwire::history {
namespace {

TEST(Verify, CountsWhatIsThereAndNamesADamagedChunk) {
    TestFolder folder;
    {
        auto now = kTestStart;
        Storage storage(folder.path(), {});
        ASSERT_TRUE(storage.open(now));
        for (const auto& sample : plantSamples(2048))
            ASSERT_TRUE(storage.append(storage.seriesOf(path("Line.A")), sample));
        ASSERT_TRUE(storage.commit(now));
        now += std::chrono::seconds{10};
        while (storage.maintain(now)) {
        }
    }
    const auto good = verify(folder.path());
    ASSERT_TRUE(good) << good.error().message;
    EXPECT_TRUE(good->problems.empty());
    EXPECT_EQ(good->chunks, 2U);
    EXPECT_EQ(good->samples, 2048U);
    EXPECT_EQ(good->journalSamples, 2048U);
    {
        auto database = Database::open(folder.path() / kArchiveFile, Database::Access::ReadWrite);
        ASSERT_TRUE(database);
        ASSERT_TRUE(
            database->run("UPDATE chunk SET data=replace(data, substr(data, 100, 1), x'00') WHERE id=2"));
    }
    const auto bad = verify(folder.path());
    ASSERT_TRUE(bad);
    ASSERT_EQ(bad->problems.size(), 1U);
    EXPECT_NE(bad->problems[0].find("chunk 2 of 'Line.A'"), std::string::npos) << bad->problems[0];
}

TEST(Verify, SaysThatThereIsNothing) {
    TestFolder folder;
    EXPECT_FALSE(verify(folder.path()));
}

}  // namespace
}  // namespace tagwire::history
