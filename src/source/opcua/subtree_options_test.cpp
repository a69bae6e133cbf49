#include "source/opcua/subtree_options.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tagwire::source::opcua {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::StartsWith;

std::vector<std::string> problems(const SubtreeOptions& options) {
    OptionErrors errors;
    options.check(errors);
    std::vector<std::string> found;
    for (const auto& entry : errors.entries()) found.push_back(entry.key + ": " + entry.reason);
    return found;
}

TEST(SubtreeOptions, TakeNodeIdsAndBrowsePaths) {
    SubtreeOptions options;
    options.node = "nsu=http://plant/;s=Line1";
    EXPECT_THAT(problems(options), IsEmpty());
    options.node = "/Objects/nsu=http://plant/;Line1";
    options.include = {"**.Temp"};
    EXPECT_THAT(problems(options), IsEmpty());
}

TEST(SubtreeOptions, SayWhatIsWrongAllAtOnce) {
    SubtreeOptions options;
    options.node = "/Objects/";
    options.name = ".x";
    options.include = {"ok", "a..b"};
    options.exclude = {"**x"};
    options.deadbandAbsolute = 1;
    options.deadbandPercent = 1;
    EXPECT_THAT(problems(options),
                ElementsAre(StartsWith("node: "), StartsWith("name: "), StartsWith("include[1]: "),
                            StartsWith("exclude[0]: "), StartsWith("deadband_percent: ")));
}

}  // namespace
}  // namespace tagwire::source::opcua
