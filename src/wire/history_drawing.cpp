#include "wire/history_drawing.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <utility>

namespace tagwire::wire {
namespace {

struct Point {
    Timestamp time;
    double number = 0;

    friend bool operator==(const Point&, const Point&) = default;
};

/// Between two points of one interval, or one interval and the next: shorter than any chart shows.
constexpr std::chrono::milliseconds kMoment{1};

template <class Integer>
Value wholeNumber(double number) {
    using Bounds = std::numeric_limits<Integer>;
    // The largest 64-bit integers have no double: the next one is beyond them.
    if (number >= static_cast<double>(Bounds::max())) return Value(Bounds::max());
    if (number <= static_cast<double>(Bounds::min())) return Value(Bounds::min());
    return Value(static_cast<Integer>(number));
}

Value numberAs(BuiltInType type, double number) {
    switch (type) {
        case BuiltInType::Boolean: return Value(number != 0);
        case BuiltInType::SByte: return wholeNumber<std::int8_t>(number);
        case BuiltInType::Byte: return wholeNumber<std::uint8_t>(number);
        case BuiltInType::Int16: return wholeNumber<std::int16_t>(number);
        case BuiltInType::UInt16: return wholeNumber<std::uint16_t>(number);
        case BuiltInType::Int32: return wholeNumber<std::int32_t>(number);
        case BuiltInType::UInt32: return wholeNumber<std::uint32_t>(number);
        case BuiltInType::Int64: return wholeNumber<std::int64_t>(number);
        case BuiltInType::UInt64: return wholeNumber<std::uint64_t>(number);
        case BuiltInType::Float: return Value(static_cast<float>(number));
        case BuiltInType::DateTime: return Value(fromUnixMillis(std::llround(number)));
        default: return Value(number);
    }
}

HistorySample sampleOf(Timestamp time, Value value, StatusCode status) {
    return {.value = {.value = std::move(value), .status = status, .sourceTime = time, .serverTime = time}};
}

/// The extreme samples, each once, in time order.
std::vector<Point> pointsOf(const HistoryInterval& interval) {
    std::vector<Point> points;
    for (const Point& point : {Point{interval.firstTime, interval.first},
                               {interval.minimumTime, interval.minimum},
                               {interval.maximumTime, interval.maximum},
                               {interval.lastTime, interval.last}}) {
        const auto at = std::ranges::upper_bound(points, point.time, {}, &Point::time);
        if (at == points.begin() || *std::prev(at) != point) points.insert(at, point);
    }
    return points;
}

void appendInterval(std::vector<HistorySample>& out, const HistoryInterval& interval, BuiltInType type,
                    bool breaks) {
    if (interval.count == 0) {
        if (breaks) out.push_back(sampleOf(interval.start, {}, interval.worst));
        return;
    }
    const auto points = pointsOf(interval);
    const auto status = interval.worst.isBad() ? StatusCode{} : interval.worst;
    for (const auto& point : points) {
        const bool last = &point == &points.back();
        if (last && breaks && !interval.endsWithoutNumber)
            out.push_back(sampleOf(std::max(interval.start, point.time - kMoment), {}, interval.worst));
        out.push_back(sampleOf(point.time, numberAs(type, point.number), status));
        if (last && breaks && interval.endsWithoutNumber)
            out.push_back(sampleOf(point.time + kMoment, {}, interval.worst));
    }
}

}  // namespace

std::vector<HistorySample> drawingSamples(const HistorySeries& series, BuiltInType type) {
    std::vector<HistorySample> samples;
    for (const auto& interval : series.intervals) {
        // Texts are no numbers either, but they are no gaps.
        const bool breaks = interval.withoutNumber > 0 && (!series.thinned || interval.worst.isBad());
        appendInterval(samples, interval, type, breaks);
    }
    if (series.samples.empty()) return samples;
    std::vector<HistorySample> merged;
    std::ranges::merge(
        samples, series.samples, std::back_inserter(merged), {},
        [](const HistorySample& one) { return one.value.sourceTime; },
        [](const HistorySample& one) { return one.value.sourceTime; });
    return merged;
}

}  // namespace tagwire::wire
