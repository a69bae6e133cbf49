// Whatever bytes stand for a DataChangeNotification, a value that is read in place is the one that the
// library reads there. And what the library writes is read whole, value by value. (Of other bytes the library
// may make something else: it believes the contents of a structure rather than its length.)
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "source/opcua/values/encoded_notification.h"
#include "source/opcua/values/notification_reader.h"
#include "source/opcua/values/value_decoder.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

using namespace tagwire;
using namespace tagwire::source::opcua;

void require(bool holds) {
    if (!holds) std::abort();
}

const std::vector<std::string>& namespaces() {
    static const std::vector<std::string> uris{"http://opcfoundation.org/UA/", "urn:server"};
    return uris;
}

constexpr Timestamp kReceived = fromUnixMillis(1'700'000'000'000);

DataValue valueOf(const NotificationReader& reader) {
    ValueDecoder decoder(namespaces());
    return reader.isPlain() ? reader.value(kReceived)
                            : decoder.decode(reader.encoded(), reader.handle(), kReceived);
}

void readAnything(std::string_view body) {
    NotificationReader reader(body);
    const std::size_t most = reader.atMost();
    require(most <= body.size() / 5);
    std::size_t count = 0;
    for (; reader.next(); ++count) {
        const DataValue value = valueOf(reader);
        if (!reader.isPlain()) continue;
        Ua<UA_DataValue> library;
        require(decodeBinary(reader.encoded(), library) == UA_STATUSCODE_GOOD);
        require(convert(library.get(), namespaces(), kReceived) == value);
    }
    require(count <= most);
}

void readWhatTheLibraryWrites(const UA_DataChangeNotification& library) {
    UA_ByteString written{};
    if (UA_encodeBinary(&library, &dataTypeOf<UA_DataChangeNotification>(), &written) != UA_STATUSCODE_GOOD)
        return;
    NotificationReader reader(view(written));
    for (std::size_t i = 0; i < library.monitoredItemsSize; ++i) {
        const UA_MonitoredItemNotification& item = library.monitoredItems[i];
        require(reader.next());
        require(reader.handle() == item.clientHandle);
        require(valueOf(reader) == ValueDecoder(namespaces()).decode(item.value, 0, kReceived));
    }
    require(!reader.next() && reader.whole());
    UA_ByteString_clear(&written);
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view body(reinterpret_cast<const char*>(data), size);
    readAnything(body);
    Ua<UA_DataChangeNotification> library;
    if (decodeBinary(body, library) == UA_STATUSCODE_GOOD) readWhatTheLibraryWrites(library.get());
    return 0;
}
