#include "source/simulator/options.h"

#include <gtest/gtest.h>

namespace tagwire::source::simulator {
namespace {

std::vector<OptionErrors::Entry> problems(const SimulatorOptions& options) {
    OptionErrors errors;
    options.check(errors);
    return {errors.entries().begin(), errors.entries().end()};
}

TEST(SimulatorOptionsTest, DefaultsAreFine) { EXPECT_TRUE(problems({}).empty()); }

TEST(SimulatorOptionsTest, ThePrefixIsATagPath) {
    EXPECT_TRUE(problems({.prefix = "Test.Sim"}).empty());
    const auto found = problems({.prefix = "Test..Sim"});
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].key, "prefix");
}

TEST(SimulatorOptionsTest, ALoadTagChangesAtMostOnceAScan) {
    EXPECT_TRUE(problems({.loadTags = 10, .loadRateHz = 10}).empty());
    EXPECT_TRUE(problems({.loadTags = 0, .loadRateHz = 20}).empty()) << "unused";
    const auto found = problems({.loadTags = 10, .loadRateHz = 10.5});
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].key, "load_rate_hz");
    EXPECT_NE(found[0].reason.find("at most 10 Hz"), std::string::npos);
}

TEST(SimulatorOptionsTest, ClaimsItsBranchesOnly) {
    const SimulatorOptions options;
    EXPECT_TRUE(claims(options, "Random.Int1"));
    EXPECT_TRUE(claims(options, "Plant.Unit100.TI-101"));
    EXPECT_TRUE(claims(options, "Plant"));
    EXPECT_FALSE(claims(options, "Plant2.Unit100"));
    EXPECT_FALSE(claims(options, "Load.T000001")) << "no load tags";
    EXPECT_FALSE(claims({.plant = false}, "Plant.Unit100.TI-101"));
    EXPECT_TRUE(claims({.prefix = "Sim"}, "Sim.Random.Int1"));
    EXPECT_TRUE(claims({.prefix = "Sim"}, "Sim"));
    EXPECT_FALSE(claims({.prefix = "Sim"}, "Random.Int1"));
    EXPECT_FALSE(claims({.prefix = "Sim"}, "Simple.Random.Int1"));
}

}  // namespace
}  // namespace tagwire::source::simulator
