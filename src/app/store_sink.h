/// Connects a source with its inbox of the store, and keeps its events. When another source takes the place
/// of the first, the tags it declares again keep the ids that the rest of the program knows them by. Thread:
/// the source's, and whoever puts another in its place between the two; events().snapshot() and state() are
/// for any. Lifetime: outlives the source; the store outlives it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/latest.h"
#include "model/source_events.h"
#include "source/source.h"
#include "store/source_inbox.h"

namespace tagwire::app {

/// Whether another source may take the place of the first, which costs memory for each tag.
enum class Succession : std::uint8_t { None, Possible };

class StoreSink final : public source::UpdateSink {
public:
    StoreSink(store::SourceInbox& inbox, TagIdAllocator& ids, Succession succession)
        : inbox_(inbox), ids_(ids), succession_(succession) {}

    [[nodiscard]] TagId allocateTag() override { return ids_.next(); }
    void declare(std::vector<SharedTagInfo> tags) override;
    void post(std::vector<TagUpdate> updates) override;
    void changeState(SourceState state) override {
        state_.set(std::make_shared<const SourceState>(state));
        inbox_.changeState(std::move(state));
    }
    void postEvents(EventBatch batch) override { events_.take(std::move(batch)); }

    /// The source has stopped, and another one follows. Only with Succession::Possible.
    void succeed();

    /// The latest. Thread: any.
    [[nodiscard]] SourceState state() const {
        const auto latest = state_.get();
        return latest ? *latest : SourceState{};
    }
    [[nodiscard]] const SourceEvents& events() const noexcept { return events_; }

private:
    /// Gives tags that were known before their ids back.
    void remember(std::vector<SharedTagInfo>& tags);

    store::SourceInbox& inbox_;
    TagIdAllocator& ids_;
    Succession succession_;
    SourceEvents events_;
    Latest<SourceState> state_;
    /// Of everything declared, the latest, by its id.
    std::unordered_map<TagId, SharedTagInfo> declared_;
    /// Ids by path of the tags that sources before this one declared; empty for the first.
    std::unordered_map<std::string, TagId> known_;
    /// What the present source calls them.
    std::unordered_map<TagId, TagId> aliases_;
};

}  // namespace tagwire::app
