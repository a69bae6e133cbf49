/// Questions to a Storage as the history's threads ask them.
/// Thread: one. Lifetime: functions.
#pragma once

#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "history/query.h"
#include "history/storage.h"

namespace tagwire::history {

[[nodiscard]] inline TagPath path(const std::string& text) { return TagPath::parse(text).value(); }

[[nodiscard]] inline HistoryAnswer askStorage(const Storage& storage, QueryRunner& runner,
                                              const HistoryQuery& query, Timestamp now) {
    if (const auto wrong = checkQuery(query)) throw std::runtime_error(wrong->message);
    HeadSnapshot snapshot;
    snapshot.archive = storage.archiveNumber();
    for (const auto& tag : query.tags) {
        const auto* series = storage.find(tag.text());
        snapshot.heads.push_back(series == nullptr ? std::nullopt
                                                   : std::optional<Head>(storage.head(*series)));
    }
    auto result = runner.run(query, snapshot, {}, now);
    if (!result) throw std::runtime_error("the samples have moved on");
    if (!*result) throw std::runtime_error(result->error().message);
    return **std::move(result);
}

/// All pages of one tag, `limit` samples each.
[[nodiscard]] inline HistorySeries allSamples(const Storage& storage, QueryRunner& runner, const TagPath& tag,
                                              Timestamp from, Timestamp to, std::size_t limit) {
    HistoryQuery query{
        .tags = {tag}, .from = from, .to = to, .form = HistoryForm::Raw, .intervals = 0, .limit = limit};
    HistorySeries all{.tag = tag};
    for (bool first = true;; first = false) {
        auto answer = askStorage(storage, runner, query, to);
        auto& page = answer.series.at(0);
        if (first)
            all = page;
        else
            all.samples.insert(all.samples.end(), page.samples.begin(), page.samples.end());
        if (answer.more.empty()) return all;
        query.cursor = answer.more;
    }
}

}  // namespace tagwire::history
