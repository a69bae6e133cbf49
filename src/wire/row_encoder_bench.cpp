// Cost of one change on its way to the browsers: a row is encoded once, whatever the number of clients.
#include <benchmark/benchmark.h>

#include "wire/request_parser.h"
#include "wire/row_encoder.h"

namespace tagwire::wire {
namespace {

constexpr int kRows = 1000;

void encodeRows(benchmark::State& state, const Value& value) {
    const auto base = fromUnixMillis(1795404647367);
    const DataValue change{value, {}, base + std::chrono::milliseconds{40}, base};
    std::string out;
    for (auto _ : state) {
        out.clear();
        for (std::uint32_t i = 0; i < kRows; ++i) appendRow(out, TagId{i}, change, base);
        benchmark::DoNotOptimize(out.data());
    }
    state.SetItemsProcessed(state.iterations() * kRows);
    state.counters["bytes/row"] = static_cast<double>(out.size()) / kRows;
}

BENCHMARK_CAPTURE(encodeRows, double, Value(92.137));
BENCHMARK_CAPTURE(encodeRows, doubleOf17Digits, Value(0.1 + 0.2));
BENCHMARK_CAPTURE(encodeRows, wholeDouble, Value(1500.0));
BENCHMARK_CAPTURE(encodeRows, float, Value(92.137F));
BENCHMARK_CAPTURE(encodeRows, int32, Value(std::int32_t{123456}));
BENCHMARK_CAPTURE(encodeRows, boolean, Value(true));
BENCHMARK_CAPTURE(encodeRows, text, Value("Füllstand niedrig: \"Tank 7\""));
BENCHMARK_CAPTURE(encodeRows, arrayOf100Doubles,
                  Value(Array{BuiltInType::Double, std::vector<double>(100, 92.137), {}}));

void parseSubscription(benchmark::State& state) {
    std::string text = R"({"t":"sub","id":1,"tags":["Plant.Unit100.TI0")";
    for (std::int64_t i = 1; i < state.range(0); ++i)
        text += R"(,"Plant.Unit100.TI)" + std::to_string(i) + '"';
    text += R"(],"min":100,"credits":2})";
    for (auto _ : state) {
        auto frame = parseRequest(text);
        benchmark::DoNotOptimize(frame);
    }
    state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(parseSubscription)->Arg(1)->Arg(1000);

}  // namespace
}  // namespace tagwire::wire
