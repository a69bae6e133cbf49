#include "source/opcua/values/value_decoder.h"

#include <utility>

#include "source/opcua/values/encoded_notification.h"

namespace tagwire::source::opcua {

DataValue ValueDecoder::decode(std::string_view encoded, std::uint32_t handle, Timestamp received) {
    Ua<UA_DataValue> value;
    if (decodeBinary(encoded, value) == UA_STATUSCODE_GOOD) return decode(value.get(), handle, received);
    passedBy(handle);
    return {.value = Value(),
            .status = StatusCode{UA_STATUSCODE_BADDECODINGERROR},
            .sourceTime = received,
            .serverTime = received};
}

std::vector<ValueDecoder::Decoded> ValueDecoder::retry() {
    std::vector<Decoded> out;
    for (auto& [handle, waiting] : std::exchange(waiting_, {})) {
        waitingBytes_ -= waiting.bytes;
        out.push_back({handle, decode(waiting.value.get(), handle, waiting.received)});
    }
    return out;
}

void ValueDecoder::keepLatest(const UA_DataValue& value, std::uint32_t handle, Timestamp received,
                              bool awaitsTypes) {
    forget(handle);
    if (!awaitsTypes) return;
    const UA_DataType& type = dataTypeOf<UA_DataValue>();
    Waiting kept;
    kept.bytes = UA_calcSizeBinary(&value, &type);
    kept.received = received;
    if (kept.bytes > kMaxWaitingBytes - waitingBytes_) return;
    if (UA_copy(&value, &kept.value.get(), &type) != UA_STATUSCODE_GOOD) return;
    waitingBytes_ += kept.bytes;
    waiting_.emplace(handle, std::move(kept));
}

void ValueDecoder::forget(std::uint32_t handle) {
    const auto found = waiting_.find(handle);
    if (found == waiting_.end()) return;
    waitingBytes_ -= found->second.bytes;
    waiting_.erase(found);
}

}  // namespace tagwire::source::opcua
