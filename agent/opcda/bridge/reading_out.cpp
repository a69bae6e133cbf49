#include "bridge/reading_out.h"

#include "model/value_json.h"
#include "types/hresult.h"
#include "types/quality.h"

namespace tagwire::da {

OutValue outValueOf(const ItemReading& reading) {
    OutValue out{.value = "null", .shape = {}, .time = reading.time, .status = {}};
    if (isFailure(reading.error)) {
        out.status = statusOfFailure(reading.error);
        return out;
    }
    out.status = statusOfQuality(reading.quality);
    if (reading.value.isNull()) return out;
    out.shape = shapeOf(reading.type);
    out.value.clear();
    appendValue(out.value, reading.value);
    return out;
}

}  // namespace tagwire::da
