#include "store/tag_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tagwire::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr StatusCode kBadNoCommunication{0x80310000};
constexpr StatusCode kUncertain{0x40000000};
constexpr SourceId kSource{0};

/// A row that shows all of a change: `id=value/status;`.
void encode(std::string& out, TagId tag, const DataValue& value, Timestamp) {
    out += std::to_string(tag.value()) + "=" +
           std::to_string(static_cast<int>(value.value.isNull() ? -1 : value.value.toDouble())) + "/" +
           std::to_string(value.status.code());
}

class TagStoreTest : public testing::Test {
protected:
    SharedTagInfo tag(std::uint32_t id, std::string_view path, SourceId source = kSource) {
        TagInfo info{.id = TagId{id}, .path = *TagPath::parse(path), .source = source};
        return std::make_shared<const TagInfo>(info);
    }
    void declare(std::vector<SharedTagInfo> tags) { store_.apply(TagsDeclared{std::move(tags)}); }
    void value(std::uint32_t id, double number, StatusCode status = {}) {
        store_.apply(
            ValuesArrived{{TagUpdate{TagId{id}, {Value(number), status, fromUnixMillis(1000), {}}}}});
    }
    void backfill(std::uint32_t id, double number) {
        store_.apply(
            ValuesArrived{{TagUpdate{TagId{id}, {Value(number), {}, fromUnixMillis(500), {}}, true}}});
    }
    void state(SourcePhase phase, StatusCode why = {}, SourceId source = kSource) {
        SourceState state;
        state.source = source;
        state.name = "plc";
        state.phase = phase;
        state.why = why;
        store_.apply(SourceStateChanged{state});
    }
    /// The rows published since the last call.
    std::vector<std::string> rows() {
        store_.flush();
        return std::exchange(rows_, {});
    }

    std::vector<std::string> rows_;
    std::vector<std::string> added_;
    std::vector<SourcePhase> phases_;
    std::vector<std::uint64_t> numbers_;
    TagStore store_{encode, [this](const FeedItem& item) {
                        if (const auto* batch = std::get_if<SharedBatch>(&item)) {
                            for (std::size_t i = 0; i < (*batch)->changes().size(); ++i) {
                                rows_.emplace_back((*batch)->row((*batch)->changes()[i]));
                                numbers_.push_back((*batch)->number(i).value());
                            }
                        } else if (const auto* tags = std::get_if<std::shared_ptr<const TagsAdded>>(&item)) {
                            for (const auto& info : (*tags)->tags) added_.push_back(info->path.text());
                        } else if (const auto* s = std::get_if<std::shared_ptr<const SourceState>>(&item)) {
                            phases_.push_back((*s)->phase);
                        }
                    }};
};

TEST_F(TagStoreTest, PublishesChangesNumberedInOrder) {
    declare({tag(0, "A"), tag(1, "B")});
    value(0, 5);
    value(1, 6);
    value(0, 7);
    EXPECT_THAT(rows(), ElementsAre("0=5/0", "1=6/0", "0=7/0"));
    EXPECT_THAT(numbers_, ElementsAre(1U, 2U, 3U));
    EXPECT_THAT(added_, ElementsAre("A", "B"));
}

TEST_F(TagStoreTest, AnEqualValueIsNoChangeButItsTimeIsKept) {
    declare({tag(0, "A")});
    value(0, 5);
    (void)rows();
    value(0, 5);
    EXPECT_THAT(rows(), IsEmpty());
    EXPECT_EQ(store_.unchanged().value(), 1U);
    value(0, 5, kUncertain);
    EXPECT_THAT(rows(), ElementsAre("0=5/1073741824"));
}

TEST_F(TagStoreTest, DeadbandMeasuresFromWhatWasReported) {
    TagInfo info{.id = TagId{0}, .path = *TagPath::parse("A"), .source = kSource};
    info.deadband = {Deadband::Kind::Absolute, 2};
    declare({std::make_shared<const TagInfo>(info)});
    for (const double number : {10.0, 11.0, 12.0, 13.0}) value(0, number);
    EXPECT_THAT(rows(), ElementsAre("0=10/0", "0=13/0")) << "creeping must not hide a change";
}

TEST_F(TagStoreTest, BackfillIsPublishedAndChangesNoLatestValue) {
    declare({tag(0, "A")});
    value(0, 5);
    backfill(0, 7);
    EXPECT_THAT(rows(), ElementsAre("0=5/0", "0=7/0"));
    const auto snapshot = store_.snapshot(0);
    EXPECT_EQ(snapshot->tags.front().value.value, Value(5.0));
    EXPECT_EQ(snapshot->tags.front().number, ChangeNumber{1});
    value(0, 5);
    EXPECT_THAT(rows(), ElementsAre("0=5/0")) << "the record would end with the backfill";
    value(0, 5);
    EXPECT_THAT(rows(), IsEmpty());
}

TEST_F(TagStoreTest, LosingTheSourceTurnsItsTagsBadAndKeepsTheValues) {
    declare({tag(0, "A"), tag(1, "B"), tag(2, "C", SourceId{1})});
    state(SourcePhase::Live);
    value(0, 5);
    value(2, 9);
    (void)rows();
    state(SourcePhase::Backoff, kBadNoCommunication);
    EXPECT_THAT(rows(), ElementsAre("0=5/2150694912", "1=-1/2150694912"))
        << "also the tag that never had a value";
    state(SourcePhase::Connecting, StatusCode{0x800A0000});
    state(SourcePhase::Backoff, StatusCode{0x80050000});
    EXPECT_THAT(rows(), IsEmpty()) << "trying again changes no tag";
    state(SourcePhase::Live);
    value(0, 5);
    EXPECT_THAT(rows(), ElementsAre("0=5/0")) << "the same value is news, because it is good again";
}

TEST_F(TagStoreTest, ASourceThatIsLostWhileItSubscribesLeavesNothingGood) {
    declare({tag(0, "A")});
    state(SourcePhase::Connecting, kBadNoCommunication);
    state(SourcePhase::Subscribing, kBadNoCommunication);
    value(0, 5);
    state(SourcePhase::Subscribing, kBadNoCommunication);
    EXPECT_THAT(rows(), ElementsAre("0=-1/2150694912", "0=5/0"));
    state(SourcePhase::Closing, kBadNoCommunication);
    EXPECT_THAT(rows(), ElementsAre("0=5/2150694912"));
}

TEST_F(TagStoreTest, ASourceThatIsAwayFromTheStartShowsItsTagsBad) {
    declare({tag(0, "A")});
    state(SourcePhase::Connecting, kBadNoCommunication);
    EXPECT_THAT(rows(), ElementsAre("0=-1/2150694912"));
    declare({tag(1, "B")});
    EXPECT_THAT(rows(), ElementsAre("1=-1/2150694912")) << "also a tag that is declared later";
}

TEST_F(TagStoreTest, ASourceThatHasNotBegunHasLostNothing) {
    state(SourcePhase::Idle, kBadNoCommunication);
    declare({tag(0, "A")});
    EXPECT_THAT(rows(), IsEmpty());
    value(0, 5);
    EXPECT_THAT(rows(), ElementsAre("0=5/0"));
}

TEST_F(TagStoreTest, ATagThatIsBadByItselfKeepsItsReason) {
    declare({tag(0, "A")});
    state(SourcePhase::Live);
    value(0, 5, StatusCode{0x808C0000});
    (void)rows();
    state(SourcePhase::Backoff, kBadNoCommunication);
    EXPECT_THAT(rows(), IsEmpty());
}

TEST_F(TagStoreTest, APathBelongsToTheFirstSourceThatDeclaredIt) {
    declare({tag(0, "A")});
    declare({tag(1, "A", SourceId{1})});
    value(1, 66);
    value(0, 5);
    EXPECT_THAT(rows(), ElementsAre("0=5/0"));
    EXPECT_THAT(added_, ElementsAre("A"));
}

TEST_F(TagStoreTest, MetadataMayChangeAndValuesOfUnknownTagsAreIgnored) {
    declare({tag(0, "A")});
    declare({tag(0, "A")});
    value(77, 1);
    EXPECT_THAT(rows(), IsEmpty());
    EXPECT_THAT(added_, ElementsAre("A", "A"));
}

TEST_F(TagStoreTest, SnapshotHoldsWhatWasPublished) {
    declare({tag(0, "A"), tag(1, "B")});
    state(SourcePhase::Live);
    value(0, 5);
    value(0, 6);
    store_.flush();
    const auto snapshot = store_.snapshot(42);
    ASSERT_EQ(snapshot->tags.size(), 2U);
    EXPECT_EQ(snapshot->tags[0].value.value, Value(6.0));
    EXPECT_EQ(snapshot->tags[0].number, ChangeNumber{2});
    EXPECT_EQ(snapshot->tags[1].number, ChangeNumber{0});
    EXPECT_EQ(snapshot->last, ChangeNumber{2});
    EXPECT_EQ(snapshot->skippedChanges, 42U);
    ASSERT_EQ(snapshot->sources.size(), 1U);
    EXPECT_EQ(snapshot->sources[0].phase, SourcePhase::Live);
}

}  // namespace
}  // namespace tagwire::store
