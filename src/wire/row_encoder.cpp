#include "wire/row_encoder.h"

#include "base/json_text.h"
#include "model/value_json.h"

namespace tagwire::wire {

void appendRow(std::string& out, TagId tag, const DataValue& value, Timestamp base) {
    out += '[';
    appendJsonInteger(out, std::uint64_t{tag.value()});
    out += ',';
    appendValue(out, value.value);
    const auto dt = toUnixMillis(value.sourceTime) - toUnixMillis(base);
    const auto quality = value.status.code();
    if (dt != 0 || quality != 0) {
        out += ',';
        appendJsonInteger(out, dt);
    }
    if (quality != 0) {
        out += ',';
        appendJsonInteger(out, std::uint64_t{quality});
    }
    out += ']';
}

}  // namespace tagwire::wire
