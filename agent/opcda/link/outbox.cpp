#include "link/outbox.h"

#include <algorithm>
#include <utility>

namespace tagwire::da {
namespace {

constexpr StatusCode kTooLarge{0x80080000};  // BadEncodingLimitsExceeded

void noteShape(std::vector<ValueShape>& shapes, Outbox::Batch& batch, std::uint32_t handle,
               const OutValue& value) {
    if (value.shape.type == BuiltInType::Null || handle >= shapes.size()) return;
    if (shapes[handle] == value.shape) return;
    shapes[handle] = value.shape;
    batch.changed.emplace_back(handle, value.shape);
}

}  // namespace

std::uint64_t Outbox::begin(std::vector<std::string> ids) {
    const std::lock_guard lock(mutex_);
    waiting_.clear();
    order_.clear();
    last_.clear();
    handles_.clear();
    ids_ = std::make_shared<const std::vector<std::string>>(std::move(ids));
    for (std::uint32_t handle = 0; handle < ids_->size(); ++handle) handles_.emplace((*ids_)[handle], handle);
    return ++watch_;
}

void Outbox::put(std::uint64_t watch, std::uint32_t handle, OutValue value) {
    if (value.value.size() > kMaxFrameBytes) {
        value.value = "null";
        value.status = kTooLarge;
        value.shape = {};
    }
    const std::lock_guard lock(mutex_);
    if (watch != watch_ || handle >= ids_->size()) return;
    last_.insert_or_assign(handle, value);
    if (keeping_) return keep((*ids_)[handle], std::move(value), wallClockNow());
    const auto [place, isNew] = waiting_.try_emplace(handle);
    if (isNew) {
        order_.push_back(handle);
    } else {
        value.status = value.status.withOverflow();
    }
    place->second = std::move(value);
}

void Outbox::keep(const std::string& id, OutValue value, Timestamp now) {
    if (!value.time) value.time = now;
    backlog_.add(id, value);
}

void Outbox::end(StatusCode why, Timestamp now) {
    const std::lock_guard lock(mutex_);
    if (keeping_) {
        for (auto& [handle, value] : last_) {
            value.time = now;
            value.status = why;
            keep((*ids_)[handle], std::move(value), now);
        }
    }
    last_.clear();
    waiting_.clear();
    order_.clear();
    ++watch_;  // callbacks may be late
}

void Outbox::connected() {
    const std::lock_guard lock(mutex_);
    if (std::exchange(connected_, true)) return;
    if (backlog_.front(1).empty()) goLive();
    sent_ = acknowledged_ = 0;
}

void Outbox::goLive() {
    keeping_ = false;
    for (const auto& [handle, value] : last_) {
        waiting_.insert_or_assign(handle, value);
        order_.push_back(handle);
    }
}

void Outbox::disconnected(Timestamp now) {
    const std::lock_guard lock(mutex_);
    if (!std::exchange(connected_, false)) return;
    if (!std::exchange(keeping_, true)) {
        for (auto& sent : unacknowledged_) {
            for (auto& [handle, value] : sent.rows) keep((*sent.ids)[handle], std::move(value), now);
        }
        for (const auto handle : order_) keep((*ids_)[handle], std::move(waiting_[handle]), now);
    }
    stored_ = 0;
    unacknowledged_.clear();
    waiting_.clear();
    order_.clear();
}

void Outbox::acknowledged(std::uint64_t sequence) {
    const std::lock_guard lock(mutex_);
    const auto before = std::exchange(acknowledged_, std::clamp(sequence, acknowledged_, sent_));
    if (stored_ != 0 && acknowledged_ == sent_) backlog_.drop(std::exchange(stored_, 0));
    const auto frames = std::min<std::uint64_t>(acknowledged_ - before, unacknowledged_.size());
    unacknowledged_.erase(unacknowledged_.begin(),
                          unacknowledged_.begin() + static_cast<std::ptrdiff_t>(frames));
}

std::optional<Outbox::Batch> Outbox::next(std::vector<ValueShape>& shapes) {
    const std::lock_guard lock(mutex_);
    if (!connected_) return std::nullopt;
    if (!keeping_) return nextLive(shapes);
    if (sent_ != acknowledged_) return std::nullopt;
    return nextStored(shapes);
}

/// One frame at a time: the gateway's queues are made for what happens, not for what happened.
std::optional<Outbox::Batch> Outbox::nextStored(std::vector<ValueShape>& shapes) {
    for (;;) {
        const auto values = backlog_.front(kMaxFrameBytes);
        if (values.empty()) {
            goLive();
            return nextLive(shapes);
        }
        Batch batch;
        DataFrame frame(sent_ + 1);
        std::uint64_t taken = 0;
        for (const auto& [id, value, number] : values) {
            const auto found = handles_.find(id);
            // The order in which types change has to stay what it was.
            const bool changes = found != handles_.end() && found->second < shapes.size() &&
                                 value.shape.type != BuiltInType::Null &&
                                 shapes[found->second] != value.shape;
            const bool full = frame.bytes() + value.value.size() > kMaxFrameBytes;
            if (!frame.empty() && (full || changes)) break;
            taken = number;
            if (found == handles_.end()) {
                ++unwanted_;
                continue;
            }
            noteShape(shapes, batch, found->second, value);
            frame.add(found->second, value.value, value.time, value.status);
        }
        if (frame.empty()) {
            backlog_.drop(taken);
            continue;
        }
        ++sent_;
        stored_ = taken;
        batch.frame = frame.text(true);
        return batch;
    }
}

std::optional<Outbox::Batch> Outbox::nextLive(std::vector<ValueShape>& shapes) {
    if (sent_ - acknowledged_ >= kWindow) return std::nullopt;
    Batch batch;
    DataFrame frame(sent_ + 1);
    Sent sent{.ids = ids_, .rows = {}};
    for (const auto handle : order_) {
        const auto found = waiting_.find(handle);
        auto& value = found->second;
        if (!frame.empty() && frame.bytes() + value.value.size() > kMaxFrameBytes) break;
        noteShape(shapes, batch, handle, value);
        frame.add(handle, value.value, value.time, value.status);
        sent.rows.emplace_back(handle, std::move(value));
        waiting_.erase(found);
    }
    order_.erase(order_.begin(), order_.begin() + static_cast<std::ptrdiff_t>(sent.rows.size()));
    if (frame.empty()) return std::nullopt;
    ++sent_;
    batch.frame = frame.text(false);
    unacknowledged_.push_back(std::move(sent));
    return batch;
}

void Outbox::flush() {
    const std::lock_guard lock(mutex_);
    if (keeping_) backlog_.flush();
}

std::uint64_t Outbox::lost() {
    const std::lock_guard lock(mutex_);
    return backlog_.lost() + unwanted_;
}

}  // namespace tagwire::da
