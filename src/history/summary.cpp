#include "history/summary.h"

#include <algorithm>
#include <cmath>

namespace tagwire::history {
namespace {

/// Without a sign, so that every distance fits; where `from` is later it wraps, and back when it is added.
std::uint64_t ticksBetween(Timestamp from, Timestamp to) noexcept {
    return static_cast<std::uint64_t>(ticksOf(to)) - static_cast<std::uint64_t>(ticksOf(from));
}

Ticks distance(Timestamp from, Timestamp to) noexcept {
    constexpr auto kMax = static_cast<std::uint64_t>(Ticks::max().count());
    return Ticks{static_cast<std::int64_t>(std::min(ticksBetween(from, to), kMax))};
}

Ticks sum(Ticks a, Ticks b) noexcept { return a > Ticks::max() - b ? Ticks::max() : a + b; }

StatusCode worse(StatusCode a, StatusCode b) noexcept { return b.severity() > a.severity() ? b : a; }

}  // namespace

void Summary::holdUntil(Timestamp time) noexcept {
    if (samples() == 0 || std::isnan(held) || time <= last) return;
    const Ticks ticks = distance(last, time);
    integral += held * static_cast<double>(ticks.count());
    known = sum(known, ticks);
}

/// How many samples of `rest` go on as what holds: numbers, all of its status. They are added.
std::size_t Summary::addRun(std::span<const NumberSample> rest) noexcept {
    // A copy that nobody else sees stays in registers.
    Summary run = *this;
    std::size_t taken = 0;
    for (const auto& sample : rest) {
        const double number = sample.number;
        if (std::isnan(number) || sample.status != heldStatus) break;
        if (sample.time > run.last) {
            const Ticks ticks = distance(run.last, sample.time);
            run.integral += run.held * static_cast<double>(ticks.count());
            run.known = sum(run.known, ticks);
        }
        run.last = sample.time;
        run.held = number;
        if (number < run.minimum) {
            run.minimum = number;
            run.minimumTime = sample.time;
        }
        if (number > run.maximum) {
            run.maximum = number;
            run.maximumTime = sample.time;
        }
        ++taken;
    }
    if (taken == 0) return 0;
    run.count += taken;
    run.lastNumber = run.held;
    run.lastTime = run.last;
    *this = run;
    return taken;
}

void Summary::add(const NumberSample& sample) noexcept {
    if (samples() == 0) {
        first = sample.time;
        worst = sample.status;
    } else {
        holdUntil(sample.time);
        worst = worse(worst, sample.status);
    }
    last = sample.time;
    held = sample.number;
    heldStatus = sample.status;
    if (std::isnan(sample.number)) {
        ++withoutNumber;
        return;
    }
    if (count++ == 0) {
        firstNumber = sample.number;
        firstTime = sample.time;
    }
    // Not with NaN as the one before: every comparison is false.
    if (!(sample.number >= minimum)) {
        minimum = sample.number;
        minimumTime = sample.time;
    }
    if (!(sample.number <= maximum)) {
        maximum = sample.number;
        maximumTime = sample.time;
    }
    lastNumber = sample.number;
    lastTime = sample.time;
}

void Summary::add(std::span<const NumberSample> samples) noexcept {
    while (!samples.empty()) {
        add(samples.front());
        samples = samples.subspan(1);
        if (!std::isnan(held)) samples = samples.subspan(addRun(samples));
    }
}

void Summary::add(const Summary& later) noexcept {
    if (later.samples() == 0) return;
    if (samples() == 0) {
        *this = later;
        return;
    }
    holdUntil(later.first);
    worst = worse(worst, later.worst);
    last = later.last;
    held = later.held;
    heldStatus = later.heldStatus;
    integral += later.integral;
    known = sum(known, later.known);
    withoutNumber += later.withoutNumber;
    texts += later.texts;
    if (later.count == 0) return;
    if (count == 0) {
        firstNumber = later.firstNumber;
        firstTime = later.firstTime;
    }
    if (!(later.minimum >= minimum)) {
        minimum = later.minimum;
        minimumTime = later.minimumTime;
    }
    if (!(later.maximum <= maximum)) {
        maximum = later.maximum;
        maximumTime = later.maximumTime;
    }
    count += later.count;
    lastNumber = later.lastNumber;
    lastTime = later.lastTime;
}

void writeSummary(ByteWriter& out, const Summary& summary) {
    const auto time = [&](Timestamp each) {
        out.signedVarint(static_cast<std::int64_t>(ticksBetween(summary.first, each)));
    };
    out.fixed(ticksOf(summary.first));
    time(summary.last);
    out.varint(summary.count);
    out.varint(summary.withoutNumber);
    out.varint(summary.texts);
    out.varint(summary.worst.code());
    out.varint(summary.heldStatus.code());
    out.fixed(summary.held);
    if (summary.count == 0) return;
    out.fixed(summary.firstNumber);
    out.fixed(summary.minimum);
    out.fixed(summary.maximum);
    out.fixed(summary.lastNumber);
    time(summary.firstTime);
    time(summary.minimumTime);
    time(summary.maximumTime);
    time(summary.lastTime);
    out.fixed(summary.integral);
    out.signedVarint(summary.known.count());
}

Summary readSummary(ByteReader& in) {
    Summary summary;
    summary.first = Timestamp{Ticks{in.fixed<std::int64_t>()}};
    const auto base = static_cast<std::uint64_t>(ticksOf(summary.first));
    const auto time = [&] {
        const auto ticks = base + static_cast<std::uint64_t>(in.signedVarint());
        return Timestamp{Ticks{static_cast<std::int64_t>(ticks)}};
    };
    const auto status = [&] { return StatusCode{static_cast<std::uint32_t>(in.varint())}; };
    summary.last = time();
    summary.count = in.varint();
    summary.withoutNumber = in.varint();
    summary.texts = in.varint();
    summary.worst = status();
    summary.heldStatus = status();
    summary.held = in.fixed<double>();
    if (summary.count == 0) return summary;
    summary.firstNumber = in.fixed<double>();
    summary.minimum = in.fixed<double>();
    summary.maximum = in.fixed<double>();
    summary.lastNumber = in.fixed<double>();
    summary.firstTime = time();
    summary.minimumTime = time();
    summary.maximumTime = time();
    summary.lastTime = time();
    summary.integral = in.fixed<double>();
    summary.known = Ticks{std::max<std::int64_t>(in.signedVarint(), 0)};
    return summary;
}

}  // namespace tagwire::history
