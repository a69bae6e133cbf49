// Any text is a time within the years that OPC UA knows, or refused.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/time_text.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto time = tagwire::parseTime({reinterpret_cast<const char*>(data), size});
    if (!time) return 0;
    constexpr std::int64_t kYear1601 = -11'644'473'600'000;
    constexpr std::int64_t kYear10000 = 253'402'300'800'000;
    const auto millis = tagwire::toUnixMillis(*time);
    if (millis < kYear1601 || millis >= kYear10000) std::abort();
    return 0;
}
