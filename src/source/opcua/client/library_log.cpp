#include "source/opcua/client/library_log.h"

#include <array>
#include <cstdio>

#include "base/log.h"

namespace tagwire::source::opcua {
namespace {

void writeLine(void* /*context*/, UA_LogLevel /*level*/, UA_LogCategory /*category*/, const char* format,
               va_list arguments) {
    // What matters to people is said by the session in their words; this is for whoever looks for a fault.
    if (!log::enabled(log::Level::Debug)) return;
    std::array<char, 512> line{};
    std::vsnprintf(line.data(), line.size(), format, arguments);
    log::write(log::Level::Debug, "opcua", line.data());
}

}  // namespace

UA_Logger libraryLogger() noexcept { return UA_Logger{writeLine, nullptr, nullptr}; }

}  // namespace tagwire::source::opcua
