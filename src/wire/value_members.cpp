#include "wire/value_members.h"

#include "model/value_json.h"

namespace tagwire::wire {

void writeValueMembers(ObjectWriter& object, const DataValue& value) {
    appendValue(object.key("v"), value.value);
    object.member("q", value.status.code());
    object.member("st", statusText(value.status));
    if (value.sourceTime != Timestamp{}) object.member("ts", value.sourceTime);
    if (value.serverTime != Timestamp{}) object.member("rts", value.serverTime);
}

}  // namespace tagwire::wire
