// Lines of the audit log may have been written by anybody. Whatever is read is written back harmless, and
// read again as the same.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "audit/audit_line.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace tagwire::audit;
    const auto parsed = parseLine({reinterpret_cast<const char*>(data), size});
    if (!parsed) return 0;
    const auto& numbered = parsed->numbered;
    const auto written = lineOf(numbered.number, numbered.entry, parsed->chain);
    for (const char c : std::string_view(written.text).substr(0, written.text.size() - 1)) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) std::abort();
    }
    const auto again = parseLine(std::string_view(written.text).substr(0, written.text.size() - 1));
    if (!again || again->numbered.number != numbered.number ||
        again->numbered.entry.time != numbered.entry.time || again->chain != written.chain ||
        nextChain(parsed->chain, again->body) != written.chain)
        std::abort();
    return 0;
}
