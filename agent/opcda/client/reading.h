/// What a server says of an item's value.
/// Thread: any. Lifetime: functions.
#pragma once

#include "client/da_server.h"
#include "client/failure.h"
#include "com/platform.h"
#include "com/variant.h"
#include "types/file_time.h"

namespace tagwire::da {

[[nodiscard]] inline ItemReading readingOf(const VARIANT& value, WORD quality, const FILETIME& time,
                                           HRESULT error) {
    return {.value = valueOf(value),
            .type = value.vt,
            .quality = quality,
            .time = timeOfFileTime(fileTimeBits(time)),
            .error = codeOf(error)};
}

}  // namespace tagwire::da
