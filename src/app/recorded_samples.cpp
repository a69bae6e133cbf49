#include "app/recorded_samples.h"

namespace tagwire::app {
namespace {

constexpr std::size_t kSamplesAtOnce = 10'000;

}  // namespace

Result<void> readSamples(const history::Storage& storage, history::QueryRunner& runner, const TagPath& tag,
                         Timestamp from, Timestamp to,
                         const std::function<Result<void>(std::span<const HistorySample>)>& take) {
    const history::HeadSnapshot snapshot{.archive = storage.archiveNumber(),
                                         .heads = {storage.head(*storage.find(tag.text()))}};
    HistoryQuery query{.tags = {tag},
                       .from = from,
                       .to = to,
                       .form = HistoryForm::Raw,
                       .intervals = 0,
                       .limit = kSamplesAtOnce};
    for (;;) {
        const auto page = runner.run(query, snapshot, {}, wallClockNow());
        if (!page || !*page) return fail(page ? page->error().message : "the record changes meanwhile");
        if (auto taken = take((*page)->series.at(0).samples); !taken) return taken;
        if ((*page)->more.empty()) return {};
        query.cursor = (*page)->more;
    }
}

}  // namespace tagwire::app
