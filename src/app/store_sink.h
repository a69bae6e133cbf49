/// Connects a source with its inbox of the store.
/// Thread: the source's. Lifetime: outlives the source; the store outlives it.
#pragma once

#include <utility>
#include <vector>

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

private:
    store::SourceInbox& inbox_;
    TagIdAllocator& ids_;
};

}  // namespace tagwire::app
