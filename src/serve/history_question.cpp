#include "serve/history_question.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "model/generated/status_codes.h"
#include "serve/tag_cache.h"

namespace tagwire::serve {

using wire::ErrorCode;

namespace {

/// Of a tag that one must not see, too: whether there is one is not told either.
wire::BadTag unknownTag(std::string name) {
    return {std::move(name), ErrorCode::UnknownTag, "there is no tag of this name, and none was recorded"};
}

}  // namespace

HistoryRefusal noHistory() {
    return {
        ErrorCode::NoHistory,
        "this server records no history; enabled = true in [history] of its configuration switches it on"};
}

HistoryRefusal refusalOf(const ServiceFailure& failure) {
    switch (failure.status.withoutInfoBits().code()) {
        case kBadInvalidArgument.code():
        case kBadContinuationPointInvalid.code(): return {ErrorCode::BadRequest, failure.message};
        case kBadTooManyOperations.code():
        case kBadShutdown.code(): return {ErrorCode::Overloaded, failure.message};
        case kBadRequestCancelledByClient.code(): return {ErrorCode::Cancelled, failure.message};
        default: return {ErrorCode::Internal, failure.message};
    }
}

Result<HistoryQuestion, HistoryRefusal> historyQuestion(const HistoryTerms& terms) {
    if (terms.from >= terms.to)
        return tl::unexpected(HistoryRefusal{ErrorCode::BadRequest, "'from' must be before 'to'"});
    if (!terms.cursor.empty() && terms.form != wire::HistForm::Raw)
        return tl::unexpected(HistoryRefusal{
            ErrorCode::BadRequest, "'cursor' goes with form raw only: the other forms have one page"});
    HistoryQuestion question{.query = {.tags = {},
                                       .from = terms.from,
                                       .to = terms.to,
                                       .form = wire::historyForm(terms.form),
                                       .intervals = terms.form == wire::HistForm::Raw ? 0 : terms.intervals,
                                       .limit = terms.form == wire::HistForm::Raw ? terms.limit : 0,
                                       .cursor = terms.cursor}};
    for (const auto& name : terms.tags) {
        if (TagPattern::isPattern(name)) {
            question.bad.push_back({name, ErrorCode::BadPattern,
                                    "the history is asked for tags by their paths, not by patterns"});
        } else if (!terms.sight.sees(name)) {
            question.bad.push_back(unknownTag(name));
        } else if (auto path = TagPath::parse(name)) {
            question.query.tags.push_back(*std::move(path));
        } else {
            question.bad.push_back({name, ErrorCode::UnknownTag, path.error().message});
        }
    }
    return question;
}

void markStepped(HistoryQuery& query, const TagCache& cache) {
    if (query.form != HistoryForm::Interpolated) return;
    for (const auto& tag : query.tags) {
        const auto* entry = cache.find(tag.text());
        query.stepped.push_back(entry != nullptr && !entry->info->enumLabels.empty());
    }
}

void sortOutUnknown(std::vector<HistorySeries>& series, const TagCache& cache,
                    std::vector<wire::BadTag>& bad) {
    std::erase_if(series, [&](const HistorySeries& each) {
        if (each.known || cache.find(each.tag.text()) != nullptr) return false;
        bad.push_back(unknownTag(each.tag.text()));
        return true;
    });
}

wire::SeriesType seriesType(const HistorySeries& series, const TagCache& cache) {
    const auto* entry = cache.find(series.tag.text());
    if (entry == nullptr || entry->info->type == BuiltInType::Null) return wire::typeOfSamples(series);
    return {.type = entry->info->type, .dimensions = entry->info->dimensions};
}

}  // namespace tagwire::serve
