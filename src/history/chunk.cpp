#include "history/chunk.h"

#include <limits>
#include <type_traits>
#include <utility>

#include <fmt/format.h>

#include "history/checksum.h"
#include "history/float_column.h"
#include "history/integer_column.h"
#include "history/value_codec.h"

namespace tagwire::history {
namespace {

/// Version 1 had all columns in one frame.
constexpr std::uint8_t kOneFrame = 1;
constexpr std::uint8_t kVersion = 2;
/// Measured: level 1 costs 3 % more bytes than 3, at half of the time.
constexpr int kLevel = 1;

constexpr ValueKind kNullKind = 0;

/// How the values are written.
enum class Form : std::uint8_t { Each = 0, Column = 1 };

Timestamp timestamp(std::int64_t ticks) noexcept { return Timestamp{Ticks{ticks}}; }

template <class T>
struct As {
    using Type = T;
};

/// Calls `visitor(As<T>{})` for the kinds that have columns of their own; false for all others.
template <class Visitor>
bool forColumnType(ValueKind kind, Visitor&& visitor) {
    if (kind >= kArrayKind) return false;
    switch (static_cast<BuiltInType>(kind)) {
        case BuiltInType::Boolean: visitor(As<bool>{}); return true;
        case BuiltInType::SByte: visitor(As<std::int8_t>{}); return true;
        case BuiltInType::Byte: visitor(As<std::uint8_t>{}); return true;
        case BuiltInType::Int16: visitor(As<std::int16_t>{}); return true;
        case BuiltInType::UInt16: visitor(As<std::uint16_t>{}); return true;
        case BuiltInType::Int32: visitor(As<std::int32_t>{}); return true;
        case BuiltInType::UInt32: visitor(As<std::uint32_t>{}); return true;
        case BuiltInType::Int64: visitor(As<std::int64_t>{}); return true;
        case BuiltInType::UInt64: visitor(As<std::uint64_t>{}); return true;
        case BuiltInType::Float: visitor(As<float>{}); return true;
        case BuiltInType::Double: visitor(As<double>{}); return true;
        case BuiltInType::DateTime: visitor(As<Timestamp>{}); return true;
        case BuiltInType::StatusCode: visitor(As<StatusCode>{}); return true;
        default: return false;
    }
}

/// Whether a column of T holds integers, which a bool, a time and a status are, too.
template <class T>
constexpr bool kIntegers = !std::is_floating_point_v<T>;

template <class T>
std::int64_t toInteger(T value) noexcept {
    if constexpr (std::is_same_v<T, Timestamp>) {
        return ticksOf(value);
    } else if constexpr (std::is_same_v<T, StatusCode>) {
        return value.code();
    } else {
        return static_cast<std::int64_t>(value);
    }
}

template <class T>
T fromInteger(std::int64_t number) noexcept {
    if constexpr (std::is_same_v<T, Timestamp>) {
        return timestamp(number);
    } else if constexpr (std::is_same_v<T, StatusCode>) {
        return StatusCode{static_cast<std::uint32_t>(number)};
    } else if constexpr (std::is_same_v<T, bool>) {
        return number != 0;
    } else {
        return static_cast<T>(number);
    }
}

/// Runs of equal numbers: how many, which.
template <class Get>
void writeRuns(ByteWriter& out, std::span<const HistorySample> samples, Get get) {
    for (std::size_t begin = 0; begin < samples.size();) {
        const auto code = get(samples[begin]);
        auto end = begin + 1;
        while (end < samples.size() && get(samples[end]) == code) ++end;
        out.varint(end - begin);
        out.varint(code);
        begin = end;
    }
}

/// `take(begin, end, code)` for each run, until there were `count`.
template <class Take>
void readRuns(ByteReader& in, std::size_t count, Take take) {
    for (std::size_t begin = 0; begin < count && in.ok();) {
        const auto length = in.varint();
        const auto code = in.varint();
        if (length == 0 || length > count - begin) in.fail();
        if (!in.ok()) return;
        take(begin, begin + length, code);
        begin += length;
    }
}

std::uint32_t statusOf(const HistorySample& sample) noexcept { return sample.value.status.code(); }
std::uint8_t originOf(const HistorySample& sample) noexcept {
    return static_cast<std::uint8_t>(sample.origin);
}
ValueKind kindOfSample(const HistorySample& sample) noexcept { return kindOf(sample.value.value); }

/// The kind that all values have that are not Null; kNullKind where they differ, or there are none.
ValueKind commonKind(std::span<const HistorySample> samples) noexcept {
    ValueKind common = kNullKind;
    for (const auto& sample : samples) {
        const auto kind = kindOfSample(sample);
        if (kind == kNullKind || kind == common) continue;
        if (common != kNullKind) return kNullKind;
        common = kind;
    }
    return common;
}

template <class T>
void writeColumn(ByteWriter& out, std::span<const HistorySample> samples) {
    std::vector<std::conditional_t<kIntegers<T>, std::int64_t, T>> column;
    column.reserve(samples.size());
    for (const auto& sample : samples) {
        const T* value = sample.value.value.getIf<T>();
        if (value == nullptr) continue;
        if constexpr (kIntegers<T>) {
            column.push_back(toInteger(*value));
        } else {
            column.push_back(*value);
        }
    }
    if constexpr (kIntegers<T>) {
        writeIntegers(out, column);
    } else {
        writeFloats(out, std::span<const T>(column));
    }
}

template <class T>
auto readColumn(ByteReader& in, std::size_t count) {
    std::vector<std::conditional_t<kIntegers<T>, std::int64_t, T>> column(count);
    if constexpr (kIntegers<T>) {
        readIntegers(in, column);
    } else {
        readFloats(in, std::span<T>(column));
    }
    return column;
}

void writeValues(ByteWriter& out, std::span<const HistorySample> samples) {
    const auto kind = commonKind(samples);
    const auto at = out.out().size();
    out.u8(static_cast<std::uint8_t>(Form::Column));
    const bool asColumn = forColumnType(kind, [&]<class T>(As<T> /*type*/) { writeColumn<T>(out, samples); });
    if (asColumn) return;
    out.out().resize(at);
    out.u8(static_cast<std::uint8_t>(Form::Each));
    for (const auto& sample : samples) (void)writeContent(out, sample.value.value);
}

struct KindRun {
    std::size_t begin;
    std::size_t end;
    ValueKind kind;
};

struct Kinds {
    std::vector<KindRun> runs;
    ValueKind common = kNullKind;  ///< of all that are not Null, in a column
    std::size_t values = 0;        ///< that are not Null
};

Kinds readKinds(ByteReader& in, std::size_t count) {
    Kinds kinds;
    readRuns(in, count, [&](std::size_t begin, std::size_t end, std::uint64_t code) {
        if (code > kKindMask) return in.fail();
        const auto kind = static_cast<ValueKind>(code);
        kinds.runs.push_back({begin, end, kind});
        if (kind == kNullKind) return;
        kinds.common = kind;
        kinds.values += end - begin;
    });
    return kinds;
}

/// In a column all values that are not Null must be of one kind.
void checkColumn(ByteReader& in, const Kinds& kinds) {
    for (const auto& run : kinds.runs) {
        if (run.kind != kNullKind && run.kind != kinds.common) in.fail();
    }
}

void readValues(ByteReader& in, const Kinds& kinds, std::vector<HistorySample>& samples) {
    const auto form = in.u8();
    if (form == static_cast<std::uint8_t>(Form::Each)) {
        for (const auto& run : kinds.runs) {
            for (auto i = run.begin; i < run.end && in.ok(); ++i)
                samples[i].value.value = readContent(in, run.kind);
        }
        return;
    }
    if (form != static_cast<std::uint8_t>(Form::Column)) in.fail();
    checkColumn(in, kinds);
    const bool known = forColumnType(kinds.common, [&]<class T>(As<T> /*type*/) {
        const auto column = readColumn<T>(in, kinds.values);
        if (!in.ok()) return;
        std::size_t next = 0;
        for (const auto& run : kinds.runs) {
            if (run.kind == kNullKind) continue;
            for (auto i = run.begin; i < run.end; ++i, ++next) {
                if constexpr (kIntegers<T>) {
                    samples[i].value.value = Value(fromInteger<T>(column[next]));
                } else {
                    samples[i].value.value = Value(column[next]);
                }
            }
        }
    });
    if (!known) in.fail();
}

/// Values that are no numbers are not read; nothing after them can be read then.
void readNumberValues(ByteReader& in, const Kinds& kinds, std::vector<NumberSample>& samples) {
    const auto form = in.u8();
    if (form == static_cast<std::uint8_t>(Form::Each)) {
        for (const auto& run : kinds.runs) {
            for (auto i = run.begin; i < run.end && in.ok(); ++i) {
                const DataValue value{.value = readContent(in, run.kind),
                                      .status = samples[i].status,
                                      .sourceTime = {},
                                      .serverTime = {}};
                samples[i].number = numberOf(value);
            }
        }
        return;
    }
    if (form != static_cast<std::uint8_t>(Form::Column)) in.fail();
    checkColumn(in, kinds);
    const bool known = forColumnType(kinds.common, [&]<class T>(As<T> /*type*/) {
        if constexpr (std::is_arithmetic_v<T>) {
            const auto column = readColumn<T>(in, kinds.values);
            if (!in.ok()) return;
            std::size_t next = 0;
            for (const auto& run : kinds.runs) {
                if (run.kind == kNullKind) continue;
                for (auto i = run.begin; i < run.end; ++i, ++next) {
                    // Through T: 64-bit integers without sign are written as signed ones.
                    const auto number = static_cast<double>(static_cast<T>(column[next]));
                    samples[i].number = numberOf(number, samples[i].status);
                }
            }
        }
    });
    if (!known) in.fail();
}

tl::unexpected<Error> damaged(std::string_view what) {
    return fail(fmt::format("the chunk is damaged: {}", what));
}

}  // namespace

ChunkWriter::ChunkWriter() : zstd_(ZSTD_createCCtx()) {}

/// Appends `raw_` as a frame.
void ChunkWriter::pack(std::string& out) {
    const auto head = out.size();
    out.resize(head + ZSTD_compressBound(raw_.size()));
    const auto packed = ZSTD_compressCCtx(zstd_.get(), out.data() + head, out.size() - head, raw_.data(),
                                          raw_.size(), kLevel);
    // Within the bound nothing can fail but memory.
    if (ZSTD_isError(packed) != 0) throw std::bad_alloc();
    out.resize(head + packed);
}

std::string ChunkWriter::write(std::span<const HistorySample> samples) {
    std::string frames;
    raw_.clear();
    ByteWriter raw(raw_);
    std::vector<std::int64_t> times;
    times.reserve(samples.size());
    for (const auto& sample : samples) times.push_back(ticksOf(sample.value.sourceTime));
    writeIntegers(raw, times);
    writeRuns(raw, samples, statusOf);
    writeRuns(raw, samples, kindOfSample);
    writeValues(raw, samples);
    const auto numbersBytes = raw_.size();
    pack(frames);
    const auto numbersPacked = frames.size();

    raw_.clear();
    writeRuns(raw, samples, originOf);
    for (std::size_t i = 0; i < samples.size(); ++i) {
        const auto server = static_cast<std::uint64_t>(ticksOf(samples[i].value.serverTime));
        times[i] = static_cast<std::int64_t>(server - static_cast<std::uint64_t>(times[i]));
    }
    writeIntegers(raw, times);
    const auto restBytes = raw_.size();
    pack(frames);

    std::string chunk;
    ByteWriter out(chunk);
    out.u8(kVersion);
    out.fixed(std::uint32_t{0});
    const auto covered = chunk.size();
    out.varint(samples.size());
    out.varint(numbersBytes);
    out.varint(numbersPacked);
    out.varint(restBytes);
    out.bytes(frames);
    const auto sum = checksum(std::string_view(chunk).substr(covered));
    std::memcpy(chunk.data() + covered - sizeof sum, &sum, sizeof sum);
    return chunk;
}

Summary summarize(std::span<const HistorySample> samples) noexcept {
    Summary summary;
    for (const auto& [value, origin] : samples) {
        summary.add(NumberSample{value.sourceTime, numberOf(value), value.status});
        if (isText(value.value)) ++summary.texts;
    }
    return summary;
}

ChunkReader::ChunkReader() : zstd_(ZSTD_createDCtx()) {}

/// Appends what is in a frame to raw_; false: not just so many bytes.
bool ChunkReader::unpackFrame(std::string_view frame, std::size_t bytes) {
    const auto at = raw_.size();
    raw_.resize(at + bytes);
    const auto unpacked =
        ZSTD_decompressDCtx(zstd_.get(), raw_.data() + at, bytes, frame.data(), frame.size());
    return ZSTD_isError(unpacked) == 0 && unpacked == bytes;
}

/// Into raw_, of a chunk of two frames perhaps only the first; gives the number of samples.
Result<std::size_t> ChunkReader::unpack(std::string_view chunk, Columns columns) {
    ByteReader in(chunk);
    const auto version = in.u8();
    const auto expected = in.fixed<std::uint32_t>();
    if (!in.ok()) return damaged("it ends early");
    if (version != kVersion && version != kOneFrame)
        return damaged(fmt::format("version {} is unknown", version));
    const auto covered = chunk.substr(chunk.size() - in.left());
    if (checksum(covered) != expected) return damaged("its checksum is wrong");
    const auto count = in.varint();
    const auto bytes = in.varint();
    const auto length = version == kOneFrame ? in.left() : in.varint();
    const auto restBytes = version == kOneFrame ? 0 : in.varint();
    if (!in.ok() || count == 0 || count > kMaxChunkSamples || bytes > kMaxChunkBytes ||
        restBytes > kMaxChunkBytes || length > in.left())
        return damaged("its head makes no sense");
    raw_.clear();
    const bool first = unpackFrame(in.bytes(static_cast<std::size_t>(length)), bytes);
    const bool wanted = version != kOneFrame && columns == Columns::All;
    if (!first || (wanted && !unpackFrame(in.bytes(in.left()), restBytes)))
        return damaged("it cannot be unpacked");
    return static_cast<std::size_t>(count);
}

Result<std::vector<HistorySample>> ChunkReader::read(std::string_view chunk) {
    const auto count = unpack(chunk, Columns::All);
    if (!count) return tl::unexpected(count.error());
    ByteReader in(raw_);
    times_.resize(*count);
    readIntegers(in, times_);
    std::vector<HistorySample> samples(*count);
    for (std::size_t i = 0; i < samples.size(); ++i) samples[i].value.sourceTime = timestamp(times_[i]);
    readRuns(in, *count, [&](std::size_t begin, std::size_t end, std::uint64_t code) {
        for (auto i = begin; i < end; ++i)
            samples[i].value.status = StatusCode{static_cast<std::uint32_t>(code)};
    });
    const auto kinds = readKinds(in, *count);
    readValues(in, kinds, samples);
    readRuns(in, *count, [&](std::size_t begin, std::size_t end, std::uint64_t code) {
        if (code > static_cast<std::uint64_t>(SampleOrigin::Imported)) return in.fail();
        for (auto i = begin; i < end; ++i) samples[i].origin = static_cast<SampleOrigin>(code);
    });
    std::vector<std::int64_t> server(*count);
    readIntegers(in, server);
    if (!in.ok() || !in.atEnd()) return damaged("its columns do not fit");
    for (std::size_t i = 0; i < samples.size(); ++i) {
        const auto sum = static_cast<std::uint64_t>(server[i]) + static_cast<std::uint64_t>(times_[i]);
        samples[i].value.serverTime = timestamp(static_cast<std::int64_t>(sum));
    }
    return samples;
}

Result<std::span<const NumberSample>> ChunkReader::readNumbers(std::string_view chunk) {
    const auto count = unpack(chunk, Columns::Numbers);
    if (!count) return tl::unexpected(count.error());
    ByteReader in(raw_);
    times_.resize(*count);
    readIntegers(in, times_);
    numbers_.resize(*count);
    for (std::size_t i = 0; i < numbers_.size(); ++i) {
        numbers_[i].time = timestamp(times_[i]);
        numbers_[i].number = kNoNumber;
    }
    readRuns(in, *count, [&](std::size_t begin, std::size_t end, std::uint64_t code) {
        for (auto i = begin; i < end; ++i) numbers_[i].status = StatusCode{static_cast<std::uint32_t>(code)};
    });
    const auto kinds = readKinds(in, *count);
    readNumberValues(in, kinds, numbers_);
    if (!in.ok()) return damaged("its columns do not fit");
    return std::span<const NumberSample>(numbers_);
}

}  // namespace tagwire::history
