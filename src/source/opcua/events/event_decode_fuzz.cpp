// Whatever a server puts into an EventNotificationList, every event of it decodes within its bounds.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include <open62541/types.h>

#include "source/opcua/events/event_decode.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

using namespace tagwire;
using namespace tagwire::source::opcua;

void require(bool holds) {
    if (!holds) std::abort();
}

void checkText(const LocalizedText& text) {
    // Replacing a byte that is no UTF-8 takes three.
    require(text.locale.size() <= 3 * EventLimits::kMaxTextBytes);
    require(text.text.size() <= 3 * EventLimits::kMaxTextBytes);
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const UA_ByteString bytes{size, const_cast<UA_Byte*>(data)};
    Ua<UA_EventNotificationList> list;
    if (UA_decodeBinary(&bytes, &list.get(), &dataTypeOf<UA_EventNotificationList>(), nullptr) !=
        UA_STATUSCODE_GOOD)
        return 0;
    const std::array<std::string, 2> namespaces{"http://opcfoundation.org/UA/", "urn:plant"};
    for (const auto& selection : {EventSelection::full(), EventSelection::base()}) {
        for (std::size_t i = 0; i < list->eventsSize; ++i) {
            const auto decoded = decodeEvent(list->events[i], selection.fields(), namespaces, Timestamp{});
            require(decoded.event.id.size() <= EventLimits::kMaxEventIdBytes);
            require(decoded.event.severity <= 1'000);
            require(decoded.model.size() <= kMaxModelChanges);
            require(decoded.condition.has_value() == (decoded.kind == EventKind::Condition));
            checkText(decoded.event.message);
            if (decoded.condition) {
                require(!decoded.condition->key.condition.empty());
                checkText(decoded.condition->comment);
            }
        }
    }
    return 0;
}
