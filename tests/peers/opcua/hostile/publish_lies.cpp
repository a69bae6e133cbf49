// Lies about subscriptions, monitored items and notification messages.

#include <open62541/statuscodes.h>

#include "hostile/lies.h"

namespace hostile {
namespace {

void addSubscriptions(Lies& lies) {
    const auto subscription = [&lies](const char* name, auto change) {
        lies[name].answer = on<UA_CreateSubscriptionResponse>(UA_TYPES_CREATESUBSCRIPTIONRESPONSE, change);
    };
    subscription("interval-0", [](Conversation&, auto& s) { s.revisedPublishingInterval = 0; });
    subscription("interval-negative", [](Conversation&, auto& s) { s.revisedPublishingInterval = -50; });
    subscription("interval-nan", [](Conversation&, auto& s) { s.revisedPublishingInterval = kNaN; });
    subscription("interval-1e300", [](Conversation&, auto& s) { s.revisedPublishingInterval = 1e300; });
    subscription("interval-infinite",
                 [](Conversation&, auto& s) { s.revisedPublishingInterval = kInfinity; });
    subscription("interval-1e-300", [](Conversation&, auto& s) { s.revisedPublishingInterval = 1e-300; });
    subscription("keep-alive-0", [](Conversation&, auto& s) { s.revisedMaxKeepAliveCount = 0; });
    subscription("keep-alive-max", [](Conversation&, auto& s) { s.revisedMaxKeepAliveCount = kMax32; });
    subscription("lifetime-0", [](Conversation&, auto& s) { s.revisedLifetimeCount = 0; });
    subscription("subscription-id-0", [](Conversation&, auto& s) { s.subscriptionId = 0; });
    const auto item = [&lies](const char* name, auto change) {
        lies[name].answer = on<UA_CreateMonitoredItemsResponse>(
            UA_TYPES_CREATEMONITOREDITEMSRESPONSE, [change](Conversation& c, auto& created) {
                for (size_t i = 0; i < created.resultsSize; ++i) change(c, created.results[i]);
            });
    };
    item("item-revised-nan", [](Conversation&, auto& r) { r.revisedSamplingInterval = kNaN; });
    item("item-revised-1e300", [](Conversation&, auto& r) { r.revisedSamplingInterval = 1e300; });
    item("item-revised-negative", [](Conversation&, auto& r) { r.revisedSamplingInterval = -1; });
    item("item-queue-0", [](Conversation&, auto& r) { r.revisedQueueSize = 0; });
    item("item-queue-max", [](Conversation&, auto& r) { r.revisedQueueSize = kMax32; });
    item("item-id-same", [](Conversation&, auto& r) { r.monitoredItemId = 1; });
    item("item-id-0", [](Conversation&, auto& r) { r.monitoredItemId = 0; });
    item("item-bad", [](Conversation&, auto& r) { r.statusCode = UA_STATUSCODE_BADNODEIDUNKNOWN; });
    item("item-uncertain", [](Conversation&, auto& r) { r.statusCode = 0x4000'0000; });
    item("item-random-status", [](Conversation& c, auto& r) { r.statusCode = c.random() * 2; });
    item("item-too-many",
         [](Conversation&, auto& r) { r.statusCode = UA_STATUSCODE_BADTOOMANYMONITOREDITEMS; });
    lies["service-too-many"].answer = on<UA_CreateMonitoredItemsResponse>(
        UA_TYPES_CREATEMONITOREDITEMSRESPONSE,
        [](Conversation&, auto& r) { r.responseHeader.serviceResult = UA_STATUSCODE_BADTOOMANYOPERATIONS; });
}

void addPublishes(Lies& lies) {
    const auto publish = [&lies](const char* name, auto change) { lies[name].publish = change; };
    const auto sequence = [publish](const char* name, std::uint32_t (*of)(Conversation&, std::uint32_t)) {
        publish(name, [of](Conversation& c, UA_PublishResponse& p) {
            p.notificationMessage.sequenceNumber = of(c, p.notificationMessage.sequenceNumber);
        });
    };
    sequence("sequence-jumps", [](Conversation&, std::uint32_t n) { return n * 1'000; });
    sequence("sequence-repeats", [](Conversation&, std::uint32_t) { return 5U; });
    sequence("sequence-backwards", [](Conversation&, std::uint32_t n) { return 1'000'000 - n; });
    sequence("sequence-wraps", [](Conversation&, std::uint32_t n) { return n < 4 ? kMax32 - 4 + n : n - 3; });
    sequence("sequence-0", [](Conversation&, std::uint32_t) { return 0U; });
    sequence("sequence-random",
             [](Conversation& c, std::uint32_t) { return static_cast<std::uint32_t>(c.random()) * 2; });

    publish("subscription-unknown", [](Conversation&, UA_PublishResponse& p) { p.subscriptionId += 4711; });
    publish("more-forever", [](Conversation&, UA_PublishResponse& p) { p.moreNotifications = true; });
    publish("acknowledged-100000", [](Conversation&, UA_PublishResponse& p) {
        p.results = static_cast<UA_StatusCode*>(UA_Array_new(100'000, &UA_TYPES[UA_TYPES_STATUSCODE]));
        p.resultsSize = 100'000;
    });
    publish("available-100000", [](Conversation&, UA_PublishResponse& p) {
        p.availableSequenceNumbers =
            static_cast<UA_UInt32*>(UA_Array_new(100'000, &UA_TYPES[UA_TYPES_UINT32]));
        p.availableSequenceNumbersSize = 100'000;
    });
    static const auto changes = [](UA_PublishResponse& p) -> UA_DataChangeNotification& {
        return *static_cast<UA_DataChangeNotification*>(
            p.notificationMessage.notificationData[0].content.decoded.data);
    };
    publish("handles-unknown", [](Conversation& c, UA_PublishResponse& p) {
        for (size_t i = 0; i < changes(p).monitoredItemsSize; ++i) {
            changes(p).monitoredItems[i].clientHandle = static_cast<UA_UInt32>(c.random()) * 2;
        }
    });
    publish("!items-1000000", [](Conversation&, UA_PublishResponse& p) {
        void* items = changes(p).monitoredItems;
        resize(items, changes(p).monitoredItemsSize, 1'000'000, UA_TYPES[UA_TYPES_MONITOREDITEMNOTIFICATION]);
        changes(p).monitoredItems = static_cast<UA_MonitoredItemNotification*>(items);
    });
    publish("diagnostics-many", [](Conversation&, UA_PublishResponse& p) {
        p.diagnosticInfos =
            static_cast<UA_DiagnosticInfo*>(UA_Array_new(1'000, &UA_TYPES[UA_TYPES_DIAGNOSTICINFO]));
        p.diagnosticInfosSize = 1'000;
        p.responseHeader.stringTable =
            static_cast<UA_String*>(UA_Array_new(1'000, &UA_TYPES[UA_TYPES_STRING]));
        p.responseHeader.stringTableSize = 1'000;
    });
    static const auto notification = [](UA_PublishResponse& p, int type) {
        UA_ExtensionObject& data = p.notificationMessage.notificationData[0];
        UA_ExtensionObject_clear(&data);
        void* object = UA_new(&UA_TYPES[type]);
        UA_ExtensionObject_setValue(&data, object, &UA_TYPES[type]);
        return object;
    };
    const auto status = [publish](const std::string& name, UA_StatusCode code) {
        publish(name.c_str(), [code](Conversation&, UA_PublishResponse& p) {
            static_cast<UA_StatusChangeNotification*>(notification(p, UA_TYPES_STATUSCHANGENOTIFICATION))
                ->status = code;
        });
    };
    status("status-good", UA_STATUSCODE_GOOD);
    status("status-timeout", UA_STATUSCODE_BADTIMEOUT);
    status("status-transferred", UA_STATUSCODE_GOODSUBSCRIPTIONTRANSFERRED);
    status("status-uncertain", 0x4000'0000);
    status("status-unknown", 0xdead'beef);
    publish("notification-unknown", [](Conversation&, UA_PublishResponse& p) {
        UA_ExtensionObject& data = p.notificationMessage.notificationData[0];
        UA_ExtensionObject_clear(&data);
        data.encoding = UA_EXTENSIONOBJECT_ENCODED_BYTESTRING;
        data.content.encoded.typeId = UA_NODEID_NUMERIC(0, 65'000);
        data.content.encoded.body = copy(std::string(1'000, '\x7f'));
    });
    publish("notification-other-type",
            [](Conversation&, UA_PublishResponse& p) { notification(p, UA_TYPES_CREATESESSIONREQUEST); });
    publish("notification-events", [](Conversation& c, UA_PublishResponse& p) {
        auto& list = *static_cast<UA_EventNotificationList*>(notification(p, UA_TYPES_EVENTNOTIFICATIONLIST));
        list.events = static_cast<UA_EventFieldList*>(UA_Array_new(100, &UA_TYPES[UA_TYPES_EVENTFIELDLIST]));
        list.eventsSize = 100;
        for (size_t i = 0; i < list.eventsSize; ++i) {
            UA_EventFieldList& event = list.events[i];
            event.clientHandle = static_cast<UA_UInt32>(i % 2 == 0 ? i : c.random());
            event.eventFields = static_cast<UA_Variant*>(UA_Array_new(i * 10, &UA_TYPES[UA_TYPES_VARIANT]));
            event.eventFieldsSize = i * 10;
        }
    });
    publish("notification-10000", [](Conversation&, UA_PublishResponse& p) {
        void* data = p.notificationMessage.notificationData;
        resize(data, p.notificationMessage.notificationDataSize, 10'000, UA_TYPES[UA_TYPES_EXTENSIONOBJECT]);
        p.notificationMessage.notificationData = static_cast<UA_ExtensionObject*>(data);
    });
    publish("publish-fault-good-data", [](Conversation&, UA_PublishResponse& p) {
        p.responseHeader.serviceResult = UA_STATUSCODE_BADSESSIONIDINVALID;
    });
    lies["publish-too-many"].publish = [](Conversation&, UA_PublishResponse& p) {
        p.responseHeader.serviceResult = UA_STATUSCODE_BADTOOMANYPUBLISHREQUESTS;
    };
    // A million answers to requests that nobody made.
    lies["!publish-flood"].unasked = [](Conversation& c) {
        if (c.publishes > 1) return Bytes();
        UA_PublishResponse response;
        UA_PublishResponse_init(&response);
        const Bytes content = body(&response, UA_TYPES[UA_TYPES_PUBLISHRESPONSE]);
        Bytes all;
        for (std::uint32_t i = 0; i < 1'000'000; ++i) {
            Bytes one;
            put32(one, c.channel);
            put32(one, c.token);
            put32(one, 1'000 + i);
            put32(one, 1'000'000 + i);
            all += chunk("MSG", 'F', one + content);
        }
        return all;
    };
    lies["clock-century"].answer = [](Conversation&, const UA_DataType&, void* response) {
        static_cast<UA_ResponseHeader*>(response)->timestamp += kCentury;
    };
    lies["clock-century"].publish = [](Conversation&, UA_PublishResponse& p) {
        p.notificationMessage.publishTime -= 2 * kCentury;
    };
}

/// What the honest server would send, as bytes.
Bytes encoded(const void* structure, int type) {
    UA_ByteString bytes = UA_BYTESTRING_NULL;
    if (UA_encodeBinary(structure, &UA_TYPES[type], &bytes) != UA_STATUSCODE_GOOD) return {};
    Bytes out(reinterpret_cast<const char*>(bytes.data), bytes.length);
    UA_ByteString_clear(&bytes);
    return out;
}

/// DataChangeNotifications whose bytes are not what they should be.
void addBodies(Lies& lies) {
    using Body = Bytes (*)(Conversation&, const UA_DataChangeNotification&);
    const auto change = [&lies](const char* name, Body body) {
        lies[name].publish = [body](Conversation& c, UA_PublishResponse& p) {
            UA_ExtensionObject& data = p.notificationMessage.notificationData[0];
            const Bytes bytes = body(c, *static_cast<UA_DataChangeNotification*>(data.content.decoded.data));
            UA_ExtensionObject_clear(&data);
            data.encoding = UA_EXTENSIONOBJECT_ENCODED_BYTESTRING;
            data.content.encoded.typeId =
                UA_NODEID_NUMERIC(0, UA_NS0ID_DATACHANGENOTIFICATION_ENCODING_DEFAULTBINARY);
            data.content.encoded.body = copy(bytes);
        };
    };
    static constexpr auto kValue = '\x01';
    static constexpr auto kArrayOfVariants = '\x98';
    change("body-empty", [](Conversation&, const UA_DataChangeNotification&) { return Bytes(); });
    change("body-random", [](Conversation& c, const UA_DataChangeNotification&) {
        Bytes bytes;
        for (int i = 0; i < 1'000; ++i) bytes += static_cast<char>(c.random());
        return bytes;
    });
    // The last value lacks its end.
    change("body-cut", [](Conversation&, const UA_DataChangeNotification& honest) {
        const Bytes all = encoded(&honest, UA_TYPES_DATACHANGENOTIFICATION);
        return all.substr(0, all.size() - 6);
    });
    change("body-count-max", [](Conversation&, const UA_DataChangeNotification& honest) {
        Bytes count;
        put32(count, 0x7fff'ffff);
        return count + encoded(&honest, UA_TYPES_DATACHANGENOTIFICATION).substr(4);
    });
    change("body-nested", [](Conversation&, const UA_DataChangeNotification& honest) {
        Bytes bytes;
        put32(bytes, 1);
        put32(bytes, honest.monitoredItems[0].clientHandle);
        bytes += kValue;
        for (int i = 0; i < 100'000; ++i) {
            bytes += kArrayOfVariants;
            put32(bytes, 1);
        }
        return bytes;
    });
    // A matrix of 2 by 3 with one element in the place of the first value; the others are honest.
    change("body-one-undecodable", [](Conversation&, const UA_DataChangeNotification& honest) {
        constexpr auto kMatrixOfBytes = '\xc3';
        Bytes bytes;
        put32(bytes, static_cast<std::uint32_t>(honest.monitoredItemsSize));
        for (std::size_t i = 0; i < honest.monitoredItemsSize; ++i) {
            const UA_MonitoredItemNotification& item = honest.monitoredItems[i];
            if (i > 0) {
                bytes += encoded(&item, UA_TYPES_MONITOREDITEMNOTIFICATION);
                continue;
            }
            put32(bytes, item.clientHandle);
            bytes += kValue;
            bytes += kMatrixOfBytes;
            put32(bytes, 1);
            bytes += '\x2a';
            for (const std::uint32_t dimension : {2, 2, 3}) put32(bytes, dimension);
        }
        put32(bytes, 0);
        return bytes;
    });
}

}  // namespace

void addPublishLies(Lies& lies) {
    addSubscriptions(lies);
    addPublishes(lies);
    addBodies(lies);
}

}  // namespace hostile
