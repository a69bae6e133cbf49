/// Values as bare text for people and the simplest of clients (`/tagCurValue`).
/// Thread: any. Lifetime: function.
#pragma once

#include <string>

#include "model/value.h"

namespace tagwire {

/// `42`, `3.5`, `true`, the text itself without quotes; DateTime as `2026-11-23T08:00:00.000Z`; nothing for
/// no value; arrays and structures as JSON. Numbers between 1e-6 and 1e21 are written without an exponent.
/// Bytes that are not UTF-8 become U+FFFD.
void appendPlainText(std::string& out, const Value& value);

}  // namespace tagwire
