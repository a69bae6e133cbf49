#include "source/simulator/plant_model.h"

#include <algorithm>
#include <cmath>
#include <set>

#include <gtest/gtest.h>

namespace tagwire::source::simulator {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

template <class Visit>
void run(PlantModel& model, milliseconds duration, Visit visit) {
    for (milliseconds time = PlantModel::kStep; time <= duration; time += PlantModel::kStep) {
        model.advanceTo(time);
        visit(time);
    }
}

constexpr double kHoursPerStep = 0.1 / 3600;

class PlantBalanceTest : public testing::TestWithParam<std::uint64_t> {};

/// What flowed in and not out is in the vessels. Explicit integration with flows of neighbouring steps leaves
/// a small remainder; it must not grow.
TEST_P(PlantBalanceTest, MassIsKept) {
    PlantModel model(GetParam());
    const auto contents = [&model] {
        const Reaction& r = model.reaction();
        const Distillation& d = model.distillation();
        return (r.tankLevel * Reaction::kTankVolume + r.level.process * Reaction::kReactorVolume +
                r.drumLevel * Reaction::kDrumVolume + d.sumpLevel.process * Distillation::kSumpVolume +
                d.drumLevel * Distillation::kDrumVolume) /
               100;
    };
    const double before = contents();
    double net = 0;
    run(model, hours{2}, [&](milliseconds) {
        const Distillation& d = model.distillation();
        // Vapour on its way to the condenser is in no vessel.
        net += (model.reaction().receipt - d.distillate - d.bottoms + d.overhead - d.boilUp) * kHoursPerStep;
    });
    EXPECT_NEAR(contents() - before, net, 0.1);
}

TEST_P(PlantBalanceTest, SteamPressureFollowsProductionAndUse) {
    PlantModel model(GetParam());
    const double before = model.utilities().headerPressure;
    double net = 0;
    run(model, hours{1}, [&](milliseconds) {
        const Utilities& u = model.utilities();
        net += (u.steamProduced - u.steamTaken) * kHoursPerStep;
    });
    EXPECT_NEAR(model.utilities().headerPressure - before, net / 0.12, 0.1);
}

TEST_P(PlantBalanceTest, StaysPlausible) {
    PlantModel model(GetParam());
    run(model, hours{3}, [&](milliseconds time) {
        const Reaction& r = model.reaction();
        const Distillation& d = model.distillation();
        const Utilities& u = model.utilities();
        for (const double level :
             {r.tankLevel, r.level.process, r.drumLevel, d.sumpLevel.process, d.drumLevel}) {
            ASSERT_GT(level, 5) << time.count();
            ASSERT_LT(level, 95) << time.count();
        }
        ASSERT_GT(r.reactorTemp, 70) << time.count();
        ASSERT_LT(r.reactorTemp, 105) << time.count();
        ASSERT_GT(d.bottomsTemp, 110) << time.count();
        ASSERT_LT(d.bottomsTemp, 145) << time.count();
        ASSERT_GT(d.pressure, 2) << time.count();
        ASSERT_LT(d.pressure, 5) << time.count();
        ASSERT_GT(u.headerPressure, 7) << time.count();
        ASSERT_LT(u.headerPressure, 14) << time.count();
        ASSERT_GT(u.supplyTemp, 10) << time.count();
        ASSERT_LT(u.supplyTemp, 35) << time.count();
    });
}

TEST_P(PlantBalanceTest, LimitsAreExceededNowAndThenAndEverythingRecovers) {
    PlantModel model(GetParam());
    double pressureHigh = 0;
    double flowLow = 1000;
    double temperatureHigh = 0;
    bool standbyRan = false;
    run(model, hours{2}, [&](milliseconds) {
        pressureHigh = std::max(pressureHigh, model.distillation().pressure);
        flowLow = std::min(flowLow, model.distillation().feedFlow);
        temperatureHigh = std::max(temperatureHigh, model.reaction().reactorTemp);
        standbyRan = standbyRan || model.reaction().pumpB.running();
    });
    EXPECT_GT(pressureHigh, 3.8);    // PI-102 high high
    EXPECT_LT(flowLow, 70);          // FIC-101 low low
    EXPECT_GT(temperatureHigh, 90);  // TIC-203 high
    EXPECT_TRUE(standbyRan);
}

INSTANTIATE_TEST_SUITE_P(Seeds, PlantBalanceTest, testing::Values(1, 2, 3, 20'261'123));

TEST(PlantModelTest, StartsSettled) {
    const PlantModel model(1);
    EXPECT_NEAR(model.reaction().reactorTemp, 85, 0.5);
    EXPECT_NEAR(model.reaction().chargeFlow, model.reaction().charge.setpoint, 0.5);
    EXPECT_NEAR(model.distillation().bottomsTemp, 128, 0.5);
    EXPECT_NEAR(model.utilities().headerPressure, 10, 0.1);
    EXPECT_EQ(model.reaction().charged, 0);
}

TEST(PlantModelTest, ResultDoesNotDependOnTheCallsInBetween) {
    PlantModel often(9);
    PlantModel once(9);
    run(often, minutes{20}, [](milliseconds) {});
    once.advanceTo(minutes{20});
    EXPECT_EQ(often.distillation().pressure, once.distillation().pressure);
    EXPECT_EQ(often.reaction().tankLevel, once.reaction().tankLevel);
    EXPECT_EQ(often.utilities().energy, once.utilities().energy);
}

TEST(ControllerTest, DoesNotWindUpWhileItsOutputIsLimited) {
    Controller controller{.setpoint = 80, .gain = -1, .integralTime = 10};
    for (int i = 0; i < 10'000; ++i) controller.update(20, 0.1);
    EXPECT_EQ(controller.output, 100);
    for (int i = 0; i < 50; ++i) controller.update(90, 0.1);
    EXPECT_LT(controller.output, 90);
}

TEST(ControllerTest, ManualKeepsTheOutput) {
    Controller controller{.mode = ControllerMode::Manual, .setpoint = 80, .output = 33};
    controller.update(20, 0.1);
    EXPECT_EQ(controller.output, 33);
    EXPECT_EQ(controller.process, 20);
}

TEST(MotorTest, StartsTripsAndStops) {
    Motor motor{.ratedPower = 37};
    motor.update(true, false, 0.5, 0.1);
    EXPECT_EQ(motor.state, MotorState::Starting);
    for (int i = 0; i < 20; ++i) motor.update(true, false, 0.5, 0.1);
    const double inrush = motor.current;
    for (int i = 0; i < 50; ++i) motor.update(true, false, 0.5, 0.1);
    EXPECT_EQ(motor.state, MotorState::Running);
    EXPECT_GT(inrush, 2 * motor.current);
    motor.update(true, true, 0.5, 0.1);
    EXPECT_EQ(motor.state, MotorState::Tripped);
    motor.update(false, false, 0.5, 0.1);
    EXPECT_EQ(motor.state, MotorState::Stopped);
    for (int i = 0; i < 50; ++i) motor.update(false, false, 0.5, 0.1);
    EXPECT_NEAR(motor.current, 0, 0.1);
    motor.update(true, false, 0.5, 0.1);
    EXPECT_EQ(motor.state, MotorState::Starting) << "however long it stood still";
}

TEST(PlantEventsTest, EndWithinTheirSlots) {
    const PlantEvents events(3);
    for (int slot = 1; slot < 200; ++slot) {
        const auto edge = PlantEvents::kProcessSlot * slot;
        for (const milliseconds time : {milliseconds(edge), milliseconds(edge) - milliseconds{100}}) {
            const Disturbances d = events.disturbances(time);
            EXPECT_FALSE(d.feedPumpTrip || d.chargePumpTrip || d.condenserFouling || d.exotherm ||
                         d.steamDemand);
        }
        EXPECT_FALSE(events.sensorTrouble(PlantEvents::kSensorSlot * slot));
    }
}

TEST(PlantEventsTest, EveryKindOfSensorTroubleComes) {
    const PlantEvents events(1);
    std::set<std::string_view> instruments;
    for (seconds time{0}; time < hours{4}; time += seconds{5}) {
        if (const auto trouble = events.sensorTrouble(time)) instruments.insert(trouble->instrument);
    }
    EXPECT_EQ(instruments.size(), 7U);
}

}  // namespace
}  // namespace tagwire::source::simulator
