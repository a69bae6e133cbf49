/// What the library writes for a structure, for tests that read it otherwise.
/// Thread: the test's. Lifetime: functions.
#pragma once

#include <stdexcept>
#include <string>

#include "source/opcua/values/ua_types.h"

namespace tagwire::source::opcua {

template <class T>
[[nodiscard]] std::string libraryBytes(const T& structure) {
    UA_ByteString bytes{};
    if (UA_encodeBinary(&structure, &dataTypeOf<T>(), &bytes) != UA_STATUSCODE_GOOD)
        throw std::runtime_error("the library does not encode it");
    std::string out(view(bytes));
    UA_ByteString_clear(&bytes);
    return out;
}

}  // namespace tagwire::source::opcua
