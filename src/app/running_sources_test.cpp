#include "app/running_sources.h"

#include <thread>

#include <gtest/gtest.h>

namespace tagwire::app {
namespace {

constexpr std::string_view kName = "plc";

void encodeNothing(std::string& out, TagId, const DataValue&, Timestamp) { out += "[]"; }

/// Knows its tag before it is started, as sources with configured tags do.
class DeclaringSource final : public source::Source {
public:
    DeclaringSource(SourceId id, source::UpdateSink& sink) : id_(id), sink_(sink) {
        TagInfo info{.id = sink.allocateTag(), .path = *TagPath::parse("Line1.Speed"), .source = id};
        sink.declare({std::make_shared<const TagInfo>(std::move(info))});
    }

    [[nodiscard]] std::string_view name() const noexcept override { return kName; }
    void start() override {
        SourceState state;
        state.source = id_;
        state.name = kName;
        state.kind = "simulator";
        state.phase = SourcePhase::Live;
        sink_.changeState(std::move(state));
    }
    void stop() noexcept override {}

private:
    SourceId id_;
    source::UpdateSink& sink_;
};

/// What a reader of the feed learns of sources and tags, in turn.
class Learned {
public:
    void take(const FeedItem& item) {
        if (const auto* state = std::get_if<std::shared_ptr<const SourceState>>(&item)) {
            learn(**state);
        } else if (const auto* added = std::get_if<std::shared_ptr<const TagsAdded>>(&item)) {
            for (const auto& tag : (*added)->tags) learn(*tag);
        } else if (const auto* snapshot = std::get_if<std::shared_ptr<const StoreSnapshot>>(&item)) {
            for (const auto& each : (*snapshot)->sources) learn(each);
            for (const auto& tag : (*snapshot)->tags) learn(*tag.info);
        }
    }

    [[nodiscard]] bool tag() const noexcept { return tag_; }
    [[nodiscard]] bool live() const noexcept { return live_; }

private:
    void learn(const SourceState& state) {
        EXPECT_EQ(state.name, kName);
        EXPECT_FALSE(state.kind.empty());
        introduced_ = true;
        live_ = live_ || state.phase == SourcePhase::Live;
    }
    void learn(const TagInfo& tag) {
        EXPECT_TRUE(introduced_) << tag.path.text() << " came before its source";
        tag_ = true;
    }

    bool introduced_ = false;
    bool tag_ = false;
    bool live_ = false;
};

class RunningSourcesTest : public testing::Test {
protected:
    RunningSourcesTest() { store_.addReader(reader_); }

    void add() {
        sources_.add(
            std::string(kName), "simulator",
            [](SourceId id, source::UpdateSink& sink) { return std::make_unique<DeclaringSource>(id, sink); },
            Succession::None);
    }
    template <class Done>
    void readUntil(Done done) {
        while (!done()) {
            std::vector<FeedItem> items;
            if (!reader_.drain(items, 1000)) std::this_thread::yield();
            for (const auto& item : items) learned_.take(item);
        }
    }

    store::StoreThread store_{encodeNothing};
    FeedSubscriber reader_{[] {}};
    ProgramMetrics metrics_{store_};
    SourceEventsReader events_;
    RunningSources sources_{store_, metrics_, events_};
    Learned learned_;
};

TEST_F(RunningSourcesTest, ReadersHearOfASourceBeforeItsTagsAtTheStart) {
    add();
    store_.start();
    readUntil([&] { return learned_.tag(); });
    EXPECT_FALSE(learned_.live());
    sources_.start();
    readUntil([&] { return learned_.live(); });
    sources_.stop();
    store_.stop();
}

TEST_F(RunningSourcesTest, ReadersHearOfASourceBeforeItsTagsWhereItIsAddedLater) {
    store_.start();
    sources_.start();
    add();
    readUntil([&] { return learned_.tag() && learned_.live(); });
    sources_.stop();
    store_.stop();
}

}  // namespace
}  // namespace tagwire::app
