// Lies while a channel and a session are opened, and about messages as such.
#include <array>

#include <open62541/statuscodes.h>

#include "hostile/lies.h"

namespace hostile {
namespace {

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
    // Results that are neither plain Good nor Bad: GoodCallAgain, Uncertain.
    for (const auto& [name, result] :
         {std::pair{"good", 0x00A9'0000U}, std::pair{"uncertain", 0x4000'0000U}}) {
        const auto say = [result](Conversation&, auto& response) {
            response.responseHeader.serviceResult = result;
        };
        endpoints((std::string("endpoints-result-") + name).c_str(), say);
        session((std::string("session-result-") + name).c_str(), say);
    }
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

}  // namespace

void addSessionLies(Lies& lies) {
    addReactions(lies);
    addSessions(lies);
    addTransport(lies);
}

}  // namespace hostile
