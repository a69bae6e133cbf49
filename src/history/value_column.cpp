#include "history/value_column.h"

#include <algorithm>
#include <type_traits>

#include "history/float_column.h"
#include "history/integer_column.h"
#include "history/runs.h"

namespace tagwire::history {
namespace {

constexpr ValueKind kNullKind = 0;

/// How the values are written.
enum class Form : std::uint8_t { Each = 0, Column = 1 };

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
        return Timestamp{Ticks{number}};
    } else if constexpr (std::is_same_v<T, StatusCode>) {
        return StatusCode{static_cast<std::uint32_t>(number)};
    } else if constexpr (std::is_same_v<T, bool>) {
        return number != 0;
    } else {
        return static_cast<T>(number);
    }
}

/// The kind that all values have that are not Null; kNullKind where they differ, or there are none.
ValueKind commonKind(std::span<const HistorySample> samples) noexcept {
    ValueKind common = kNullKind;
    for (const auto& sample : samples) {
        const auto kind = kindOf(sample.value.value);
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

/// In a column all values that are not Null must be of one kind.
void checkColumn(ByteReader& in, const Kinds& kinds) {
    for (const auto& run : kinds.runs) {
        if (run.kind != kNullKind && run.kind != kinds.common) in.fail();
    }
}

}  // namespace

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

void readValues(ByteReader& in, const Kinds& kinds, std::span<HistorySample> samples) {
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

void readNumberValues(ByteReader& in, const Kinds& kinds, std::span<NumberSample> samples) {
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

}  // namespace tagwire::history
