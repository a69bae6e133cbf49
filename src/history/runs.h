/// A column of numbers that seldom change, as runs of equal ones: how many, which (FORMAT.md, "Chunks").
/// Thread: any. Lifetime: functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "history/bytes.h"

namespace tagwire::history {

/// Of what `get` gives of each item.
template <class T, class Get>
void writeRuns(ByteWriter& out, std::span<const T> items, Get get) {
    for (std::size_t begin = 0; begin < items.size();) {
        const auto code = get(items[begin]);
        auto end = begin + 1;
        while (end < items.size() && get(items[end]) == code) ++end;
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

}  // namespace tagwire::history
