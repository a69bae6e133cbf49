// One client's connection to the hostile server: an honest server without security and with two variables, A
// and B, which count, except for what the lie of the moment makes of it. Thread: its own. Lifetime: until the
// peer or the server ends it.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "hostile/lie.h"
#include "hostile/message.h"

namespace hostile {

constexpr std::string_view kNamespace = "urn:tagwire:hostile";

// Shared by the connections to one port. Thread: any.
struct Shared {
    std::atomic<const Lie*> lie;
    std::atomic<std::uint64_t> connections{0};
    std::atomic<std::uint64_t> requests{0};
    std::atomic<std::uint64_t> activated{0};
    std::atomic<bool> end{false};
    std::string endpoint;
    std::mutex mutex;
    std::vector<int> sockets;  // under the mutex
};

class Connection {
public:
    // Takes the socket over.
    Connection(Shared& shared, int socket, std::uint64_t number);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    void run();

private:
    struct Request {
        std::uint32_t id = 0;
        std::uint32_t handle = 0;
    };
    struct Subscription {
        std::vector<std::uint32_t> handles;
        std::uint32_t sequence = 1;
    };

    [[nodiscard]] const Lie& lie() const { return *shared_.lie.load(); }
    bool takeChunk(std::string_view type, char final, std::string_view content);
    bool hello();
    bool open(std::string_view content);
    bool request(std::uint32_t id, std::string_view body);
    // Honest answers.
    Object answer(const Object& request, const UA_DataType& type);
    Object getEndpoints() const;
    Object createSession();
    Object read(const UA_ReadRequest& request) const;
    Object createItems(const UA_CreateMonitoredItemsRequest& request);
    void read(const UA_ReadValueId& item, UA_DataValue& out) const;
    void endpoint(UA_EndpointDescription& out) const;

    bool publishDue();
    bool publish(std::uint32_t subscription, Subscription& state);
    bool respond(Request to, std::string_view stage, const Object& response, const UA_DataType& type);
    bool send(std::uint32_t requestId, std::string_view messageType, const Bytes& body);
    bool sendBytes(std::string_view bytes);

    Shared& shared_;
    const int socket_;
    Conversation conversation_;
    Bytes input_;
    Bytes assembled_;
    std::uint32_t sequence_ = 1;
    std::uint32_t nextId_ = 1;
    double counter_ = 0;
    std::deque<Request> publishRequests_;
    std::map<std::uint32_t, Subscription> subscriptions_;
};

}  // namespace hostile
