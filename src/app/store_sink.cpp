#include "app/store_sink.h"

#include <memory>

namespace tagwire::app {

void StoreSink::declare(std::vector<SharedTagInfo> tags) {
    if (succession_ == Succession::Possible) remember(tags);
    inbox_.declare(std::move(tags));
}

void StoreSink::remember(std::vector<SharedTagInfo>& tags) {
    for (auto& tag : tags) {
        const auto found = known_.find(std::string(tag->path.text()));
        if (found != known_.end()) {
            aliases_.insert_or_assign(tag->id, found->second);
            auto renamed = std::make_shared<TagInfo>(*tag);
            renamed->id = found->second;
            tag = std::move(renamed);
        }
        declared_.insert_or_assign(tag->id, tag);
    }
}

void StoreSink::post(std::vector<TagUpdate> updates) {
    if (!aliases_.empty()) {
        for (auto& update : updates) {
            if (const auto found = aliases_.find(update.tag); found != aliases_.end())
                update.tag = found->second;
        }
    }
    inbox_.post(std::move(updates));
}

void StoreSink::succeed() {
    aliases_.clear();
    for (const auto& [id, tag] : declared_) known_.insert_or_assign(std::string(tag->path.text()), id);
}

}  // namespace tagwire::app
