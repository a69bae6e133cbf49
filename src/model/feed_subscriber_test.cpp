#include "model/feed_subscriber.h"

#include <gtest/gtest.h>

namespace tagwire {
namespace {

SharedBatch batch(std::uint64_t first, int changes) {
    auto made = std::make_shared<ChangeBatch>(
        ChangeNumber{first}, Timestamp{},
        [](std::string& out, TagId, const DataValue&, Timestamp) { out += "[]"; });
    for (int i = 0; i < changes; ++i) made->push(TagId{0}, {});
    return made;
}

struct Reader {
    int woken = 0;
    std::vector<std::uint64_t> snapshots;  ///< skipped changes of each snapshot made
    FeedSubscriber feed{[this] { ++woken; }, 10};

    void catchUp() {
        feed.catchUp([this](std::uint64_t skipped) {
            snapshots.push_back(skipped);
            auto made = std::make_shared<StoreSnapshot>();
            made->skippedChanges = skipped;
            return made;
        });
    }
    std::vector<FeedItem> drain() {
        std::vector<FeedItem> items;
        feed.drain(items, 1000);
        return items;
    }
};

TEST(FeedSubscriber, BeginsWithASnapshot) {
    Reader reader;
    reader.feed.offer(batch(1, 3));
    EXPECT_TRUE(reader.drain().empty());
    reader.catchUp();
    const auto items = reader.drain();
    ASSERT_EQ(items.size(), 1U);
    EXPECT_TRUE(std::holds_alternative<std::shared_ptr<const StoreSnapshot>>(items[0]));
}

TEST(FeedSubscriber, AReaderThatFellBehindGetsOneSnapshotAndIsToldWhatItMissed) {
    Reader reader;
    reader.catchUp();
    (void)reader.drain();
    reader.feed.offer(batch(1, 8));
    reader.feed.offer(batch(9, 8));   // does not fit
    reader.feed.offer(batch(17, 1));  // would fit, but order and completeness come first
    reader.catchUp();
    EXPECT_EQ(reader.snapshots.size(), 1U) << "no room for a snapshot yet";
    auto items = reader.drain();
    ASSERT_EQ(items.size(), 1U);
    reader.catchUp();
    items = reader.drain();
    ASSERT_EQ(items.size(), 1U);
    EXPECT_EQ(std::get<std::shared_ptr<const StoreSnapshot>>(items[0])->skippedChanges, 9U);
    EXPECT_EQ(reader.feed.skipped().value(), 9U);
    EXPECT_EQ(reader.feed.fellBehind().value(), 1U);
    reader.feed.offer(batch(18, 1));
    EXPECT_EQ(reader.drain().size(), 1U) << "live again";
}

}  // namespace
}  // namespace tagwire
