#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include <open62541/nodeids.h>
#include <open62541/statuscodes.h>

#include "hostile/lie.h"

namespace hostile {
namespace {

using Lies = std::map<std::string, Lie>;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr UA_UInt32 kMax32 = std::numeric_limits<UA_UInt32>::max();
constexpr UA_DateTime kCentury = 36'525LL * 24 * 3600 * UA_DATETIME_SEC;

// An answer hook for one type of answer.
template <class T, class F>
auto on(int index, F change) {
    return [index, change](Conversation& conversation, const UA_DataType& type, void* response) {
        if (&type == &UA_TYPES[index]) change(conversation, *static_cast<T*>(response));
    };
}

// Every reaction at every stage.
void addReactions(Lies& lies) {
    constexpr std::array kReactions{std::pair{"silence", Reaction::Silence},
                                    std::pair{"garbage", Reaction::Garbage},
                                    std::pair{"close", Reaction::Close},
                                    std::pair{"fault", Reaction::Fault},
                                    std::pair{"good-fault", Reaction::GoodFault},
                                    std::pair{"wrong-type", Reaction::WrongType},
                                    std::pair{"wrong-handle", Reaction::WrongHandle},
                                    std::pair{"wrong-request", Reaction::WrongRequest},
                                    std::pair{"twice", Reaction::Twice},
                                    std::pair{"empty", Reaction::Empty},
                                    std::pair{"truncated", Reaction::Truncated},
                                    std::pair{"flipped", Reaction::Flipped}};
    constexpr std::array kStages{
        "hello",           "open",        "getendpoints",       "createsession",
        "activatesession", "read",        "createsubscription", "createmonitoreditems",
        "publish",         "closesession"};
    for (const auto& [name, reaction] : kReactions) {
        for (const char* stage : kStages) {
            lies[std::string(name) + "@" + stage].reaction = [stage, reaction](std::string_view now) {
                return now == stage ? reaction : Reaction::Answer;
            };
        }
        lies[std::string(name) + "@everything"].reaction = [reaction](std::string_view) { return reaction; };
        lies[std::string(name) + "@services"].reaction = [reaction](std::string_view now) {
            return now == "hello" || now == "open" ? Reaction::Answer : reaction;
        };
    }
}

void resize(void*& results, size_t& count, size_t wanted, const UA_DataType& type) {
    void* changed = UA_Array_new(wanted, &type);
    const auto bytes = [&type](void* array, size_t at) {
        return static_cast<std::byte*>(array) + at * type.memSize;
    };
    for (size_t i = 0; i < wanted && count > 0; ++i)
        UA_copy(bytes(results, i % count), bytes(changed, i), &type);
    UA_Array_delete(results, count, &type);
    results = changed;
    count = wanted;
}

// All answers with results have them right after the header.
void addResultCounts(Lies& lies) {
    constexpr std::array kServices{
        std::pair{UA_TYPES_READRESPONSE, UA_TYPES_DATAVALUE},
        std::pair{UA_TYPES_BROWSERESPONSE, UA_TYPES_BROWSERESULT},
        std::pair{UA_TYPES_TRANSLATEBROWSEPATHSTONODEIDSRESPONSE, UA_TYPES_BROWSEPATHRESULT},
        std::pair{UA_TYPES_CREATEMONITOREDITEMSRESPONSE, UA_TYPES_MONITOREDITEMCREATERESULT}};
    const auto add = [&lies, kServices](const char* name, size_t (*wanted)(size_t)) {
        lies[name].answer = [kServices, wanted](Conversation&, const UA_DataType& type, void* response) {
            for (const auto& [service, result] : kServices) {
                if (&type != &UA_TYPES[service]) continue;
                auto& answer = *static_cast<UA_ReadResponse*>(response);
                void* results = answer.results;
                resize(results, answer.resultsSize, wanted(answer.resultsSize), UA_TYPES[result]);
                answer.results = static_cast<UA_DataValue*>(results);
            }
        };
    };
    add("results-few", [](size_t count) { return count / 2; });
    add("results-none", [](size_t) { return size_t{0}; });
    add("results-many", [](size_t count) { return 3 * count + 7; });
    add("results-100000", [](size_t) { return size_t{100'000}; });
}

void addSessions(Lies& lies) {
    const auto session = [&lies](const char* name, auto change) {
        lies[name].answer = on<UA_CreateSessionResponse>(UA_TYPES_CREATESESSIONRESPONSE, change);
    };
    session("session-timeout-0", [](Conversation&, auto& s) { s.revisedSessionTimeout = 0; });
    session("session-timeout-nan", [](Conversation&, auto& s) { s.revisedSessionTimeout = kNaN; });
    session("session-timeout-negative", [](Conversation&, auto& s) { s.revisedSessionTimeout = -1e300; });
    session("session-message-size-1", [](Conversation&, auto& s) { s.maxRequestMessageSize = 1; });
    session("session-no-token", [](Conversation&, auto& s) { UA_NodeId_clear(&s.authenticationToken); });
    session("session-huge-nonce", [](Conversation&, auto& s) {
        UA_ByteString_clear(&s.serverNonce);
        s.serverNonce = copy(std::string(1'000'000, 'n'));
    });
    session("session-no-endpoints", [](Conversation&, auto& s) {
        UA_Array_delete(s.serverEndpoints, s.serverEndpointsSize, &UA_TYPES[UA_TYPES_ENDPOINTDESCRIPTION]);
        s.serverEndpoints = nullptr;
        s.serverEndpointsSize = 0;
    });
    const auto endpoints = [&lies](const char* name, auto change) {
        lies[name].answer = on<UA_GetEndpointsResponse>(UA_TYPES_GETENDPOINTSRESPONSE, change);
    };
    endpoints("endpoints-none", [](Conversation&, auto& e) { e.endpointsSize = 0; });
    endpoints("endpoints-100000", [](Conversation&, auto& e) {
        void* all = e.endpoints;
        resize(all, e.endpointsSize, 100'000, UA_TYPES[UA_TYPES_ENDPOINTDESCRIPTION]);
        e.endpoints = static_cast<UA_EndpointDescription*>(all);
    });
    endpoints("endpoints-elsewhere", [](Conversation&, auto& e) {
        UA_String_clear(&e.endpoints[0].endpointUrl);
        e.endpoints[0].endpointUrl = copy("opc.tcp://127.0.0.1:9/");
    });
    endpoints("endpoints-no-url", [](Conversation&, auto& e) {
        UA_String_clear(&e.endpoints[0].endpointUrl);
        e.endpoints[0].endpointUrl = copy("\xff\xfe not a url");
    });
    const auto channel = [&lies](const char* name, auto change) {
        lies[name].answer = on<UA_OpenSecureChannelResponse>(UA_TYPES_OPENSECURECHANNELRESPONSE, change);
    };
    channel("channel-lifetime-0", [](Conversation&, auto& c) { c.securityToken.revisedLifetime = 0; });
    channel("channel-lifetime-1", [](Conversation&, auto& c) { c.securityToken.revisedLifetime = 1; });
    channel("channel-lifetime-max", [](Conversation&, auto& c) { c.securityToken.revisedLifetime = kMax32; });
    channel("channel-id-0", [](Conversation&, auto& c) { c.securityToken.channelId = 0; });
    channel("channel-token-other", [](Conversation&, auto& c) { c.securityToken.tokenId = 4711; });
}

void addTransport(Lies& lies) {
    const auto acknowledge = [&lies](const char* name, std::array<std::uint32_t, 5> numbers) {
        lies[name].acknowledge = [numbers](Conversation&) {
            Bytes content;
            for (const std::uint32_t number : numbers) put32(content, number);
            return chunk("ACK", 'F', content);
        };
    };
    acknowledge("ack-zero-buffers", {0, 0, 0, 0, 0});
    acknowledge("ack-tiny-buffers", {0, 1, 1, 1, 1});
    acknowledge("ack-huge-buffers", {0, kMax32, kMax32, kMax32, kMax32});
    acknowledge("ack-version-99", {99, 65'536, 65'536, 0, 0});
    acknowledge("ack-one-chunk", {0, 8'192, 8'192, 8'192, 1});

    const auto chunks = [&lies](const char* name, void (*change)(Conversation&, Bytes&)) {
        lies[name].chunks = [change](Conversation& conversation, Bytes& bytes) {
            if (bytes.starts_with("MSG")) change(conversation, bytes);
        };
    };
    const auto set = [](Bytes& bytes, size_t at, std::uint32_t number) {
        std::memcpy(bytes.data() + at, &number, sizeof number);
    };
    static const auto put = set;
    chunks("chunk-size-0", [](Conversation&, Bytes& b) { put(b, 4, 0); });
    chunks("chunk-size-7", [](Conversation&, Bytes& b) { put(b, 4, 7); });
    chunks("chunk-size-max", [](Conversation&, Bytes& b) { put(b, 4, kMax32); });
    chunks("chunk-type-unknown", [](Conversation&, Bytes& b) { b.replace(0, 3, "XYZ"); });
    chunks("chunk-flag-unknown", [](Conversation&, Bytes& b) { b[3] = 'X'; });
    chunks("chunk-abort", [](Conversation&, Bytes& b) { b[3] = 'A'; });
    chunks("chunk-hello-back", [](Conversation&, Bytes& b) { b.replace(0, 3, "HEL"); });
    chunks("chunk-other-channel", [](Conversation&, Bytes& b) { put(b, 8, 4711); });
    chunks("chunk-other-token", [](Conversation&, Bytes& b) { put(b, 12, 4711); });
    chunks("chunk-sequence-same", [](Conversation&, Bytes& b) { put(b, 16, 1); });
    chunks("chunk-sequence-random", [](Conversation& c, Bytes& b) { put(b, 16, c.random()); });
    chunks("chunk-sequence-max", [](Conversation&, Bytes& b) { put(b, 16, kMax32); });
    chunks("chunk-never-final", [](Conversation&, Bytes& b) { b[3] = 'C'; });
    chunks("chunk-error", [](Conversation&, Bytes& b) {
        Bytes content;
        put32(content, UA_STATUSCODE_GOOD);
        put32(content, kMax32);
        b = chunk("ERR", 'F', content);
    });
    // Pieces of one message that never ends, as long as somebody reads them: 300 MB.
    lies["!chunk-flood"].chunks = [](Conversation& c, Bytes& bytes) {
        if (!bytes.starts_with("MSG") || c.publishes == 0) return;
        Bytes one = bytes;
        one[3] = 'C';
        one.resize(60'000, 'x');
        put(one, 4, 60'000);
        std::uint32_t sequence = get32(one, 16);
        Bytes all;
        all.reserve(300'000'000);
        while (all.size() < 300'000'000) {
            put(one, 16, sequence++);
            all += one;
        }
        bytes = std::move(all);
    };
    // As many chunks as one will take, with nothing in them.
    lies["!chunk-flood-empty"].chunks = [](Conversation& c, Bytes& bytes) {
        if (!bytes.starts_with("MSG") || c.publishes == 0) return;
        Bytes one = bytes.substr(0, 24);
        one[3] = 'C';
        put(one, 4, 24);
        std::uint32_t sequence = get32(one, 16);
        Bytes all;
        for (int i = 0; i < 3'000'000; ++i) {
            put(one, 16, sequence++);
            all += one;
        }
        bytes = std::move(all);
    };
    lies["slow"].slow = true;
}

void addReads(Lies& lies) {
    const auto limits = [&lies](const std::string& name, UA_UInt32 limit) {
        lies[name].answer = on<UA_ReadResponse>(UA_TYPES_READRESPONSE, [limit](Conversation&, auto& read) {
            for (size_t i = 0; i < read.resultsSize; ++i) {
                UA_DataValue& value = read.results[i];
                if (!value.hasStatus || value.status != UA_STATUSCODE_BADNODEIDUNKNOWN) continue;
                value.hasStatus = false;
                value.hasValue = true;
                UA_Variant_setScalarCopy(&value.value, &limit, &UA_TYPES[UA_TYPES_UINT32]);
            }
        });
    };
    limits("limits-0", 0);
    limits("limits-1", 1);
    limits("limits-max", kMax32);
    const auto every = [&lies](const char* name, auto change) {
        lies[name].answer = on<UA_ReadResponse>(UA_TYPES_READRESPONSE, [change](Conversation& c, auto& read) {
            for (size_t i = 0; i < read.resultsSize; ++i) {
                UA_DataValue_clear(&read.results[i]);
                read.results[i].hasValue = true;
                change(c, read.results[i].value);
            }
        });
    };
    every("read-null", [](Conversation&, UA_Variant&) {});
    every("read-texts", [](Conversation&, UA_Variant& v) {
        const UA_String text = borrow("not what you asked for");
        UA_Variant_setScalarCopy(&v, &text, &UA_TYPES[UA_TYPES_STRING]);
    });
    every("read-negative", [](Conversation&, UA_Variant& v) {
        const UA_Int32 number = -1;
        UA_Variant_setScalarCopy(&v, &number, &UA_TYPES[UA_TYPES_INT32]);
    });
    every("read-empty-array", [](Conversation&, UA_Variant& v) {
        v.type = &UA_TYPES[UA_TYPES_STRING];
        v.data = UA_EMPTY_ARRAY_SENTINEL;
    });

    const auto namespaces = [&lies](const char* name, auto make) {
        lies[name].answer = on<UA_ReadResponse>(UA_TYPES_READRESPONSE, [make](Conversation& c, auto& read) {
            for (size_t i = 0; i < read.resultsSize; ++i) {
                UA_Variant& value = read.results[i].value;
                if (!UA_Variant_hasArrayType(&value, &UA_TYPES[UA_TYPES_STRING])) continue;
                const std::vector<std::string> uris = make(c);
                UA_Variant_clear(&value);
                auto* array = static_cast<UA_String*>(UA_Array_new(uris.size(), &UA_TYPES[UA_TYPES_STRING]));
                for (size_t k = 0; k < uris.size(); ++k) array[k] = copy(uris[k]);
                UA_Variant_setArray(&value, array, uris.size(), &UA_TYPES[UA_TYPES_STRING]);
            }
        });
    };
    const std::vector<std::string> honest{"http://opcfoundation.org/UA/", "urn:tagwire:hostile:server",
                                          "urn:tagwire:hostile"};
    namespaces("namespaces-empty", [](Conversation&) { return std::vector<std::string>{}; });
    namespaces("namespaces-without-ours", [](Conversation&) {
        return std::vector<std::string>{"http://opcfoundation.org/UA/", "urn:other"};
    });
    // Another order at every connection, as after a restart with other modules.
    namespaces("namespaces-renumbered", [honest](Conversation& c) {
        auto uris = honest;
        uris.insert(uris.begin() + 1, c.connection % 3, "urn:new");
        return uris;
    });
    namespaces("namespaces-twice", [honest](Conversation&) {
        auto uris = honest;
        uris.insert(uris.end(), honest.begin(), honest.end());
        return uris;
    });
    namespaces("!namespaces-enormous", [](Conversation&) {
        return std::vector<std::string>(200'000, "urn:" + std::string(200, 'x'));
    });
    namespaces("namespaces-not-utf8", [](Conversation&) {
        return std::vector<std::string>{"\xff\xfe", std::string("\0\0", 2), "urn:tagwire:hostile"};
    });
}

void addBrowses(Lies& lies) {
    const auto browse = [&lies](const char* name, auto change) {
        lies[name].answer = [change](Conversation& c, const UA_DataType& type, void* response) {
            if (&type != &UA_TYPES[UA_TYPES_BROWSERESPONSE] &&
                &type != &UA_TYPES[UA_TYPES_BROWSENEXTRESPONSE])
                return;
            auto& answer = *static_cast<UA_BrowseResponse*>(response);  // BrowseNext's has the same layout
            for (size_t i = 0; i < answer.resultsSize; ++i) change(c, answer.results[i]);
        };
    };
    static const auto references = [](UA_BrowseResult& result, size_t count, auto target) {
        result.references = static_cast<UA_ReferenceDescription*>(
            UA_Array_new(count, &UA_TYPES[UA_TYPES_REFERENCEDESCRIPTION]));
        result.referencesSize = count;
        for (size_t i = 0; i < count; ++i) {
            UA_ReferenceDescription& reference = result.references[i];
            reference.isForward = true;
            reference.referenceTypeId.identifier.numeric = UA_NS0ID_ORGANIZES;
            reference.nodeId.nodeId = target(i);
            reference.nodeClass = UA_NODECLASS_OBJECT;
            reference.browseName = {2, copy("child")};
            reference.displayName = {copy("en"), copy("child")};
        }
    };
    browse("browse-endless", [](Conversation&, UA_BrowseResult& result) {
        references(result, 1, [](size_t) { return UA_NODEID_NUMERIC(0, UA_NS0ID_OBJECTSFOLDER); });
        result.continuationPoint = copy("more");
    });
    browse("browse-endless-nothing",
           [](Conversation&, UA_BrowseResult& result) { result.continuationPoint = copy("more"); });
    browse("browse-cycle", [](Conversation&, UA_BrowseResult& result) {
        references(result, 3, [](size_t) { return UA_NODEID_NUMERIC(0, UA_NS0ID_OBJECTSFOLDER); });
    });
    // Every node has three more that were never there before.
    browse("browse-bottomless", [](Conversation& c, UA_BrowseResult& result) {
        references(result, 3, [&c](size_t) { return UA_NODEID_NUMERIC(2, c.random()); });
    });
    browse("!browse-100000", [](Conversation&, UA_BrowseResult& result) {
        references(result, 100'000, [](size_t i) { return UA_NODEID_NUMERIC(2, static_cast<UA_UInt32>(i)); });
    });
}

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

void addValues(Lies& lies) {
    const auto value = [&lies](const char* name, auto change) {
        lies[name].value = [change](Conversation& c, double number, UA_DataValue& v) {
            UA_Variant_clear(&v.value);
            change(c, number, v);
        };
    };
    static const auto scalar = [](UA_DataValue& v, const auto& data, int type) {
        UA_Variant_setScalarCopy(&v.value, &data, &UA_TYPES[type]);
    };
    value("value-nan", [](Conversation&, double, UA_DataValue& v) { scalar(v, kNaN, UA_TYPES_DOUBLE); });
    value("value-infinite", [](Conversation&, double n, UA_DataValue& v) {
        scalar(v, static_cast<int>(n) % 2 == 0 ? kInfinity : -kInfinity, UA_TYPES_DOUBLE);
    });
    value("value-int64-min", [](Conversation&, double, UA_DataValue& v) {
        scalar(v, std::numeric_limits<UA_Int64>::min(), UA_TYPES_INT64);
    });
    value("value-uint64-max", [](Conversation&, double, UA_DataValue& v) {
        scalar(v, std::numeric_limits<UA_UInt64>::max(), UA_TYPES_UINT64);
    });
    value("value-null", [](Conversation&, double, UA_DataValue&) {});
    value("value-none", [](Conversation&, double, UA_DataValue& v) { v.hasValue = false; });
    value("value-status-any", [](Conversation& c, double n, UA_DataValue& v) {
        scalar(v, n, UA_TYPES_DOUBLE);
        v.hasStatus = true;
        v.status = static_cast<UA_StatusCode>(c.random()) * 2;
    });
    static constexpr std::array kTimes{UA_DateTime{0},
                                       UA_DateTime{1},
                                       UA_DateTime{-1},
                                       std::numeric_limits<UA_DateTime>::min(),
                                       std::numeric_limits<UA_DateTime>::max(),
                                       UA_DateTime{2'650'467'743'990'000'000}};
    value("value-times", [](Conversation& c, double n, UA_DataValue& v) {
        scalar(v, n, UA_TYPES_DOUBLE);
        v.hasServerTimestamp = true;
        v.sourceTimestamp = kTimes[c.random() % kTimes.size()];
        v.serverTimestamp = kTimes[c.random() % kTimes.size()];
    });
    value("value-is-time", [](Conversation& c, double, UA_DataValue& v) {
        scalar(v, kTimes[c.random() % kTimes.size()], UA_TYPES_DATETIME);
    });
    value("value-clock-century", [](Conversation&, double n, UA_DataValue& v) {
        scalar(v, n, UA_TYPES_DOUBLE);
        v.sourceTimestamp += kCentury;
    });
    // Another built-in type each time, from one zeroed object or an array of three.
    value("value-types", [](Conversation& c, double, UA_DataValue& v) {
        const UA_DataType& type = UA_TYPES[c.random() % UA_TYPES_EXTENSIONOBJECT];
        if (c.random() % 2 == 0) {
            UA_Variant_setScalar(&v.value, UA_new(&type), &type);
        } else {
            UA_Variant_setArray(&v.value, UA_Array_new(3, &type), 3, &type);
        }
    });
    value("value-not-utf8", [](Conversation& c, double, UA_DataValue& v) {
        Bytes bytes(200, '\0');
        for (char& byte : bytes) byte = static_cast<char>(c.random());
        scalar(v, borrow(bytes), UA_TYPES_STRING);
    });
    value("value-structure-unknown", [](Conversation& c, double, UA_DataValue& v) {
        auto* object = static_cast<UA_ExtensionObject*>(UA_new(&UA_TYPES[UA_TYPES_EXTENSIONOBJECT]));
        object->encoding =
            c.random() % 2 == 0 ? UA_EXTENSIONOBJECT_ENCODED_BYTESTRING : UA_EXTENSIONOBJECT_ENCODED_XML;
        object->content.encoded.typeId =
            UA_NODEID_NUMERIC(static_cast<UA_UInt16>(c.random()), static_cast<UA_UInt32>(c.random()));
        object->content.encoded.body = copy(std::string(c.random() % 1'000, '<'));
        UA_Variant_setScalar(&v.value, object, &UA_TYPES[UA_TYPES_EXTENSIONOBJECT]);
    });
    value("value-dimensions", [](Conversation&, double, UA_DataValue& v) {
        UA_Variant_setArray(&v.value, UA_Array_new(4, &UA_TYPES[UA_TYPES_DOUBLE]), 4,
                            &UA_TYPES[UA_TYPES_DOUBLE]);
        v.value.arrayDimensions = static_cast<UA_UInt32*>(UA_Array_new(3, &UA_TYPES[UA_TYPES_UINT32]));
        v.value.arrayDimensionsSize = 3;
        std::ranges::fill_n(v.value.arrayDimensions, 3, kMax32);
    });
    value("!value-array-10000000", [](Conversation& c, double, UA_DataValue& v) {
        const size_t size = c.publishes < 2 ? 10'000'000 : 10;
        UA_Variant_setArray(&v.value, UA_Array_new(size, &UA_TYPES[UA_TYPES_DOUBLE]), size,
                            &UA_TYPES[UA_TYPES_DOUBLE]);
    });
    value("!value-texts-1000000", [](Conversation&, double, UA_DataValue& v) {
        constexpr size_t kSize = 1'000'000;
        UA_Variant_setArray(&v.value, UA_Array_new(kSize, &UA_TYPES[UA_TYPES_LOCALIZEDTEXT]), kSize,
                            &UA_TYPES[UA_TYPES_LOCALIZEDTEXT]);
    });
    value("!value-string-64mb", [](Conversation&, double, UA_DataValue& v) {
        const Bytes text(32U << 20U, 'x');  // two items: 64 MB in one message
        scalar(v, borrow(text), UA_TYPES_STRING);
    });

    // Nested deeper than the codec itself would encode: placed over filler of the same size.
    const auto nested = [&lies](const std::string& name, const Bytes& level, const Bytes& end,
                                size_t levels) {
        Bytes raw;
        for (size_t i = 0; i < levels; ++i) raw += level;
        raw += end;
        const Bytes filler(raw.size() - 5, '\x5a');
        lies[name].value = [filler](Conversation&, double, UA_DataValue& v) {
            UA_Variant_clear(&v.value);
            scalar(v, borrow(filler), UA_TYPES_BYTESTRING);
        };
        lies[name].body = [filler, raw](Conversation&, Bytes& body) {
            Bytes encoded("\x0f");
            put32(encoded, static_cast<std::uint32_t>(filler.size()));
            encoded += filler;
            for (size_t at = body.find(encoded); at != Bytes::npos; at = body.find(encoded))
                body.replace(at, raw.size(), raw);
        };
    };
    using namespace std::string_literals;
    const Bytes variant = "\x98\x01\0\0\0"s;  // an array of one Variant
    const Bytes dataValue = "\x17\x01"s;      // a DataValue with a value
    const Bytes diagnostic = "\x40"s;         // a DiagnosticInfo within
    const Bytes number = "\x0b\0\0\0\0\0\0\x45\x40"s;
    for (const size_t levels : {size_t{20}, size_t{45}, size_t{95}, size_t{100'000}}) {
        const std::string times = std::to_string(levels);
        nested("value-variants-" + times, variant, number, levels);
        nested("value-data-values-" + times, dataValue, number, levels);
        nested("value-diagnostics-" + times, diagnostic, "\x19\0\0\0\0\0\0"s, levels);
    }
    // Says it has two thousand million elements.
    lies["value-count-max"] = lies["value-variants-20"];
    lies["value-count-max"].body = [](Conversation&, Bytes& body) {
        const size_t at = body.find("\x5a\x5a\x5a\x5a\x5a"s);
        if (at != Bytes::npos && at >= 5) body.replace(at - 5, 5, "\x8b\xff\xff\xff\x7f"s);
    };
}

Lies make() {
    Lies lies{{"", {}}};
    addReactions(lies);
    addResultCounts(lies);
    addSessions(lies);
    addTransport(lies);
    addReads(lies);
    addBrowses(lies);
    addSubscriptions(lies);
    addPublishes(lies);
    addValues(lies);
    return lies;
}

}  // namespace

const std::map<std::string, Lie>& lies() {
    static const Lies kLies = make();
    return kLies;
}

}  // namespace hostile
