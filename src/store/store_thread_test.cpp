#include "store/store_thread.h"

#include <algorithm>
#include <map>
#include <thread>

#include <gtest/gtest.h>

namespace tagwire::store {
namespace {

void encodeNothing(std::string& out, TagId, const DataValue&, Timestamp) { out += "[]"; }

SharedTagInfo tag(std::uint32_t id, SourceId source) {
    TagInfo info{.id = TagId{id}, .path = *TagPath::parse("T" + std::to_string(id)), .source = source};
    return std::make_shared<const TagInfo>(info);
}

TagUpdate update(std::uint32_t id, double number) { return {TagId{id}, {Value(number), {}, {}, {}}}; }

TEST(SourceInbox, AFullOneKeepsTheLatestOfEachTagAndMarksWhatWasSkipped) {
    Doorbell bell;
    SourceInbox inbox(bell, 3);
    inbox.post({update(0, 1), update(1, 10)});
    inbox.post({update(0, 2)});
    inbox.post({update(0, 3)});  // the fourth value: conflates
    std::vector<SourceMessage> messages;
    ASSERT_TRUE(inbox.drain(messages, 100));
    ASSERT_EQ(messages.size(), 1U);
    const auto& values = std::get<ValuesArrived>(messages[0]).updates;
    ASSERT_EQ(values.size(), 2U);
    EXPECT_EQ(values[0].tag, TagId{1});
    EXPECT_FALSE(values[0].value.status.hasOverflow());
    EXPECT_EQ(values[1].value.value, Value(3.0));
    EXPECT_TRUE(values[1].value.status.hasOverflow());
    EXPECT_EQ(inbox.skipped().value(), 2U);
    EXPECT_EQ(inbox.received().value(), 4U);
}

TEST(SourceInbox, BackfillNeverTakesThePlaceOfWhatATagIsNow) {
    Doorbell bell;
    SourceInbox inbox(bell, 3);
    auto past = update(0, 1);
    past.backfill = true;
    auto onlyPast = update(1, 8);
    onlyPast.backfill = true;
    inbox.post({update(0, 2), past, onlyPast});
    onlyPast.value.value = Value(9.0);
    inbox.post({onlyPast});
    std::vector<SourceMessage> messages;
    ASSERT_TRUE(inbox.drain(messages, 100));
    ASSERT_EQ(messages.size(), 1U);
    const auto& updates = std::get<ValuesArrived>(messages[0]).updates;
    ASSERT_EQ(updates.size(), 2U);
    EXPECT_EQ(updates[0].value.value, Value(2.0));
    EXPECT_FALSE(updates[0].backfill);
    EXPECT_EQ(updates[1].value.value, Value(9.0));
    EXPECT_TRUE(updates[1].backfill);
}

TEST(SourceInbox, ConflatesNeverAcrossAChangeOfState) {
    Doorbell bell;
    SourceInbox inbox(bell, 1);
    inbox.post({update(0, 1)});
    inbox.changeState({});
    inbox.post({update(0, 2)});
    std::vector<SourceMessage> messages;
    inbox.drain(messages, 100);
    ASSERT_EQ(messages.size(), 3U);
    EXPECT_EQ(std::get<ValuesArrived>(messages[0]).updates[0].value.value, Value(1.0));
    EXPECT_EQ(std::get<ValuesArrived>(messages[2]).updates[0].value.value, Value(2.0));
}

/// Two sources flood; a reader with a small mailbox must still end with the final value of every tag.
TEST(StoreThread, EveryReaderEndsWithTheFinalValues) {
    constexpr std::uint32_t kTagsEach = 100;
    constexpr std::uint64_t kTags = 2 * std::uint64_t{kTagsEach};
    constexpr int kRounds = 300;
    StoreThread store(encodeNothing);
    FeedSubscriber reader([] {}, 500);
    store.addReader(reader);
    auto& first = store.addSource();
    auto& second = store.addSource();
    store.start();
    const auto flood = [&](SourceInbox& inbox, SourceId source) {
        std::vector<SharedTagInfo> tags;
        tags.reserve(kTagsEach);
        for (std::uint32_t i = 0; i < kTagsEach; ++i)
            tags.push_back(tag(source.value() * kTagsEach + i, source));
        inbox.declare(tags);
        for (int round = 1; round <= kRounds; ++round) {
            std::vector<TagUpdate> updates;
            updates.reserve(tags.size());
            for (const auto& info : tags) updates.push_back(update(info->id.value(), round));
            inbox.post(std::move(updates));
        }
    };
    std::map<TagId, double> seen;
    std::uint64_t told = 0;
    const auto complete = [&] {
        return seen.size() == kTags &&
               std::ranges::all_of(seen, [](const auto& each) { return each.second == kRounds; });
    };
    std::jthread consumer([&] {
        std::vector<FeedItem> items;
        const auto deadline = SteadyClock::now() + std::chrono::seconds(30);
        while (!complete() && SteadyClock::now() < deadline) {
            items.clear();
            while (reader.drain(items, 100)) {
                for (const auto& item : items) {
                    if (const auto* batch = std::get_if<SharedBatch>(&item)) {
                        for (const auto& change : (*batch)->changes())
                            seen[change.tag] = change.value.value.toDouble();
                    } else if (const auto* snapshot =
                                   std::get_if<std::shared_ptr<const StoreSnapshot>>(&item)) {
                        told += (*snapshot)->skippedChanges;
                        for (const auto& each : (*snapshot)->tags)
                            seen[each.info->id] = each.value.value.toDouble();
                    }
                }
                items.clear();
            }
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
    });
    {
        std::jthread a([&] { flood(first, SourceId{0}); });
        std::jthread b([&] { flood(second, SourceId{1}); });
    }
    consumer.join();
    store.stop();
    ASSERT_EQ(seen.size(), kTags);
    for (const auto& [id, value] : seen) EXPECT_EQ(value, kRounds) << id.value();
    EXPECT_EQ(told, reader.skipped().value());
}

}  // namespace
}  // namespace tagwire::store
