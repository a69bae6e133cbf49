// Reading from the end gives the same lines as reading from the beginning, whatever the blocks are.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "audit/audit_line.h"
#include "audit/backward_lines.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace tagwire::audit;
    if (size == 0) return 0;
    const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
    std::vector<std::string> forward;
    for (std::size_t from = 0, end = text.find('\n'); end != std::string_view::npos;
         from = end + 1, end = text.find('\n', from)) {
        if (end - from <= kMaxLineBytes) forward.emplace_back(text.substr(from, end - from));
    }
    BackwardLines lines(
        [text](std::uint64_t offset, std::span<char> to) {
            std::ranges::copy(text.substr(offset, to.size()), to.begin());
            return true;
        },
        text.size(), 1 + data[0]);
    for (auto expected = forward.rbegin(); expected != forward.rend(); ++expected) {
        if (lines.next() != *expected) std::abort();
    }
    if (lines.next()) std::abort();
    return 0;
}
