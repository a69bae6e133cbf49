/// A sink that keeps what a source says, for tests to wait for.
/// Thread: any. Lifetime: outlives the source.
#pragma once

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "model/source_events.h"
#include "source/source.h"

namespace tagwire::source::opcua {

class RecordingSink final : public UpdateSink {
public:
    TagId allocateTag() override { return ids_.next(); }

    void declare(std::vector<SharedTagInfo> tags) override {
        const std::scoped_lock lock(mutex_);
        for (auto& tag : tags) infos_[tag->path.text()] = tag;
        changed_.notify_all();
    }

    void post(std::vector<TagUpdate> updates) override {
        const std::scoped_lock lock(mutex_);
        ++posts_;
        for (auto& update : updates) {
            ++updates_;
            if (recorded_ && *recorded_ == update.tag) history_.push_back(update.value);
            latest_[update.tag] = std::move(update.value);
        }
        changed_.notify_all();
    }

    void changeState(SourceState state) override {
        const std::scoped_lock lock(mutex_);
        states_.push_back(std::move(state));
        changed_.notify_all();
    }

    void postEvents(EventBatch batch) override {
        const std::scoped_lock lock(mutex_);
        events_.take(std::move(batch));
        changed_.notify_all();
    }
    [[nodiscard]] std::shared_ptr<const SourceEventsSnapshot> events() const { return events_.snapshot(); }

    /// Waits until `holds()`, which may use everything below.
    template <class Predicate>
    [[nodiscard]] bool await(std::chrono::milliseconds limit, Predicate holds) {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, limit, [&] { return holds(); });
    }

    [[nodiscard]] bool awaitPhase(SourcePhase phase, std::chrono::milliseconds limit) {
        return await(limit, [&] { return !states_.empty() && states_.back().phase == phase; });
    }

    [[nodiscard]] bool awaitNumber(const std::string& path, double number, std::chrono::milliseconds limit) {
        return await(limit, [&] {
            const DataValue* value = latest(path);
            return value != nullptr && value->status.isGood() && value->value.toDouble() == number;
        });
    }

    /// Null before the first value.
    [[nodiscard]] const DataValue* latest(const std::string& path) const {
        const auto info = infos_.find(path);
        if (info == infos_.end()) return nullptr;
        const auto value = latest_.find(info->second->id);
        return value == latest_.end() ? nullptr : &value->second;
    }

    [[nodiscard]] SharedTagInfo info(const std::string& path) const {
        const std::scoped_lock lock(mutex_);
        return infoUnlocked(path);
    }
    /// For await().
    [[nodiscard]] SharedTagInfo infoUnlocked(const std::string& path) const {
        const auto found = infos_.find(path);
        return found == infos_.end() ? nullptr : found->second;
    }

    /// From now on all updates of this tag are kept for history().
    void record(const std::string& path) {
        const std::scoped_lock lock(mutex_);
        recorded_ = infos_.at(path)->id;
        history_.clear();
    }
    [[nodiscard]] std::vector<DataValue> history() const {
        const std::scoped_lock lock(mutex_);
        return history_;
    }

    [[nodiscard]] std::vector<SourceState> states() const {
        const std::scoped_lock lock(mutex_);
        return states_;
    }
    [[nodiscard]] SourceState state() const { return states().back(); }
    [[nodiscard]] std::size_t posts() const {
        const std::scoped_lock lock(mutex_);
        return posts_;
    }
    [[nodiscard]] std::size_t updates() const {
        const std::scoped_lock lock(mutex_);
        return updates_;
    }
    /// Of tags with a Good value.
    [[nodiscard]] std::size_t goodUnlocked() const {
        return static_cast<std::size_t>(std::count_if(
            latest_.begin(), latest_.end(), [](const auto& entry) { return entry.second.status.isGood(); }));
    }
    [[nodiscard]] const std::vector<SourceState>& statesUnlocked() const { return states_; }

private:
    TagIdAllocator ids_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::map<std::string, SharedTagInfo> infos_;
    std::map<TagId, DataValue> latest_;
    std::vector<SourceState> states_;
    SourceEvents events_;
    std::optional<TagId> recorded_;
    std::vector<DataValue> history_;
    std::size_t posts_ = 0;
    std::size_t updates_ = 0;
};

}  // namespace tagwire::source::opcua
