#include "history/chunk.h"

#include <cmath>
#include <random>

#include <gtest/gtest.h>

#include "history/checksum.h"
#include "history/sample_log.h"
#include "history/samples_testing.h"
#include "model/generated/status_codes.h"

namespace tagwire::history {
namespace {

using std::chrono::milliseconds;

std::vector<HistorySample> throughChunk(const std::vector<HistorySample>& samples) {
    const auto chunk = ChunkWriter().write(samples);
    auto read = ChunkReader().read(chunk);
    EXPECT_TRUE(read.has_value()) << (read ? "" : read.error().message);
    return read ? *std::move(read) : std::vector<HistorySample>{};
}

void expectSame(const std::vector<HistorySample>& samples) {
    EXPECT_EQ(bits(throughChunk(samples)), bits(samples));
}

TEST(Chunk, KeepsEveryTypeAloneBitByBit) {
    for (const auto& value : strangeValues()) expectSame({sampleAt(milliseconds{1}, value)});
}

TEST(Chunk, KeepsEveryTypeBesideOthers) {
    std::vector<HistorySample> samples;
    milliseconds time{0};
    for (const auto& value : strangeValues()) samples.push_back(sampleAt(time++, value));
    expectSame(samples);
}

TEST(Chunk, KeepsNullsBetweenNumbers) {
    std::vector<HistorySample> samples;
    for (int i = 0; i < 50; ++i) {
        const bool gap = i % 7 == 3;
        samples.push_back(
            sampleAt(milliseconds{i}, gap ? Value{} : Value(i * 0.25), gap ? kBadDataLost : StatusCode{}));
    }
    expectSame(samples);
}

TEST(Chunk, KeepsTimesThatAreFarApart) {
    auto early = sampleAt(milliseconds{0}, Value(1));
    early.value.sourceTime = Timestamp{Ticks::min()};
    auto late = sampleAt(milliseconds{0}, Value(2));
    late.value.sourceTime = Timestamp{Ticks::max()};
    late.value.serverTime = Timestamp{Ticks::min()};
    expectSame({early, sampleAt(milliseconds{3}, Value(3)), late});
}

TEST(Chunk, KeepsStatusAndOrigin) {
    auto samples = plantSamples(20);
    samples[3].value.status = kUncertainLastUsableValue;
    samples[4].origin = SampleOrigin::Backfill;
    samples[19].origin = SampleOrigin::Imported;
    expectSame(samples);
}

TEST(Chunk, NumbersBetweenDecimalsStayExact) {
    auto samples = plantSamples(200);
    samples[7].value.value = Value(1.0 / 3.0);
    samples[50].value.value = Value(std::nan(""));
    samples[51].value.value = Value(-0.0);
    samples[52].value.value = Value(1e300);
    expectSame(samples);
}

/// Any bits at all, of every numeric type: whatever the columns do, nothing changes.
TEST(Chunk, KeepsRandomBits) {
    std::mt19937_64 random(42);
    const auto makers = std::to_array<Value (*)(std::uint64_t)>({
        [](std::uint64_t r) { return Value(std::bit_cast<double>(r)); },
        [](std::uint64_t r) { return Value(std::bit_cast<float>(static_cast<std::uint32_t>(r))); },
        [](std::uint64_t r) { return Value(static_cast<std::int64_t>(r)); },
        [](std::uint64_t r) { return Value(r); },
        [](std::uint64_t r) { return Value(static_cast<std::uint8_t>(r)); },
        [](std::uint64_t r) { return Value((r & 1) != 0); },
        [](std::uint64_t r) { return Value(static_cast<double>(r % 1000) / 100.0); },
        [](std::uint64_t r) { return Value(static_cast<float>(r % 1000) / 10.0F); },
    });
    for (int round = 0; round < 200; ++round) {
        const auto& make = makers[random() % makers.size()];
        std::vector<HistorySample> samples(1 + random() % 300);
        std::int64_t time = 0;
        const auto wide = random() % 3 == 0;
        for (auto& sample : samples) {
            time +=
                wide ? static_cast<std::int64_t>(random() >> 12U) : static_cast<std::int64_t>(random() % 100);
            sample.value.value = make(random());
            sample.value.sourceTime = Timestamp{Ticks{time}};
            sample.value.serverTime = Timestamp{Ticks{static_cast<std::int64_t>(random())}};
            if (random() % 50 == 0) sample.value.status = StatusCode{static_cast<std::uint32_t>(random())};
        }
        expectSame(samples);
    }
}

TEST(Chunk, IsSmallForPlantData) {
    const auto samples = plantSamples(kChunkSamples);
    EXPECT_LT(ChunkWriter().write(samples).size(), samples.size() * 5 / 2);
}

TEST(Chunk, NumbersAreThoseOfTheSamples) {
    auto samples = plantSamples(300);
    samples[5].value.status = kBadNoCommunication;
    samples[9].value.value = Value{};
    const auto chunk = ChunkWriter().write(samples);
    ChunkReader reader;
    const auto numbers = reader.readNumbers(chunk);
    ASSERT_TRUE(numbers.has_value());
    ASSERT_EQ(numbers->size(), samples.size());
    for (std::size_t i = 0; i < samples.size(); ++i) {
        EXPECT_EQ((*numbers)[i].time, samples[i].value.sourceTime);
        EXPECT_EQ((*numbers)[i].status, samples[i].value.status);
        const double expected = numberOf(samples[i].value);
        if (std::isnan(expected)) {
            EXPECT_TRUE(std::isnan((*numbers)[i].number));
        } else {
            EXPECT_EQ((*numbers)[i].number, expected);
        }
    }
}

TEST(Chunk, NumbersOfLargeUnsignedIntegersArePositive) {
    const auto chunk = ChunkWriter().write(std::vector{sampleAt(milliseconds{0}, Value(UINT64_MAX))});
    ChunkReader reader;
    const auto numbers = reader.readNumbers(chunk);
    ASSERT_TRUE(numbers.has_value());
    EXPECT_EQ((*numbers)[0].number, 18446744073709551616.0);
}

TEST(Chunk, EveryFlippedBitIsNoticed) {
    const auto chunk = ChunkWriter().write(plantSamples(30));
    ChunkReader reader;
    for (std::size_t bit = 0; bit < chunk.size() * 8; ++bit) {
        auto damaged = chunk;
        damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
        EXPECT_FALSE(reader.read(damaged).has_value()) << "bit " << bit;
    }
    for (std::size_t length = 0; length < chunk.size(); ++length)
        EXPECT_FALSE(reader.read(chunk.substr(0, length)).has_value());
}

/// As version 1 wrote it: all columns in one frame.
std::string asVersion1(std::string_view chunk) {
    ByteReader in(chunk.substr(5));
    const auto samples = in.varint();
    const auto first = in.varint();
    const auto firstPacked = in.varint();
    const auto rest = in.varint();
    std::string raw(first + rest, '\0');
    const auto one = in.bytes(firstPacked);
    const auto two = in.bytes(in.left());
    EXPECT_EQ(ZSTD_decompress(raw.data(), first, one.data(), one.size()), first);
    EXPECT_EQ(ZSTD_decompress(raw.data() + first, rest, two.data(), two.size()), rest);
    std::string packed(ZSTD_compressBound(raw.size()), '\0');
    packed.resize(ZSTD_compress(packed.data(), packed.size(), raw.data(), raw.size(), 1));
    std::string covered;
    ByteWriter out(covered);
    out.varint(samples);
    out.varint(raw.size());
    out.bytes(packed);
    std::string old(1, '\x01');
    ByteWriter(old).fixed(checksum(covered));
    return old + covered;
}

TEST(Chunk, ReadsVersion1) {
    auto samples = plantSamples(1000);
    samples[3].origin = SampleOrigin::Backfill;
    const auto chunk = ChunkWriter().write(samples);
    const auto old = asVersion1(chunk);
    ChunkReader reader;
    const auto read = reader.read(old);
    ASSERT_TRUE(read.has_value()) << read.error().message;
    EXPECT_EQ(bits(*read), bits(samples));
    const auto numbers = reader.readNumbers(old);
    ASSERT_TRUE(numbers.has_value());
    ASSERT_EQ(numbers->size(), samples.size());
    EXPECT_EQ(numbers->back().number, samples.back().value.value.toDouble());
}

TEST(SampleLog, KeepsEveryTypeAndCanBeReadFromAMark) {
    SampleLog log;
    std::vector<HistorySample> samples;
    milliseconds time{0};
    for (const auto& value : strangeValues()) {
        samples.push_back(sampleAt(time, value, StatusCode{static_cast<std::uint32_t>(time.count() % 2)}));
        time += milliseconds{10};
    }
    samples[1].origin = SampleOrigin::Backfill;
    for (std::size_t i = 0; i < 10; ++i) log.append(samples[i]);
    log.mark();
    const auto mark = log.bytes().size();
    for (std::size_t i = 10; i < samples.size(); ++i) log.append(samples[i]);
    EXPECT_EQ(log.count(), samples.size());
    const auto all = readSampleLog(log.bytes());
    ASSERT_TRUE(all.has_value());
    EXPECT_EQ(bits(*all), bits(samples));
    log.removeFirst(mark, 10);
    const auto rest = readSampleLog(log.bytes());
    ASSERT_TRUE(rest.has_value());
    EXPECT_EQ(bits(*rest), bits({samples.begin() + 10, samples.end()}));
}

TEST(SampleLog, RefusesWhatIsTooLongOrTooDeepAndSaysSo) {
    Value deep(1.0);
    for (unsigned i = 0; i <= kMaxValueDepth; ++i)
        deep = Value(Array{BuiltInType::Variant, std::vector<Value>{deep}, {}});
    SampleLog log;
    log.append(sampleAt(milliseconds{0}, Value(std::string(kMaxValueBytes + 1, 'x'))));
    log.append(sampleAt(milliseconds{1}, deep));
    log.append(sampleAt(milliseconds{2}, Value(2.0)));
    const auto read = readSampleLog(log.bytes());
    ASSERT_TRUE(read.has_value());
    ASSERT_EQ(read->size(), 3U);
    EXPECT_EQ((*read)[0].value.status, kBadEncodingLimitsExceeded);
    EXPECT_TRUE((*read)[1].value.value.isNull());
    EXPECT_EQ((*read)[2].value.value, Value(2.0));
}

}  // namespace
}  // namespace tagwire::history
