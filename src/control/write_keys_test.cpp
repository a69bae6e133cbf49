#include "control/write_keys.h"

#include <gtest/gtest.h>

#include "control/desk_testing.h"

namespace tagwire::control {
namespace {

using Known = WriteKeys::Known;

const SteadyTime kNow = SteadyTime{} + std::chrono::hours{1};

WriteKeys::Results resultsOf(double value) { return {{.status = {}, .value = Value(value), .message = {}}}; }

/// Takes and settles a key in one go.
Known store(WriteKeys& keys, const std::string& name, SteadyTime now, std::string content = "c") {
    const auto known = keys.take(name, std::move(content), [](const auto&) {}, now);
    if (known == Known::New) keys.settle(name, resultsOf(1), now);
    return known;
}

TEST(WriteKeys, ForgetAfterTheirTime) {
    WriteKeys keys;
    EXPECT_EQ(store(keys, "a", kNow), Known::New);
    EXPECT_EQ(store(keys, "a", kNow + WriteKeys::kKeptFor - std::chrono::seconds{1}), Known::Again);
    EXPECT_EQ(store(keys, "a", kNow + WriteKeys::kKeptFor), Known::New);
}

TEST(WriteKeys, ForgetTheOldestWhenFull) {
    WriteKeys keys;
    for (std::size_t i = 0; i <= WriteKeys::kMaxAnswers; ++i) store(keys, std::to_string(i), kNow);
    EXPECT_EQ(keys.size(), WriteKeys::kMaxAnswers);
    EXPECT_EQ(store(keys, "1", kNow), Known::Again);
    EXPECT_EQ(store(keys, "0", kNow), Known::New);
}

TEST(WriteKeys, AreBoundedInSize) {
    WriteKeys keys;
    const std::size_t bytes = 100'000;
    for (int i = 0; i < 1000; ++i) store(keys, std::to_string(i), kNow, std::string(bytes, 'x'));
    EXPECT_LE(keys.size() * bytes, WriteKeys::kMaxBytes);
    EXPECT_GT(keys.size(), 100U);
}

TEST(WriteKeys, NeverForgetWhatWaits) {
    WriteKeys keys;
    std::vector<double> got;
    const auto answer = [&got](const auto& result) { got.push_back(result.value()[0].value.toDouble()); };
    EXPECT_EQ(keys.take("a", "c", answer, kNow), Known::New);
    EXPECT_EQ(keys.take("a", "c", answer, kNow + std::chrono::hours{1}), Known::Again);
    EXPECT_TRUE(got.empty());
    keys.settle("a", resultsOf(7), kNow + std::chrono::hours{1});
    EXPECT_EQ(got, (std::vector<double>{7, 7}));
}

TEST(WriteKeys, BoundWhoWaitsForOneAnswer) {
    WriteKeys keys;
    for (std::size_t i = 0; i < WriteKeys::kMaxAskers; ++i)
        EXPECT_NE(keys.take("a", "c", [](const auto&) {}, kNow), Known::TooMany);
    EXPECT_EQ(keys.take("a", "c", [](const auto&) {}, kNow), Known::TooMany);
}

}  // namespace
}  // namespace tagwire::control
