#include "link/outbox.h"

#include <algorithm>
#include <utility>

namespace tagwire::da {
namespace {

constexpr StatusCode kTooLarge{0x80080000};  // BadEncodingLimitsExceeded

}  // namespace

std::uint64_t Outbox::begin() {
    const std::lock_guard lock(mutex_);
    waiting_.clear();
    order_.clear();
    return ++watch_;
}

void Outbox::put(std::uint64_t watch, std::uint32_t handle, OutValue value) {
    if (value.value.size() > kMaxFrameBytes) {
        value.value = "null";
        value.status = kTooLarge;
        value.shape = {};
    }
    const std::lock_guard lock(mutex_);
    if (watch != watch_) return;
    const auto [place, isNew] = waiting_.try_emplace(handle);
    if (isNew) {
        order_.push_back(handle);
    } else {
        value.status = value.status.withOverflow();
    }
    place->second = std::move(value);
}

void Outbox::acknowledged(std::uint64_t sequence) noexcept {
    acknowledged_ = std::clamp(sequence, acknowledged_, sent_);
}

std::optional<Outbox::Batch> Outbox::next(std::vector<ValueShape>& shapes) {
    if (sent_ - acknowledged_ >= kWindow) return std::nullopt;
    Batch batch;
    DataFrame frame(sent_ + 1);
    const std::lock_guard lock(mutex_);
    std::size_t taken = 0;
    for (const auto handle : order_) {
        const auto found = waiting_.find(handle);
        const auto& value = found->second;
        if (!frame.empty() && frame.bytes() + value.value.size() > kMaxFrameBytes) break;
        if (value.shape.type != BuiltInType::Null && handle < shapes.size() &&
            shapes[handle] != value.shape) {
            shapes[handle] = value.shape;
            batch.changed.emplace_back(handle, value.shape);
        }
        frame.add(handle, value.value, value.time, value.status);
        waiting_.erase(found);
        ++taken;
    }
    order_.erase(order_.begin(), order_.begin() + static_cast<std::ptrdiff_t>(taken));
    if (frame.empty()) return std::nullopt;
    ++sent_;
    batch.frame = frame.text();
    return batch;
}

}  // namespace tagwire::da
