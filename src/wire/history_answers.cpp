#include "wire/history_answers.h"

#include <array>
#include <cmath>
#include <ranges>
#include <utility>

#include "model/value_json.h"
#include "wire/history_drawing.h"
#include "wire/json_list.h"

namespace tagwire::wire {
namespace {

std::int64_t sinceBase(Timestamp time, Timestamp base) { return toUnixMillis(time) - toUnixMillis(base); }

/// `[dt,value,q,delay,origin]` without trailing zeros.
void appendSample(std::string& out, const HistorySample& sample, Timestamp base) {
    const auto& value = sample.value;
    const auto dt = sinceBase(value.sourceTime, base);
    const auto delay = value.serverTime == Timestamp{} ? 0 : sinceBase(value.serverTime, value.sourceTime);
    const auto origin = static_cast<std::int64_t>(sample.origin);
    const std::array<std::int64_t, 3> rest{value.status.code(), delay, origin};
    auto used = rest.size();
    while (used > 0 && rest.at(used - 1) == 0) --used;
    out += '[';
    appendJsonInteger(out, dt);
    out += ',';
    appendValue(out, value.value);
    for (std::size_t i = 0; i < used; ++i) {
        out += ',';
        appendJsonInteger(out, rest.at(i));
    }
    out += ']';
}

/// `[dt,count,q,known,average,min,max,first,last]` without trailing nulls.
void appendInterval(std::string& out, const HistoryInterval& interval, Timestamp base) {
    const std::array<double, 5> numbers{interval.average, interval.minimum, interval.maximum, interval.first,
                                        interval.last};
    auto used = numbers.size();
    while (used > 0 && !std::isfinite(numbers.at(used - 1))) --used;
    out += '[';
    appendJsonInteger(out, sinceBase(interval.start, base));
    out += ',';
    appendJsonInteger(out, interval.count);
    out += ',';
    appendJsonInteger(out, std::uint64_t{interval.worst.code()});
    out += ',';
    appendJsonInteger(
        out, std::int64_t{std::chrono::duration_cast<std::chrono::milliseconds>(interval.known).count()});
    for (std::size_t i = 0; i < used; ++i) {
        out += ',';
        if (std::isfinite(numbers.at(i))) {
            appendJsonNumber(out, numbers.at(i));
        } else {
            out += "null";
        }
    }
    out += ']';
}

template <class Element, class Append>
void appendSome(std::string& out, const std::vector<Element>& elements, std::size_t& next, std::size_t bytes,
                Append append) {
    const auto begin = out.size();
    out += '[';
    while (next < elements.size() && out.size() - begin < bytes) {
        append(elements[next++]);
        out += ',';
    }
    closeList(out);
}

}  // namespace

tagwire::HistoryForm historyForm(HistForm form) noexcept {
    switch (form) {
        case HistForm::Raw: return HistoryForm::Raw;
        case HistForm::Minmax: return HistoryForm::Drawing;
        case HistForm::Aggregates: return HistoryForm::Aggregates;
        case HistForm::Interpolated: return HistoryForm::Interpolated;
    }
    return HistoryForm::Raw;
}

HistForm histForm(tagwire::HistoryForm form) noexcept {
    switch (form) {
        case HistoryForm::Raw: return HistForm::Raw;
        case HistoryForm::Drawing: return HistForm::Minmax;
        case HistoryForm::Aggregates: return HistForm::Aggregates;
        case HistoryForm::Interpolated: return HistForm::Interpolated;
    }
    return HistForm::Raw;
}

SeriesType typeOfSamples(const HistorySeries& series) {
    SeriesType type;
    const auto take = [&type](const HistorySample& sample) {
        if (sample.value.value.isNull()) return false;
        type.type = sample.value.value.type();
        if (const auto* array = sample.value.value.getIf<Array>()) {
            type.dimensions.assign(std::max<std::size_t>(array->dimensions.size(), 1), 0);
        }
        return true;
    };
    for (const auto& sample : std::views::reverse(series.samples)) {
        if (take(sample)) return type;
    }
    if (series.before && take(*series.before)) return type;
    if (!series.intervals.empty()) type.type = BuiltInType::Double;
    return type;
}

SeriesEncoder::SeriesEncoder(HistorySeries series, SeriesType type, tagwire::HistoryForm form, Timestamp base)
    : series_(std::move(series)), type_(std::move(type)), form_(form), base_(base) {
    if (form_ == HistoryForm::Drawing) series_.samples = drawingSamples(series_, type_.type);
}

void SeriesEncoder::write(ObjectWriter& object, std::size_t bytes) {
    object.member("n", series_.tag.text());
    object.member("ty", valueTypeName(type_.type));
    if (!type_.dimensions.empty()) {
        appendJsonList(object.key("dims"), type_.dimensions, [](std::string& out, std::uint32_t length) {
            appendJsonInteger(out, std::uint64_t{length});
        });
    }
    object.member("b", base_);
    if (form_ == HistoryForm::Aggregates) return writeIntervals(object.key("i"), bytes);
    if (next_ == 0 && series_.before) appendSample(object.key("before"), *series_.before, base_);
    writeSamples(object.key("v"), bytes);
}

bool SeriesEncoder::done() const noexcept {
    return next_ >= (form_ == HistoryForm::Aggregates ? series_.intervals.size() : series_.samples.size());
}

void SeriesEncoder::writeSamples(std::string& out, std::size_t bytes) {
    appendSome(out, series_.samples, next_, bytes,
               [&](const HistorySample& sample) { appendSample(out, sample, base_); });
}

void SeriesEncoder::writeIntervals(std::string& out, std::size_t bytes) {
    appendSome(out, series_.intervals, next_, bytes,
               [&](const HistoryInterval& interval) { appendInterval(out, interval, base_); });
}

void appendHistPart(std::string& out, RequestId id, SeriesEncoder& series, std::size_t bytes) {
    ObjectWriter frame(out);
    frame.member("t", "hist");
    frame.member("id", id);
    series.write(frame, bytes);
}

void appendHistDone(std::string& out, RequestId id, std::span<const BadTag> bad, std::string_view next) {
    ObjectWriter frame(out);
    frame.member("t", "ok");
    frame.member("id", id);
    if (!bad.empty()) appendBadTags(frame.key("bad"), bad);
    if (!next.empty()) frame.member("next", next);
}

bool appendHistoryAnswer(std::string& out, const HistoryHead& head, std::span<SeriesEncoder> series,
                         std::size_t bytes) {
    ObjectWriter object(out);
    object.member("from", head.from);
    object.member("to", head.to);
    object.member("form", nameOf(histForm(head.form)));
    auto& list = object.key("tags");
    list += '[';
    for (auto& each : series) {
        {
            ObjectWriter entry(list);
            each.write(entry, bytes - std::min(bytes, out.size()));
        }
        if (!each.done()) return false;
        list += ',';
    }
    closeList(list);
    appendBadTags(object.key("bad"), head.bad);
    if (!head.next.empty()) object.member("next", head.next);
    return true;
}

}  // namespace tagwire::wire
