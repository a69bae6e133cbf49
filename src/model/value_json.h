/// Values as JSON (docs/protocol.md, Values).
/// Thread: any. Lifetime: functions.
#pragma once

#include <string>

#include "model/value.h"

namespace tagwire {

/// 64-bit integers outside ±(2^53-1) are strings, because JavaScript would round them.
void appendValue(std::string& out, const Value& value);

/// Arrays of several dimensions are nested arrays, empty ones `[]`.
void appendArray(std::string& out, const Array& array);

/// RFC 4648, section 4, with padding; no quotes.
void appendBase64(std::string& out, std::string_view bytes);

/// 8-4-4-4-12 lower-case hexadecimal digits; no quotes.
void appendGuid(std::string& out, const Guid& guid);

}  // namespace tagwire
