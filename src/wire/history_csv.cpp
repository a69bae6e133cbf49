#include "wire/history_csv.h"

#include <cmath>
#include <string_view>

#include "base/json_text.h"
#include "model/plain_text.h"
#include "wire/csv_text.h"
#include "wire/history_drawing.h"

namespace tagwire::wire {
namespace {

constexpr std::string_view kSampleHead =
    "tag,source time,server time,value,unit,quality,status,status code,origin\r\n";
constexpr std::string_view kIntervalHead =
    "tag,start,samples,known ms,average,minimum,maximum,first,last,unit,quality,status,status code\r\n";

std::string_view qualityName(StatusCode status) noexcept {
    switch (status.severity()) {
        case Severity::Good: return "Good";
        case Severity::Uncertain: return "Uncertain";
        case Severity::Bad: return "Bad";
    }
    return "Bad";
}

std::string_view originName(SampleOrigin origin) noexcept {
    switch (origin) {
        case SampleOrigin::Live: return "live";
        case SampleOrigin::Backfill: return "backfill";
        case SampleOrigin::Imported: return "imported";
    }
    return "live";
}

bool isNumber(BuiltInType type) noexcept { return type >= BuiltInType::SByte && type <= BuiltInType::Double; }

void appendValueCell(std::string& out, const Value& value) {
    if (!value.isArray() && isNumber(value.type())) return appendPlainText(out, value);
    std::string text;
    appendPlainText(text, value);
    appendTextCell(out, text);
}

void appendStatusCells(std::string& out, StatusCode status) {
    out.append(qualityName(status)).append(",").append(statusText(status)).append(",");
    appendJsonInteger(out, std::uint64_t{status.code()});
}

void appendSampleLine(std::string& out, const TypedSeries& owner, const HistorySample& sample) {
    appendTextCell(out, owner.series.tag.text());
    out += ',';
    appendTimeCell(out, sample.value.sourceTime);
    out += ',';
    appendTimeCell(out, sample.value.serverTime);
    out += ',';
    appendValueCell(out, sample.value.value);
    out += ',';
    appendTextCell(out, owner.unit);
    out += ',';
    appendStatusCells(out, sample.value.status);
    out.append(",").append(originName(sample.origin)).append("\r\n");
}

void appendIntervalLine(std::string& out, const TypedSeries& owner, const HistoryInterval& interval) {
    appendTextCell(out, owner.series.tag.text());
    out += ',';
    appendTimeCell(out, interval.start);
    out += ',';
    appendJsonInteger(out, interval.count);
    out += ',';
    appendJsonInteger(
        out, std::int64_t{std::chrono::duration_cast<std::chrono::milliseconds>(interval.known).count()});
    for (const double number :
         {interval.average, interval.minimum, interval.maximum, interval.first, interval.last}) {
        out += ',';
        if (std::isfinite(number)) appendPlainText(out, Value(number));
    }
    out += ',';
    appendTextCell(out, owner.unit);
    out += ',';
    appendStatusCells(out, interval.worst);
    out += "\r\n";
}

}  // namespace

bool appendHistoryCsv(std::string& out, std::span<const TypedSeries> series, tagwire::HistoryForm form,
                      std::size_t bytes) {
    out += kByteOrderMark;
    out += form == HistoryForm::Aggregates ? kIntervalHead : kSampleHead;
    for (const auto& each : series) {
        if (form == HistoryForm::Aggregates) {
            for (const auto& interval : each.series.intervals) {
                appendIntervalLine(out, each, interval);
                if (out.size() > bytes) return false;
            }
            continue;
        }
        if (each.series.before) appendSampleLine(out, each, *each.series.before);
        const auto drawn = form == HistoryForm::Drawing ? drawingSamples(each.series, each.type.type)
                                                        : std::vector<HistorySample>{};
        for (const auto& sample : form == HistoryForm::Drawing ? drawn : each.series.samples) {
            appendSampleLine(out, each, sample);
            if (out.size() > bytes) return false;
        }
    }
    return true;
}

}  // namespace tagwire::wire
