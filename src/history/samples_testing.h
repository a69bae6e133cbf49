/// Samples of every kind for the tests of the history.
/// Thread: any. Lifetime: functions.
#pragma once

#include <bit>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "history/bytes.h"
#include "history/value_codec.h"
#include "model/history_query.h"

namespace tagwire::history {

/// 2026-01-01T00:00:00Z.
inline constexpr Timestamp kTestStart{std::chrono::seconds{1'767'225'600}};

[[nodiscard]] inline HistorySample sampleAt(std::chrono::milliseconds after, Value value,
                                            StatusCode status = {}) {
    const auto time = kTestStart + std::chrono::duration_cast<Ticks>(after);
    return {.value = {.value = std::move(value), .status = status, .sourceTime = time, .serverTime = time},
            .origin = SampleOrigin::Live};
}

/// To compare bit by bit: Value's own comparison takes -0.0 for 0.0, and one NaN for another.
[[nodiscard]] inline std::string bits(const HistorySample& sample) {
    std::string bytes;
    ByteWriter out(bytes);
    out.u8(kindOf(sample.value.value));
    if (!writeContent(out, sample.value.value)) bytes += "too deep";
    out.fixed(sample.value.status.code());
    out.fixed(ticksOf(sample.value.sourceTime));
    out.fixed(ticksOf(sample.value.serverTime));
    out.u8(static_cast<std::uint8_t>(sample.origin));
    return bytes;
}

[[nodiscard]] inline std::vector<std::string> bits(const std::vector<HistorySample>& samples) {
    std::vector<std::string> all;
    all.reserve(samples.size());
    for (const auto& sample : samples) all.push_back(bits(sample));
    return all;
}

/// Every built-in type, scalar and array, with the values that are easily lost.
[[nodiscard]] inline std::vector<Value> strangeValues() {
    using namespace std::string_literals;
    using Limits = std::numeric_limits<double>;
    const auto nanWithPayload = std::bit_cast<double>(std::uint64_t{0x7FF8'0000'DEAD'BEEF});
    const auto floatNan = std::bit_cast<float>(std::uint32_t{0xFFC0'1234});
    const DataValue nested{
        .value = Value(1.5), .status = StatusCode{0x80000000U}, .sourceTime = kTestStart, .serverTime = {}};
    return {
        Value{},
        Value(true),
        Value(std::int8_t{-128}),
        Value(std::uint8_t{255}),
        Value(std::int16_t{-32768}),
        Value(std::uint16_t{65535}),
        Value(std::int32_t{INT32_MIN}),
        Value(std::uint32_t{UINT32_MAX}),
        Value(std::int64_t{INT64_MIN}),
        Value(std::uint64_t{UINT64_MAX}),
        Value(floatNan),
        Value(-0.0F),
        Value(0.1F),
        Value(nanWithPayload),
        Value(-0.0),
        Value(0.1),
        Value(Limits::infinity()),
        Value(Limits::denorm_min()),
        Value(Limits::max()),
        Value(kTestStart),
        Value(Timestamp{Ticks::min()}),
        Value(StatusCode{0x80310000U}),
        Value("текст\0 with a zero"s),
        Value(""),
        Value(Guid{{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}}),
        Value(NodeIdText{"ns=2;s=Boiler"}),
        Value(ExpandedNodeIdText{"nsu=http://x;i=1"}),
        Value(XmlText{"<a/>"}),
        Value(ByteString{std::string("\xff\0", 2)}),
        Value(QualifiedName{7, "Name"}),
        Value(LocalizedText{"zh", "锅炉"}),
        Value(Structure{R"({"a":1})", ""}),
        Value(Structure{"", "unknown type"}),
        Value(DiagnosticText{"why"}),
        Value(nested),
        Value(Array{BuiltInType::Boolean, std::vector<bool>{true, false, true}, {}}),
        Value(Array{BuiltInType::Double, std::vector<double>{1.0, nanWithPayload, -0.0, 4.0}, {2, 2}}),
        Value(Array{BuiltInType::Int16, std::vector<std::int16_t>{}, {}}),
        Value(Array{BuiltInType::Int16, std::vector<std::int16_t>{}, {5, 0}}),
        Value(Array{BuiltInType::DateTime, std::vector<Timestamp>{kTestStart}, {}}),
        Value(Array{BuiltInType::StatusCode, std::vector<StatusCode>{StatusCode{1}}, {}}),
        Value(Array{BuiltInType::String, std::vector<Value>{Value("a"), Value("b")}, {}}),
        Value(Array{
            BuiltInType::Variant,
            std::vector<Value>{Value(1.0), Value(Array{BuiltInType::Byte, std::vector<std::uint8_t>{9}, {}})},
            {}}),
    };
}

/// Like a flow meter: two decimals, a second apart with some milliseconds of jitter.
[[nodiscard]] inline std::vector<HistorySample> plantSamples(std::size_t count, unsigned seed = 1) {
    std::minstd_rand random(seed);
    std::vector<HistorySample> samples;
    std::int64_t value = 5000;
    for (std::size_t i = 0; i < count; ++i) {
        value += static_cast<std::int64_t>(random() % 21) - 10;
        const auto jitter = static_cast<std::int64_t>(random() % 5);
        auto sample = sampleAt(std::chrono::milliseconds{static_cast<std::int64_t>(i) * 1000 + jitter},
                               Value(static_cast<double>(value) / 100.0));
        sample.value.serverTime += std::chrono::milliseconds{static_cast<std::int64_t>(random() % 20)};
        samples.push_back(std::move(sample));
    }
    return samples;
}

}  // namespace tagwire::history
