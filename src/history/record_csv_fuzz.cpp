// Tables for import as anybody may write them. What is read is written and read again.

#include <cstddef>
#include <cstdint>
#include <sstream>
#include <string>

#include "history/record_csv.h"

namespace {

using namespace tagwire::history;

void readAll(const std::string& text) {
    std::istringstream in(text);
    CsvReader reader(in);
    for (;;) {
        const auto sample = reader.next();
        if (!reader.isTable() || (sample && !*sample)) return;
        if (!sample) {
            if (in.rdbuf()->sgetc() == std::istream::traits_type::eof()) return;
            continue;
        }
        std::string again;
        appendCsvHead(again);
        appendCsvLine(again, (*sample)->tag, (*sample)->sample);
        std::istringstream second(again);
        const auto copy = CsvReader(second).next();
        if (!copy || !*copy || (*copy)->tag != (*sample)->tag) __builtin_trap();
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string input(reinterpret_cast<const char*>(data), size);
    std::string table;
    appendCsvHead(table);
    readAll(table + input);
    readAll(input);
    return 0;
}
