#include "history/summary.h"

#include <algorithm>
#include <random>
#include <span>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "history/samples_testing.h"
#include "model/generated/status_codes.h"

namespace tagwire::history {
namespace {

std::string bytesOf(const Summary& summary) {
    std::string bytes;
    ByteWriter out(bytes);
    writeSummary(out, summary);
    return bytes;
}

/// Runs of numbers with gaps, other statuses, equal times and times that go back between them.
TEST(Summary, ManySamplesAtOnceAreTheSameAsOneAfterTheOther) {
    std::minstd_rand random(3);
    for (int round = 0; round < 200; ++round) {
        std::vector<NumberSample> samples;
        Timestamp time = kTestStart;
        for (unsigned i = 0; i < random() % 100; ++i) {
            time += Ticks{static_cast<std::int64_t>(random() % 20'000'000)};
            if (random() % 10 == 0) time -= std::chrono::seconds{1};
            NumberSample sample{.time = time, .number = static_cast<double>(random() % 50) / 7, .status = {}};
            if (random() % 8 == 0) sample.status = kUncertain;
            if (random() % 8 == 0) sample = {.time = time, .number = kNoNumber, .status = kBadSensorFailure};
            samples.push_back(sample);
        }
        Summary oneByOne;
        for (const auto& sample : samples) oneByOne.add(sample);
        Summary inParts;
        for (std::span<const NumberSample> rest(samples); !rest.empty();) {
            const auto part = rest.first(std::min<std::size_t>(rest.size(), 1 + random() % 40));
            inParts.add(part);
            rest = rest.subspan(part.size());
        }
        ASSERT_EQ(bytesOf(inParts), bytesOf(oneByOne)) << "round " << round;
    }
}

}  // namespace
}  // namespace tagwire::history
