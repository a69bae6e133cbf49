#include "history/interpolator.h"

#include <cmath>
#include <cstdint>
#include <type_traits>
#include <utility>

#include "history/number.h"
#include "model/generated/status_codes.h"

namespace tagwire::history {
namespace {

/// Where `time` lies on the way from `left` to `right`; 0 to 1.
double shareOf(Timestamp left, Timestamp time, Timestamp right) noexcept {
    const auto distance = [left](Timestamp to) {
        return static_cast<double>(static_cast<std::uint64_t>(ticksOf(to)) -
                                   static_cast<std::uint64_t>(ticksOf(left)));
    };
    return distance(time) / distance(right);
}

template <class T>
Value between(T left, T right, double share) noexcept {
    if constexpr (std::is_same_v<T, bool>) {
        return Value(left);
    } else if constexpr (std::is_floating_point_v<T>) {
        return Value(static_cast<T>(std::lerp(static_cast<double>(left), static_cast<double>(right), share)));
    } else {
        // Wider than double, so that 64-bit integers stay exact where nothing has to be rounded.
        const auto from = static_cast<long double>(left);
        const auto way = static_cast<long double>(right) - from;
        return Value(static_cast<T>(std::round(from + way * static_cast<long double>(share))));
    }
}

/// Both of one numeric type.
Value valueBetween(const Value& left, const Value& right, double share) {
    const auto as = [&]<class T>(T /*type*/) { return between(*left.getIf<T>(), *right.getIf<T>(), share); };
    switch (left.type()) {
        case BuiltInType::SByte: return as(std::int8_t{});
        case BuiltInType::Byte: return as(std::uint8_t{});
        case BuiltInType::Int16: return as(std::int16_t{});
        case BuiltInType::UInt16: return as(std::uint16_t{});
        case BuiltInType::Int32: return as(std::int32_t{});
        case BuiltInType::UInt32: return as(std::uint32_t{});
        case BuiltInType::Int64: return as(std::int64_t{});
        case BuiltInType::UInt64: return as(std::uint64_t{});
        case BuiltInType::Float: return as(float{});
        case BuiltInType::Double: return as(double{});
        default: return left;
    }
}

}  // namespace

bool isUsable(const HistorySample& sample) noexcept {
    const auto& value = sample.value;
    if (value.status.isBad() || value.value.isNull()) return false;
    return isText(value.value) || !std::isnan(numberOf(value));
}

bool Interpolator::slopes(const HistorySample& sample) const noexcept {
    const auto& value = sample.value.value;
    return !stepped_ && !isText(value) && value.type() != BuiltInType::Boolean;
}

void Interpolator::emit(Timestamp time, const HistorySample* right) {
    if (!left_) return;
    const auto& left = left_->value;
    if (time == left.sourceTime) {
        values_.push_back(*left_);
        return;
    }
    DataValue made{.value = left.value, .status = left.status, .sourceTime = time, .serverTime = time};
    bool certain = !broken_;
    if (slopes(*left_)) {
        certain = certain && right != nullptr;
        const bool alike = right != nullptr && !right->value.value.isArray() &&
                           right->value.value.type() == left.value.type();
        if (alike) {
            made.value = valueBetween(left.value, right->value.value,
                                      shareOf(left.sourceTime, time, right->value.sourceTime));
            if (made.status.isGood()) made.status = right->value.status;
        }
    }
    made.status = (certain ? made.status : kUncertainDataSubNormal).withInterpolated();
    values_.push_back({.value = std::move(made), .origin = left_->origin});
}

/// All that are before `time`.
void Interpolator::emitUntil(Timestamp time, const HistorySample* right) {
    for (; next_ < times_.count && times_.startOf(next_) < time; ++next_) emit(times_.startOf(next_), right);
}

void Interpolator::add(const HistorySample& sample) {
    const bool usable = isUsable(sample);
    // A line needs its other end; a state holds whatever comes.
    if (usable || !left_ || !slopes(*left_)) emitUntil(sample.value.sourceTime, usable ? &sample : nullptr);
    broken_ = !usable;
    if (usable) left_ = sample;
}

std::vector<HistorySample> Interpolator::finish(Timestamp now) {
    emitUntil(now + Ticks{1}, nullptr);
    return std::move(values_);
}

}  // namespace tagwire::history
