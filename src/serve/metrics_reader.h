/// What the rest of the program tells /metrics; implemented by the composition root.
/// Thread: read() by any shard's. Lifetime: outlives the server.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace tagwire::serve {

struct MetricSample {
    std::string name;  ///< without the prefix `tagwire_`; counters end in `_total`
    std::string help;
    bool counter = false;
    double value = 0;
    std::vector<std::pair<std::string, std::string>> labels;
};

class MetricsReader {
public:
    MetricsReader() = default;
    MetricsReader(const MetricsReader&) = delete;
    MetricsReader& operator=(const MetricsReader&) = delete;
    virtual ~MetricsReader() = default;

    [[nodiscard]] virtual std::vector<MetricSample> read() const = 0;
};

}  // namespace tagwire::serve
