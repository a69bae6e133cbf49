#include "sink/postgresql/row_writer.h"

#include <bit>
#include <chrono>
#include <cmath>
#include <limits>
#include <optional>
#include <type_traits>

#include "history/checksum.h"
#include "history/number.h"
#include "history/value_codec.h"
#include "model/generated/status_codes.h"
#include "model/plain_text.h"

namespace tagwire::sink::postgresql {
namespace {

using Micros = std::chrono::duration<std::int64_t, std::micro>;

constexpr std::string_view kSignature("PGCOPY\n\xFF\r\n\0", 11);
constexpr std::int16_t kFields = 9;
constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
/// 2000-01-01, from which PostgreSQL counts.
constexpr Timestamp kEpoch{std::chrono::sys_days{std::chrono::year{2000} / 1 / 1}};
/// 4714-11-24 BC. The latest is beyond our own.
constexpr std::int64_t kFirstMicros = -211'813'488'000'000'000;
/// Integers beyond are not exact in a double.
constexpr std::int64_t kExact = std::int64_t{1} << 53U;

std::int64_t microsOf(Timestamp time) noexcept {
    // In this order: a difference of ticks could overflow.
    return std::chrono::floor<Micros>(time.time_since_epoch()).count() -
           std::chrono::floor<Micros>(kEpoch.time_since_epoch()).count();
}

bool hasText(const Value& value) noexcept {
    if (const auto* number = value.getIf<std::int64_t>()) return *number > kExact || *number < -kExact;
    if (const auto* number = value.getIf<std::uint64_t>()) return *number > std::uint64_t{kExact};
    return history::isText(value);
}

/// Value's own comparison takes -0.0 for 0.0, and one NaN for another.
Value canonical(const Value& value) {
    const auto of = [](auto number) {
        if (std::isnan(number)) return Value(std::numeric_limits<decltype(number)>::quiet_NaN());
        return Value(number == 0 ? decltype(number){0} : number);
    };
    if (const auto* number = value.getIf<double>()) return of(*number);
    if (const auto* number = value.getIf<float>()) return of(*number);
    return value;
}

/// True: there were some.
bool replaceNul(std::string& text) {
    bool any = false;
    for (auto at = text.find('\0'); at != std::string::npos; at = text.find('\0', at)) {
        text.replace(at, 1, kReplacement);
        any = true;
    }
    return any;
}

}  // namespace

std::uint64_t digestOf(const DataValue& value) {
    std::string bytes;
    history::ByteWriter out(bytes);
    out.fixed(ticksOf(value.sourceTime));
    out.fixed(value.status.code());
    out.u8(history::kindOf(value.value));
    // What was recorded can be written: it was before.
    (void)history::writeContent(out, canonical(value.value));
    return history::digest(bytes);
}

template <class T>
void RowWriter::number(T value) {
    const auto bits = static_cast<std::make_unsigned_t<T>>(value);
    for (unsigned shift = 8 * sizeof(T); shift > 0; shift -= 8)
        bytes_ += static_cast<char>(static_cast<unsigned char>(bits >> (shift - 8)));
}

void RowWriter::field(std::string_view bytes) {
    number(static_cast<std::int32_t>(bytes.size()));
    bytes_ += bytes;
}

template <class T>
void RowWriter::numberField(T value) {
    number(static_cast<std::int32_t>(sizeof(T)));
    number(value);
}

void RowWriter::timeField(std::int64_t micros) {
    if (micros < kFirstMicros) return nullField();
    numberField(micros);
}

void RowWriter::begin() {
    bytes_ += kSignature;
    number(std::int32_t{0});  // flags
    number(std::int32_t{0});  // no further head
}

void RowWriter::end() { number(std::int16_t{-1}); }

void RowWriter::append(std::string_view tag, const HistorySample& sample) {
    const auto& recorded = sample.value;
    const auto micros = microsOf(recorded.sourceTime);
    const bool inRange = micros >= kFirstMicros;
    const Value value = inRange ? recorded.value : Value{};
    const auto status = inRange ? recorded.status : kBadOutOfRange;
    bool altered = !inRange;

    number(kFields);
    field(tag);
    numberField(inRange ? micros : kFirstMicros);
    if (!value.isArray() && history::isNumeric(value.type())) {
        numberField(std::bit_cast<std::int64_t>(value.toDouble()));
    } else {
        nullField();
    }
    if (hasText(value)) {
        scratch_.clear();
        appendPlainText(scratch_, value);
        altered = replaceNul(scratch_) || altered;
        field(scratch_);
    } else {
        nullField();
    }
    numberField(static_cast<std::int16_t>(history::kindOf(value)));
    numberField(std::int64_t{status.code()});
    if (recorded.serverTime == Timestamp{}) {
        nullField();
    } else {
        timeField(microsOf(recorded.serverTime));
    }
    numberField(static_cast<std::int16_t>(sample.origin));
    numberField(static_cast<std::int64_t>(digestOf(recorded)));
    if (altered) ++altered_;
}

}  // namespace tagwire::sink::postgresql
