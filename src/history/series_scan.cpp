#include "history/series_scan.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/log.h"
#include "history/merge.h"
#include "model/generated/status_codes.h"

namespace tagwire::history {
namespace {

Timestamp timeOf(const HistorySample& sample) noexcept { return sample.value.sourceTime; }

/// The part in [from, to) of what is in time order.
std::span<const HistorySample> within(std::span<const HistorySample> samples, Timestamp from, Timestamp to) {
    const auto begin = std::ranges::lower_bound(samples, from, {}, timeOf);
    const auto end = std::ranges::lower_bound(begin, samples.end(), to, {}, timeOf);
    return {begin, end};
}

}  // namespace

HistorySample stopSample(const Stop& stop) {
    return {
        .value = {.value = Value{}, .status = stop.status, .sourceTime = stop.time, .serverTime = stop.time},
        .origin = SampleOrigin::Live};
}

SeriesScan::SeriesScan(ArchiveReader& archive, ChunkReader& chunks, const Head& head, std::stop_token stop)
    : archive_(archive), reader_(chunks), head_(head), stop_(std::move(stop)) {}

StorageResult<void> SeriesScan::readHead() {
    if (headSamples_) return {};
    auto samples = readSampleLog(head_.log);
    if (!samples) return tl::unexpected(StorageError{samples.error().message, true});
    sortSamples(*samples);
    headSamples_ = *std::move(samples);
    return {};
}

/// A damaged chunk is a gap that is logged; the rest of the answer stands.
StorageResult<std::vector<HistorySample>> SeriesScan::read(const ChunkRef& chunk) {
    const auto data = archive_.data(chunk.row);
    if (!data) return tl::unexpected(data.error());
    auto samples = reader_.read(*data);
    if (samples) return *std::move(samples);
    log::error("history", "chunk {} cannot be read: {}", chunk.row, samples.error().message);
    const auto lost = stopSample({chunk.first, kBadDataLost});
    return std::vector{lost};
}

StorageResult<std::optional<HistorySample>> SeriesScan::before(Timestamp time) {
    if (const auto head = readHead(); !head) return tl::unexpected(head.error());
    std::optional<HistorySample> best;
    const auto offer = [&](std::span<const HistorySample> samples) {
        const auto end = std::ranges::lower_bound(samples, time, {}, timeOf);
        if (end == samples.begin()) return;
        const auto& last = *std::prev(end);
        if (!best || last.value.sourceTime >= best->value.sourceTime) best = last;
    };
    auto around = archive_.chunks(head_.series, time, time, kMaxChunks);
    if (!around) return tl::unexpected(around.error());
    const auto last = archive_.chunkBefore(head_.series, time);
    if (!last) return tl::unexpected(last.error());
    if (*last) around->push_back(**last);
    for (const auto& chunk : *around) {
        if (best && chunk.last < best->value.sourceTime) continue;
        const auto samples = read(chunk);
        if (!samples) return tl::unexpected(samples.error());
        offer(*samples);
    }
    offer(*headSamples_);
    if (!best || best->value.status.isBad()) return best;
    const auto stop = archive_.stopBefore(time);
    if (!stop) return tl::unexpected(stop.error());
    if (*stop && (*stop)->time > best->value.sourceTime) best = stopSample(**stop);
    return best;
}

std::vector<SeriesScan::Cluster> SeriesScan::cluster(std::vector<ChunkRef>& chunks,
                                                     std::span<const HistorySample> head) const {
    std::ranges::sort(chunks, {}, [](const ChunkRef& chunk) { return std::pair(chunk.first, chunk.row); });
    std::vector<Cluster> clusters;
    const auto add = [&](Cluster next) {
        if (clusters.empty() || next.first > clusters.back().last) {
            clusters.push_back(std::move(next));
            return;
        }
        auto& last = clusters.back();
        last.last = std::max(last.last, next.last);
        last.chunks.insert(last.chunks.end(), next.chunks.begin(), next.chunks.end());
        if (!next.head.empty()) last.head = next.head;
    };
    bool headIsIn = head.empty();
    const auto addHead = [&] {
        add({.first = head.front().value.sourceTime,
             .last = head.back().value.sourceTime,
             .chunks = {},
             .head = head});
        headIsIn = true;
    };
    for (const auto& chunk : chunks) {
        if (!headIsIn && head.front().value.sourceTime < chunk.first) addHead();
        add({.first = chunk.first, .last = chunk.last, .chunks = {&chunk}, .head = {}});
    }
    if (!headIsIn) addHead();
    return clusters;
}

StorageResult<void> SeriesScan::run(Timestamp from, Timestamp to,
                                    const std::optional<HistorySample>& previous, ScanVisitor& visitor) {
    if (const auto head = readHead(); !head) return head;
    auto chunks = archive_.chunks(head_.series, from, to, kMaxChunks + 1);
    if (!chunks) return tl::unexpected(chunks.error());
    if (chunks->size() > kMaxChunks)
        return tl::unexpected(StorageError{"there is too much in this time; ask for a shorter one", false});
    auto stops = archive_.stops(from, to);
    if (!stops) return tl::unexpected(stops.error());
    visitor_ = &visitor;
    stops_ = *std::move(stops);
    nextStop_ = 0;
    holds_ = previous && !previous->value.status.isBad();
    done_ = false;
    for (const auto& each : cluster(*chunks, within(*headSamples_, from, to))) {
        if (done_ || stop_.stop_requested()) return {};
        if (auto shown = show(each, from, to); !shown) return shown;
    }
    showStopsUntil(to);
    return {};
}

StorageResult<void> SeriesScan::show(const Cluster& cluster, Timestamp from, Timestamp to) {
    showStopsUntil(cluster.first);
    const bool alone = cluster.chunks.size() == 1 && cluster.head.empty() &&
                       (nextStop_ == stops_.size() || stops_[nextStop_].time > cluster.last);
    if (alone) {
        const auto shown = showAlone(*cluster.chunks.front(), from, to);
        if (!shown) return tl::unexpected(shown.error());
        if (*shown) return {};
    }
    if (done_) return {};
    std::vector<HistorySample> samples;
    for (const auto* chunk : cluster.chunks) {
        auto read = this->read(*chunk);
        if (!read) return tl::unexpected(read.error());
        if (samples.empty()) {
            samples = *std::move(read);
        } else {
            samples.insert(samples.end(), std::make_move_iterator(read->begin()),
                           std::make_move_iterator(read->end()));
        }
    }
    samples.insert(samples.end(), cluster.head.begin(), cluster.head.end());
    sortSamples(samples);
    for (const auto& sample : within(samples, from, to)) {
        if (done_) return {};
        showStopsUntil(sample.value.sourceTime);
        showSample(sample);
    }
    return {};
}

/// False: it has to be read sample by sample.
StorageResult<bool> SeriesScan::showAlone(const ChunkRef& chunk, Timestamp from, Timestamp to) {
    const auto& summary = chunk.summary;
    const bool hasSummary = summary.samples() > 0;
    const bool whole = chunk.first >= from && chunk.last < to;
    const auto ended = [&] { holds_ = !summary.heldStatus.isBad(); };
    if (!hasSummary || summary.texts > 0 || !visitor_->numbersOnly()) return false;
    if (whole && visitor_->summary(summary)) {
        ended();
        return true;
    }
    const auto data = archive_.data(chunk.row);
    if (!data) return tl::unexpected(data.error());
    const auto numbers = reader_.readNumbers(*data);
    if (!numbers) return false;
    const auto begin = std::ranges::lower_bound(*numbers, from, {}, &NumberSample::time);
    const auto end = std::ranges::lower_bound(begin, numbers->end(), to, {}, &NumberSample::time);
    if (begin == end) return true;
    const std::span inside(begin, end);
    visitor_->numbers(inside);
    holds_ = !inside.back().status.isBad();
    return true;
}

void SeriesScan::showStopsUntil(Timestamp time) {
    for (; nextStop_ < stops_.size() && stops_[nextStop_].time < time; ++nextStop_) {
        if (holds_) showSample(stopSample(stops_[nextStop_]));
    }
}

void SeriesScan::showSample(const HistorySample& sample) {
    if (done_) return;
    done_ = !visitor_->sample(sample);
    holds_ = !sample.value.status.isBad();
}

}  // namespace tagwire::history
