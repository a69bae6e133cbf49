#include "source/simulator/wave.h"

#include <gtest/gtest.h>

namespace tagwire::source::simulator {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(WaveTest, SawToothRisesOverThePeriodAndFallsBack) {
    const Wave wave{WaveShape::SawTooth, -100, 100, seconds{60}};
    EXPECT_DOUBLE_EQ(wave.at(seconds{0}), -100);
    EXPECT_DOUBLE_EQ(wave.at(seconds{15}), -50);
    EXPECT_DOUBLE_EQ(wave.at(seconds{30}), 0);
    EXPECT_NEAR(wave.at(milliseconds{59'900}), 99.67, 0.01);
    EXPECT_DOUBLE_EQ(wave.at(seconds{60}), -100);
}

TEST(WaveTest, TriangleRisesAndFalls) {
    const Wave wave{WaveShape::Triangle, 0, 200, seconds{60}};
    EXPECT_DOUBLE_EQ(wave.at(seconds{0}), 0);
    EXPECT_DOUBLE_EQ(wave.at(seconds{15}), 100);
    EXPECT_DOUBLE_EQ(wave.at(seconds{30}), 200);
    EXPECT_DOUBLE_EQ(wave.at(seconds{45}), 100);
}

TEST(WaveTest, SquareIsLowThenHigh) {
    const Wave wave{WaveShape::Square, 0, 1, seconds{20}};
    EXPECT_DOUBLE_EQ(wave.at(milliseconds{9'999}), 0);
    EXPECT_DOUBLE_EQ(wave.at(seconds{10}), 1);
    EXPECT_DOUBLE_EQ(wave.at(milliseconds{19'999}), 1);
    EXPECT_DOUBLE_EQ(wave.at(seconds{20}), 0);
}

TEST(WaveTest, StaysExactForYears) {
    const Wave wave{WaveShape::SawTooth, 0, 60, seconds{60}};
    EXPECT_DOUBLE_EQ(wave.at(hours{24 * 365 * 20} + seconds{7}), 7);
}

}  // namespace
}  // namespace tagwire::source::simulator
