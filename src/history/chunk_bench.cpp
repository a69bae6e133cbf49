// What packing and unpacking a sample costs, in time and bytes.

#include <benchmark/benchmark.h>

#include "history/chunk.h"
#include "history/sample_log.h"
#include "history/samples_testing.h"

namespace {

using namespace tagwire::history;

void log(benchmark::State& state) {
    const auto samples = plantSamples(kChunkSamples);
    for (auto _ : state) {
        SampleLog log;
        for (const auto& sample : samples) log.append(sample);
        benchmark::DoNotOptimize(log.bytes().data());
        state.counters["B/sample"] = static_cast<double>(log.bytes().size()) / kChunkSamples;
    }
    state.SetItemsProcessed(state.iterations() * std::int64_t{kChunkSamples});
}

void write(benchmark::State& state) {
    const auto samples = plantSamples(kChunkSamples);
    ChunkWriter writer;
    for (auto _ : state) {
        const auto chunk = writer.write(samples);
        state.counters["B/sample"] = static_cast<double>(chunk.size()) / kChunkSamples;
    }
    state.SetItemsProcessed(state.iterations() * std::int64_t{kChunkSamples});
}

void read(benchmark::State& state) {
    const auto chunk = ChunkWriter().write(plantSamples(kChunkSamples));
    ChunkReader reader;
    for (auto _ : state) benchmark::DoNotOptimize(reader.read(chunk));
    state.SetItemsProcessed(state.iterations() * std::int64_t{kChunkSamples});
}

void readNumbers(benchmark::State& state) {
    const auto chunk = ChunkWriter().write(plantSamples(kChunkSamples));
    ChunkReader reader;
    for (auto _ : state) benchmark::DoNotOptimize(reader.readNumbers(chunk));
    state.SetItemsProcessed(state.iterations() * std::int64_t{kChunkSamples});
}

BENCHMARK(log);
BENCHMARK(write);
BENCHMARK(read);
BENCHMARK(readNumbers);

}  // namespace
