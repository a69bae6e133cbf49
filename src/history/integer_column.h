/// Columns of integers: the differences that are smallest, in as few bytes as the largest needs, byte planes
/// apart (FORMAT.md, "Integer columns").
/// Thread: any. Lifetime: functions.
#pragma once

#include <cstdint>
#include <span>

#include "history/bytes.h"

namespace tagwire::history {

void writeIntegers(ByteWriter& out, std::span<const std::int64_t> column);

/// Fills `column`, whose length the caller knows; `in.ok()` turns false where the bytes end early or are
/// wrong.
void readIntegers(ByteReader& in, std::span<std::int64_t> column);

/// Leaves out a column of `length`.
void skipIntegers(ByteReader& in, std::size_t length);

/// `width` bytes of each number, those of the same weight together: what changes little is then alike to its
/// neighbours, which the compressor likes.
void writePlanes(ByteWriter& out, std::span<const std::uint64_t> numbers, unsigned width);
void readPlanes(ByteReader& in, std::span<std::int64_t> numbers, unsigned width);

}  // namespace tagwire::history
