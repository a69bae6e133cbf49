/// What tests of this module share: a sink that remembers, and an agent's connection that is none.
/// Thread: any. Lifetime: within a test.
#pragma once

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/agent_port.h"
#include "model/source_diagnostics.h"
#include "source/source.h"

namespace tagwire::source::opcda {

/// Keeps what the source says, and lets the test wait for it. Thread: any.
class Recorder final : public UpdateSink {
public:
    TagId allocateTag() override { return ids_.next(); }
    void declare(std::vector<SharedTagInfo> tags) override {
        change([&] {
            for (auto& tag : tags) tags_[tag->path.text()] = tag;
        });
    }
    void post(std::vector<TagUpdate> updates) override {
        change([&] {
            for (auto& update : updates) values_[update.tag] = std::move(update.value);
        });
    }
    void changeState(SourceState state) override {
        change([&] { state_ = std::move(state); });
    }

    template <class Condition>
    [[nodiscard]] bool await(Condition condition) {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, std::chrono::seconds(20), condition);
    }
    /// Within await(), or after it where nothing more comes.
    [[nodiscard]] const DataValue* value(const std::string& path) const {
        const auto tag = tags_.find(path);
        const auto found = tag == tags_.end() ? values_.end() : values_.find(tag->second->id);
        return found == values_.end() ? nullptr : &found->second;
    }
    [[nodiscard]] const SourceState& state() const { return state_; }
    [[nodiscard]] const std::map<std::string, SharedTagInfo>& tags() const { return tags_; }

private:
    template <class Change>
    void change(Change change) {
        {
            const std::scoped_lock lock(mutex_);
            change();
        }
        changed_.notify_all();
    }

    TagIdAllocator ids_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::map<std::string, SharedTagInfo> tags_;
    std::map<TagId, DataValue> values_;
    SourceState state_;
};

class FakeLink final : public AgentLink {
public:
    void send(std::string frame) override {
        const std::scoped_lock lock(mutex_);
        sent_.push_back(std::move(frame));
        changed_.notify_all();
    }
    void close(std::string why) override {
        const std::scoped_lock lock(mutex_);
        closed_ = std::move(why);
        changed_.notify_all();
    }
    [[nodiscard]] std::string awaitFrame(std::size_t index) {
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, std::chrono::seconds(20), [&] { return sent_.size() > index; });
        return sent_.size() > index ? sent_[index] : "nothing came";
    }
    [[nodiscard]] std::string awaitClose() {
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, std::chrono::seconds(20), [&] { return !closed_.empty(); });
        return closed_;
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<std::string> sent_;
    std::string closed_;
};

/// -1: there is no such number.
[[nodiscard]] inline double countNamed(const SourceDiagnostics& told, std::string_view name) {
    const auto found = std::ranges::find(told.counts, name, &SourceCount::name);
    return found == told.counts.end() ? -1 : found->value;
}

}  // namespace tagwire::source::opcda
