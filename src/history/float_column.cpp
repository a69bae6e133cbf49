#include "history/float_column.h"

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <type_traits>
#include <vector>

#include "history/integer_column.h"

namespace tagwire::history {
namespace {

template <class F>
using BitsOf = std::conditional_t<sizeof(F) == 8, std::uint64_t, std::uint32_t>;

enum Mode : std::uint8_t { Decimal = 0, Planes = 1 };

/// 10^0 to 10^12, all exact.
constexpr std::array kPowers{1.0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12};
/// Beyond it not every integer is a double.
constexpr double kExact = 9007199254740992.0;  // 2^53
/// Decimals are given up when more than one of so many numbers is none.
constexpr std::size_t kOneExceptionIn = 16;

template <class F>
F fromDecimal(std::int64_t digits, double power) noexcept {
    return static_cast<F>(static_cast<double>(digits) / power);
}

/// Whether `digits / power` is `number` to the bit; then `digits` is set.
template <class F>
bool isDecimal(F number, double power, std::int64_t& digits) noexcept {
    const double scaled = static_cast<double>(number) * power;
    if (!(std::abs(scaled) < kExact)) return false;  // NaN, too
    const std::int64_t rounded = std::llrint(scaled);
    if (std::bit_cast<BitsOf<F>>(fromDecimal<F>(rounded, power)) != std::bit_cast<BitsOf<F>>(number))
        return false;
    digits = rounded;
    return true;
}

template <class F>
struct Decimals {
    struct Exception {
        std::size_t position;
        F number;
    };

    std::size_t exponent = 0;
    std::vector<std::int64_t> digits;
    std::vector<Exception> exceptions;
};

/// The smallest exponent at which all numbers that are decimals at all are integers. False: too many are
/// none.
template <class F>
bool findExponent(std::span<const F> column, Decimals<F>& found) {
    std::size_t failed = 0;
    std::int64_t digits = 0;
    for (const F number : column) {
        auto exponent = found.exponent;
        while (exponent < kPowers.size() && !isDecimal(number, kPowers[exponent], digits)) ++exponent;
        if (exponent < kPowers.size()) {
            found.exponent = exponent;
        } else if (++failed > column.size() / kOneExceptionIn) {
            return false;
        }
    }
    return true;
}

template <class F>
bool toDecimals(std::span<const F> column, Decimals<F>& out) {
    if (!findExponent(column, out)) return false;
    out.digits.reserve(column.size());
    std::int64_t digits = 0;
    for (std::size_t i = 0; i < column.size(); ++i) {
        // An exception repeats the digits before it, which costs nothing.
        if (!isDecimal(column[i], kPowers[out.exponent], digits)) out.exceptions.push_back({i, column[i]});
        out.digits.push_back(digits);
    }
    return out.exceptions.size() <= column.size() / kOneExceptionIn;
}

template <class F>
void write(ByteWriter& out, std::span<const F> column) {
    Decimals<F> decimals;
    if (toDecimals(column, decimals)) {
        out.u8(Decimal);
        out.u8(static_cast<std::uint8_t>(decimals.exponent));
        writeIntegers(out, decimals.digits);
        out.varint(decimals.exceptions.size());
        for (const auto& [position, number] : decimals.exceptions) {
            out.varint(position);
            out.fixed(number);
        }
        return;
    }
    out.u8(Planes);
    std::vector<std::uint64_t> words;
    words.reserve(column.size());
    for (const F number : column) words.push_back(std::bit_cast<BitsOf<F>>(number));
    writePlanes(out, words, sizeof(F));
}

template <class F>
void read(ByteReader& in, std::span<F> column) {
    std::vector<std::int64_t> words(column.size());
    const auto mode = in.u8();
    if (mode == Planes) {
        readPlanes(in, words, sizeof(F));
        if (!in.ok()) return;
        for (std::size_t i = 0; i < column.size(); ++i)
            column[i] = std::bit_cast<F>(static_cast<BitsOf<F>>(words[i]));
        return;
    }
    const std::size_t exponent = in.u8();
    if (mode != Decimal || exponent >= kPowers.size()) in.fail();
    readIntegers(in, words);
    if (!in.ok()) return;
    const double power = kPowers[exponent];
    for (std::size_t i = 0; i < column.size(); ++i) column[i] = fromDecimal<F>(words[i], power);
    const auto exceptions = in.count(1 + sizeof(F));
    for (std::size_t i = 0; i < exceptions; ++i) {
        const auto position = in.varint();
        const F number = in.fixed<F>();
        if (position >= column.size()) return in.fail();
        column[position] = number;
    }
}

}  // namespace

void writeFloats(ByteWriter& out, std::span<const double> column) { write(out, column); }
void writeFloats(ByteWriter& out, std::span<const float> column) { write(out, column); }
void readFloats(ByteReader& in, std::span<double> column) { read(in, column); }
void readFloats(ByteReader& in, std::span<float> column) { read(in, column); }

}  // namespace tagwire::history
