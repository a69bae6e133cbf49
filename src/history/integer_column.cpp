#include "history/integer_column.h"

#include <algorithm>
#include <array>
#include <bit>
#include <numeric>
#include <vector>

namespace tagwire::history {
namespace {

// Differences wrap modulo 2^64, and sums back: nothing can overflow.

using Word = std::uint64_t;

constexpr Word word(std::int64_t number) noexcept { return static_cast<Word>(number); }
constexpr std::int64_t number(Word word) noexcept { return static_cast<std::int64_t>(word); }

Word magnitude(Word difference) noexcept { return number(difference) < 0 ? 0 - difference : difference; }

unsigned bytesFor(Word largest) noexcept { return (static_cast<unsigned>(std::bit_width(largest)) + 7) / 8; }

/// 0: distance from the smallest; 1: from the one before; 2: how far that distance differs from the one
/// before.
constexpr unsigned kMaxOrder = 2;

struct ColumnHead {
    unsigned order;
    unsigned width;
    Word base;   ///< order 0: the smallest; else the first
    Word step;   ///< order 2: the first distance, in units of `scale`
    Word scale;  ///< all distances are multiples of it
};

constexpr unsigned kWidthBits = 4;

void writeHead(ByteWriter& out, const ColumnHead& head) {
    out.u8(static_cast<std::uint8_t>(head.order << kWidthBits | head.width));
    out.signedVarint(number(head.base));
    out.varint(head.scale);
    if (head.order == 2) out.signedVarint(number(head.step));
}

ColumnHead readHead(ByteReader& in) {
    const unsigned first = in.u8();
    ColumnHead head{.order = first >> kWidthBits,
                    .width = first & ((1U << kWidthBits) - 1),
                    .base = word(in.signedVarint()),
                    .step = 0,
                    .scale = in.varint()};
    if (head.order == 2) head.step = word(in.signedVarint());
    if (head.order > kMaxOrder || head.width > sizeof(Word)) in.fail();
    return head;
}

/// How many of `length` numbers have something written beyond the head.
std::size_t written(const ColumnHead& head, std::size_t length) noexcept {
    return length - std::min<std::size_t>(length, head.order);
}

/// The greatest number of which every distance is a multiple; 1 if all are 0.
Word commonScale(std::span<const Word> distances) noexcept {
    Word scale = 0;
    for (const Word distance : distances) {
        const Word size = magnitude(distance);
        if (scale == 1) break;
        if (scale == 0 || size % scale != 0) scale = std::gcd(scale, size);
    }
    return scale == 0 ? 1 : scale;
}

struct Residuals {
    std::vector<Word> values;
    Word largest = 0;
    std::uint64_t bits = 0;

    void add(Word value) {
        values.push_back(value);
        largest |= value;
        bits += static_cast<std::uint64_t>(std::bit_width(value));
    }
};

}  // namespace

void writePlanes(ByteWriter& out, std::span<const std::uint64_t> numbers, unsigned width) {
    auto& bytes = out.out();
    auto at = bytes.size();
    bytes.resize(at + numbers.size() * width);
    for (unsigned plane = 0; plane < width; ++plane) {
        for (const Word each : numbers) bytes[at++] = static_cast<char>(each >> (8 * plane) & 0xFFU);
    }
}

void readPlanes(ByteReader& in, std::span<std::int64_t> numbers, unsigned width) {
    std::ranges::fill(numbers, 0);
    if (width > sizeof(Word)) in.fail();
    for (unsigned plane = 0; plane < width; ++plane) {
        const auto bytes = in.bytes(numbers.size());
        if (!in.ok()) return;
        const char* from = bytes.data();
        for (std::size_t i = 0; i < numbers.size(); ++i) {
            const Word byte = static_cast<unsigned char>(from[i]);
            numbers[i] = number(word(numbers[i]) | byte << (8 * plane));
        }
    }
}

void writeIntegers(ByteWriter& out, std::span<const std::int64_t> column) {
    if (column.empty()) return;
    const Word smallest = word(*std::ranges::min_element(column));
    const Word first = word(column.front());
    std::vector<Word> distances;
    distances.reserve(column.size());
    for (std::size_t i = 1; i < column.size(); ++i)
        distances.push_back(word(column[i]) - word(column[i - 1]));
    const Word scale = commonScale(distances);
    // Division must see the sign of a distance, which may have wrapped; multiplication need not.
    const auto scaled = [scale](Word distance) {
        return number(distance) < 0 ? 0 - (0 - distance) / scale : distance / scale;
    };

    std::array<Residuals, kMaxOrder + 1> candidates;
    for (auto& each : candidates) each.values.reserve(column.size());
    bool multiples = true;  // not where a distance has wrapped
    for (const auto each : column) {
        const Word distance = word(each) - smallest;
        multiples = multiples && distance % scale == 0;
        candidates[0].add(distance / scale);
    }
    if (!multiples) candidates[0].bits = UINT64_MAX;
    Word before = distances.empty() ? 0 : scaled(distances.front());
    const Word step = before;
    for (std::size_t i = 0; i < distances.size(); ++i) {
        const Word distance = scaled(distances[i]);
        candidates[1].add(zigzag(number(distance)));
        if (i > 0) candidates[2].add(zigzag(number(distance - before)));
        before = distance;
    }
    const auto best = std::ranges::min_element(candidates, {}, &Residuals::bits);
    const auto order = static_cast<unsigned>(best - candidates.begin());
    const unsigned width = bytesFor(best->largest);
    writeHead(out, {.order = order,
                    .width = width,
                    .base = order == 0 ? smallest : first,
                    .step = step,
                    .scale = scale});
    writePlanes(out, best->values, width);
}

void readIntegers(ByteReader& in, std::span<std::int64_t> column) {
    if (column.empty()) return;
    const ColumnHead head = readHead(in);
    if (!in.ok()) return;
    const auto residuals = column.subspan(std::min<std::size_t>(column.size(), head.order));
    readPlanes(in, residuals, head.width);
    if (!in.ok()) return;
    Word value = head.base;
    if (head.order == 0) {
        for (auto& each : residuals) each = number(value + word(each) * head.scale);
        return;
    }
    column[0] = number(value);
    if (head.order == 1) {
        for (auto& each : residuals) {
            value += word(unzigzag(word(each))) * head.scale;
            each = number(value);
        }
        return;
    }
    if (column.size() < 2) return;
    Word step = head.step * head.scale;
    value += step;
    column[1] = number(value);
    for (auto& each : residuals) {
        step += word(unzigzag(word(each))) * head.scale;
        value += step;
        each = number(value);
    }
}

void skipIntegers(ByteReader& in, std::size_t length) {
    if (length == 0) return;
    const ColumnHead head = readHead(in);
    if (in.ok()) (void)in.bytes(written(head, length) * head.width);
}

}  // namespace tagwire::history
