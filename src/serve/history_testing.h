/// For tests only: a history whose answers the test gives, and a shard that nobody started.
/// Thread: the test's. Lifetime: of the test.
#pragma once

#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "serve/history_reader.h"
#include "serve/shard.h"
#include "wire/row_encoder.h"

namespace tagwire::serve {

class FakeHistory final : public HistoryReader {
public:
    struct Asked {
        HistoryQuery query;
        std::stop_token stop;
        ServiceAnswer<HistoryAnswer> answer;
    };

    void ask(HistoryQuery query, std::stop_token stop, ServiceAnswer<HistoryAnswer> answer) override {
        asked.push_back({std::move(query), std::move(stop), std::move(answer)});
    }

    std::vector<Asked> asked;
};

struct ShardWithHistory {
    explicit ShardWithHistory(HistoryReader* reader, access::AccessServices* services = nullptr,
                              AuditTrail* trail = nullptr)
        : server{.options = {},
                 .origins = OriginPolicy({}, {}),
                 .boot = "00000000",
                 .product = "Test",
                 .started = {},
                 .zone = {},
                 .encodeRow = wire::appendRow,
                 .assets = {},
                 .history = reader,
                 .access = services,
                 .audit = trail},
          shard(server) {}

    /// Runs what was posted to the shard's thread.
    void settle() {
        shard.context().restart();
        shard.context().poll();
    }

    ServerContext server;
    Shard shard;
};

inline HistorySeries seriesOf(std::string_view tag, std::initializer_list<double> values) {
    HistorySeries series{.tag = TagPath::parse(tag).value()};
    series.known = true;
    std::int64_t millis = 0;
    for (const double value : values) {
        const auto time = fromUnixMillis(millis++);
        series.samples.push_back(
            {.value = {.value = Value(value), .status = {}, .sourceTime = time, .serverTime = time},
             .origin = SampleOrigin::Live});
    }
    return series;
}

}  // namespace tagwire::serve
