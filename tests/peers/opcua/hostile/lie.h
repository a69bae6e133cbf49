// What a lie may change in a conversation. Everything is off in an honest one.
// Thread: hooks are called by the threads of connections; they keep no state outside Conversation.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "hostile/message.h"

namespace hostile {

// What is known of one connection, for the lies that need memory.
struct Conversation {
    std::minstd_rand random;
    std::uint64_t connection = 0;  // 1 for the first to this server
    std::uint64_t publishes = 0;   // notification messages sent
    std::uint32_t channel = 7;
    std::uint32_t token = 1;
};

enum class Reaction : std::uint8_t {
    Answer,
    Silence,
    Garbage,
    Close,
    Fault,         // ServiceFault BadInternalError
    GoodFault,     // ServiceFault whose result is Good
    WrongType,     // another service's answer
    WrongHandle,   // the requestHandle of another request
    WrongRequest,  // the requestId of no request
    Twice,
    Empty,
    Truncated,
    Flipped,  // some bytes are others
};

struct Lie {
    // "hello", "open", or the request's type in small letters without "request", such as "createsession".
    std::function<Reaction(std::string_view stage)> reaction;
    // Changes an answer before it is encoded.
    std::function<void(Conversation&, const UA_DataType&, void* response)> answer;
    // Changes an encoded answer.
    std::function<void(Conversation&, Bytes& body)> body;
    // Replaces all bytes that go out for one message.
    std::function<void(Conversation&, Bytes& chunks)> chunks;
    // Changes the value of a notification; the number is the honest value.
    std::function<void(Conversation&, double number, UA_DataValue&)> value;
    // Changes a whole publish response with its notifications.
    std::function<void(Conversation&, UA_PublishResponse&)> publish;
    // Bytes that are sent without being asked for, after each publish response.
    std::function<Bytes(Conversation&)> unasked;
    // Takes the place of the ACK.
    std::function<Bytes(Conversation&)> acknowledge;
    // Sends this in pieces with pauses.
    bool slow = false;
};

// By name; the empty name is honesty.
const std::map<std::string, Lie>& lies();

}  // namespace hostile
