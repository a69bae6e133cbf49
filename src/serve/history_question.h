/// What questions about the past have in common, whichever door they come by.
/// Thread: the shard's. Lifetime: functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/history_query.h"
#include "model/service_answer.h"
#include "serve/tag_sight.h"
#include "wire/history_answers.h"

namespace tagwire::serve {

class TagCache;

struct HistoryRefusal {
    wire::ErrorCode code = wire::ErrorCode::BadRequest;
    std::string message;
};

/// What a server without a history answers.
[[nodiscard]] HistoryRefusal noHistory();
[[nodiscard]] HistoryRefusal refusalOf(const ServiceFailure& failure);

/// A question as it was asked, and the tags of it that cannot be asked for.
struct HistoryQuestion {
    HistoryQuery query;
    std::vector<wire::BadTag> bad{};
};

struct HistoryTerms {
    std::vector<std::string> tags;
    Timestamp from;
    Timestamp to;
    wire::HistForm form = wire::HistForm::Raw;
    std::size_t intervals = 0;
    std::size_t limit = 0;
    std::string cursor;
    TagSight sight{};  ///< of whoever asks; tags outside of it are unknown
};
/// The error is about the whole question, such as a time that ends before it begins.
[[nodiscard]] Result<HistoryQuestion, HistoryRefusal> historyQuestion(const HistoryTerms& terms);

/// Says which tags have states, so that nothing lies between two of their values: enumerations.
void markStepped(HistoryQuery& query, const TagCache& cache);

/// Moves the series that nobody knows, neither the history nor the server, to `bad`.
void sortOutUnknown(std::vector<HistorySeries>& series, const TagCache& cache,
                    std::vector<wire::BadTag>& bad);

/// As the tag is described now, or as its samples are where the tag is gone.
[[nodiscard]] wire::SeriesType seriesType(const HistorySeries& series, const TagCache& cache);

}  // namespace tagwire::serve
