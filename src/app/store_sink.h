/// Connects a source with its inbox of the store, and keeps its events.
/// Thread: the source's; events().snapshot() is for any. Lifetime: outlives the source; the store outlives
/// it.
#pragma once

#include <utility>
#include <vector>

#include "model/source_events.h"
#include "source/source.h"
#include "store/source_inbox.h"

namespace tagwire::app {

class StoreSink final : public source::UpdateSink {
public:
    StoreSink(store::SourceInbox& inbox, TagIdAllocator& ids) : inbox_(inbox), ids_(ids) {}

    [[nodiscard]] TagId allocateTag() override { return ids_.next(); }
    void declare(std::vector<SharedTagInfo> tags) override { inbox_.declare(std::move(tags)); }
    void post(std::vector<TagUpdate> updates) override { inbox_.post(std::move(updates)); }
    void changeState(SourceState state) override { inbox_.changeState(std::move(state)); }
    void postEvents(EventBatch batch) override { events_.take(std::move(batch)); }

    [[nodiscard]] const SourceEvents& events() const noexcept { return events_; }

private:
    store::SourceInbox& inbox_;
    TagIdAllocator& ids_;
    SourceEvents events_;
};

}  // namespace tagwire::app
