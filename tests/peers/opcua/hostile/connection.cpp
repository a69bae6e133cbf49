#include "hostile/connection.h"

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <chrono>
#include <thread>
#include <utility>

#include <open62541/nodeids.h>
#include <open62541/statuscodes.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace hostile {
namespace {

constexpr int kPublishMs = 50;
constexpr std::size_t kChunkBytes = 60'000;

bool isType(const UA_DataType& type, int index) { return &type == &UA_TYPES[index]; }

template <class T>
void readScalar(UA_DataValue& out, T value, int type) {
    out.hasValue = true;
    UA_Variant_setScalarCopy(&out.value, &value, &UA_TYPES[type]);
}

Bytes garbage(Conversation& conversation, std::size_t size) {
    Bytes out(size, '\0');
    for (char& c : out) c = static_cast<char>(conversation.random());
    return out;
}

void flip(Conversation& conversation, Bytes& bytes) {
    if (bytes.empty()) return;
    for (auto times = 1 + conversation.random() % 8; times > 0; --times) {
        bytes[conversation.random() % bytes.size()] = static_cast<char>(conversation.random());
    }
}

std::string stageOf(const UA_DataType& type) {
    std::string name = type.typeName;
    name.resize(name.size() - std::min(name.size(), std::string_view("Request").size()));
    std::ranges::transform(name, name.begin(), [](unsigned char c) { return std::tolower(c); });
    return name;
}

// As many results as there were operations, each Bad.
template <class Response, class Result>
Object refuseEach(std::size_t count, int responseType, int resultType, UA_StatusCode status) {
    Object response = make(UA_TYPES[responseType]);
    as<Response>(response).results = array<Result>(count, UA_TYPES[resultType]);
    as<Response>(response).resultsSize = count;
    for (std::size_t i = 0; i < count; ++i) as<Response>(response).results[i].statusCode = status;
    return response;
}

Object goodForEach(std::size_t count, int responseType) {
    // All answers with a plain list of status codes have the same layout.
    Object response = make(UA_TYPES[responseType]);
    auto& same = as<UA_DeleteSubscriptionsResponse>(response);
    same.results = array<UA_StatusCode>(count, UA_TYPES[UA_TYPES_STATUSCODE]);
    same.resultsSize = count;
    return response;
}

}  // namespace

Connection::Connection(Shared& shared, int socket, std::uint64_t number) : shared_(shared), socket_(socket) {
    conversation_.connection = number;
    conversation_.random.seed(static_cast<std::uint32_t>(number));
    const timeval patience{2, 0};
    setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    const std::scoped_lock lock(shared_.mutex);
    shared_.sockets.push_back(socket_);
}

Connection::~Connection() {
    const std::scoped_lock lock(shared_.mutex);
    std::erase(shared_.sockets, socket_);
    close(socket_);
}

void Connection::run() {
    auto due = std::chrono::steady_clock::now();
    while (!shared_.end) {
        pollfd waited{socket_, POLLIN, 0};
        const int ready = poll(&waited, 1, kPublishMs / 2);
        if (ready < 0 && errno != EINTR) return;
        if (ready > 0) {
            char bytes[65'536];
            const auto size = recv(socket_, bytes, sizeof bytes, 0);
            if (size <= 0) return;
            input_.append(bytes, static_cast<std::size_t>(size));
        }
        while (input_.size() >= 8) {
            const std::size_t size = get32(input_, 4);
            if (size < 8 || size > (1U << 24U)) return;
            if (input_.size() < size) break;
            const Bytes whole = input_.substr(0, size);
            input_.erase(0, size);
            if (!takeChunk(std::string_view(whole).substr(0, 3), whole[3], std::string_view(whole).substr(8)))
                return;
        }
        if (const auto now = std::chrono::steady_clock::now(); now >= due) {
            due = now + std::chrono::milliseconds(kPublishMs);
            if (!publishDue()) return;
        }
    }
}

bool Connection::takeChunk(std::string_view type, char final, std::string_view content) {
    if (type == "HEL") return hello();
    if (type == "OPN") return open(content);
    if (type == "CLO" || content.size() < 16) return false;
    // Channel, token, sequence number, request id.
    assembled_.append(content.substr(16));
    if (final != 'F') return true;
    return request(get32(content, 12), std::exchange(assembled_, {}));
}

bool Connection::hello() {
    if (lie().acknowledge) return sendBytes(lie().acknowledge(conversation_));
    Bytes content;
    for (const std::uint32_t number : {0U, 65'536U, 65'536U, 0U, 0U}) put32(content, number);
    Bytes out = chunk("ACK", 'F', content);
    switch (lie().reaction ? lie().reaction("hello") : Reaction::Answer) {
        case Reaction::Silence: return true;
        case Reaction::Close: return false;
        case Reaction::Garbage: return sendBytes(garbage(conversation_, 5'000));
        case Reaction::Truncated: return sendBytes(std::string_view(out).substr(0, 11));
        case Reaction::Twice: return sendBytes(out) && sendBytes(out);
        case Reaction::Flipped: flip(conversation_, out); return sendBytes(out);
        case Reaction::Fault: {
            Bytes error;
            put32(error, UA_STATUSCODE_BADTCPSERVERTOOBUSY);
            put32(error, 0x7fff'ffff);  // as long as it says the reason is
            return sendBytes(chunk("ERR", 'F', error));
        }
        default: return sendBytes(out);
    }
}

bool Connection::open(std::string_view content) {
    // Channel, three byte strings (policy, certificate, thumbprint), sequence number, request id, body.
    std::size_t at = 4;
    for (int i = 0; i < 3; ++i) {
        const auto length = static_cast<std::int32_t>(get32(content, at));
        at += 4 + static_cast<std::size_t>(std::max(0, length));
    }
    if (at + 8 > content.size()) return false;
    const std::uint32_t id = get32(content, at + 4);
    const Object request = decode(content.substr(at + 8));
    if (!request || !isType(*request.get_deleter().type, UA_TYPES_OPENSECURECHANNELREQUEST)) return false;
    const auto& asked = as<UA_OpenSecureChannelRequest>(request);
    const Object response = make(UA_TYPES[UA_TYPES_OPENSECURECHANNELRESPONSE]);
    auto& opened = as<UA_OpenSecureChannelResponse>(response);
    if (asked.requestType == UA_SECURITYTOKENREQUESTTYPE_RENEW) ++conversation_.token;
    opened.securityToken.channelId = conversation_.channel;
    opened.securityToken.tokenId = conversation_.token;
    opened.securityToken.createdAt = UA_DateTime_now();
    opened.securityToken.revisedLifetime = asked.requestedLifetime;
    return respond({id, asked.requestHeader.requestHandle}, "open", response,
                   UA_TYPES[UA_TYPES_OPENSECURECHANNELRESPONSE]);
}

bool Connection::request(std::uint32_t id, std::string_view bytes) {
    ++shared_.requests;
    const Object request = decode(bytes);
    if (!request) return false;
    const UA_DataType& type = *request.get_deleter().type;
    const auto& header = as<UA_RequestHeader>(request);  // first in every request
    const Request to{id, header.requestHandle};
    if (isType(type, UA_TYPES_PUBLISHREQUEST)) {
        const Reaction reaction = lie().reaction ? lie().reaction("publish") : Reaction::Answer;
        if (reaction == Reaction::Answer) {
            publishRequests_.push_back(to);
            return true;
        }
    }
    const Object response = answer(request, type);
    return respond(to, stageOf(type), response, *response.get_deleter().type);
}

Object Connection::answer(const Object& request, const UA_DataType& type) {
    if (isType(type, UA_TYPES_GETENDPOINTSREQUEST)) return getEndpoints();
    if (isType(type, UA_TYPES_CREATESESSIONREQUEST)) return createSession();
    if (isType(type, UA_TYPES_ACTIVATESESSIONREQUEST)) {
        ++shared_.activated;
        return make(UA_TYPES[UA_TYPES_ACTIVATESESSIONRESPONSE]);
    }
    if (isType(type, UA_TYPES_CLOSESESSIONREQUEST)) return make(UA_TYPES[UA_TYPES_CLOSESESSIONRESPONSE]);
    if (isType(type, UA_TYPES_PUBLISHREQUEST)) return make(UA_TYPES[UA_TYPES_PUBLISHRESPONSE]);
    if (isType(type, UA_TYPES_READREQUEST)) return read(as<UA_ReadRequest>(request));
    if (isType(type, UA_TYPES_CREATEMONITOREDITEMSREQUEST)) {
        return createItems(as<UA_CreateMonitoredItemsRequest>(request));
    }
    if (isType(type, UA_TYPES_CREATESUBSCRIPTIONREQUEST)) {
        const auto& asked = as<UA_CreateSubscriptionRequest>(request);
        Object response = make(UA_TYPES[UA_TYPES_CREATESUBSCRIPTIONRESPONSE]);
        auto& created = as<UA_CreateSubscriptionResponse>(response);
        created.subscriptionId = nextId_++;
        created.revisedPublishingInterval = asked.requestedPublishingInterval;
        created.revisedLifetimeCount = asked.requestedLifetimeCount;
        created.revisedMaxKeepAliveCount = asked.requestedMaxKeepAliveCount;
        subscriptions_[created.subscriptionId];
        return response;
    }
    if (isType(type, UA_TYPES_BROWSEREQUEST)) {
        Object response = make(UA_TYPES[UA_TYPES_BROWSERESPONSE]);
        const std::size_t count = as<UA_BrowseRequest>(request).nodesToBrowseSize;
        as<UA_BrowseResponse>(response).results =
            array<UA_BrowseResult>(count, UA_TYPES[UA_TYPES_BROWSERESULT]);
        as<UA_BrowseResponse>(response).resultsSize = count;
        return response;
    }
    if (isType(type, UA_TYPES_BROWSENEXTREQUEST)) {
        Object response = make(UA_TYPES[UA_TYPES_BROWSENEXTRESPONSE]);
        const std::size_t count = as<UA_BrowseNextRequest>(request).continuationPointsSize;
        as<UA_BrowseNextResponse>(response).results =
            array<UA_BrowseResult>(count, UA_TYPES[UA_TYPES_BROWSERESULT]);
        as<UA_BrowseNextResponse>(response).resultsSize = count;
        return response;
    }
    if (isType(type, UA_TYPES_TRANSLATEBROWSEPATHSTONODEIDSREQUEST)) {
        return refuseEach<UA_TranslateBrowsePathsToNodeIdsResponse, UA_BrowsePathResult>(
            as<UA_TranslateBrowsePathsToNodeIdsRequest>(request).browsePathsSize,
            UA_TYPES_TRANSLATEBROWSEPATHSTONODEIDSRESPONSE, UA_TYPES_BROWSEPATHRESULT,
            UA_STATUSCODE_BADNOMATCH);
    }
    if (isType(type, UA_TYPES_TRANSFERSUBSCRIPTIONSREQUEST)) {
        return refuseEach<UA_TransferSubscriptionsResponse, UA_TransferResult>(
            as<UA_TransferSubscriptionsRequest>(request).subscriptionIdsSize,
            UA_TYPES_TRANSFERSUBSCRIPTIONSRESPONSE, UA_TYPES_TRANSFERRESULT,
            UA_STATUSCODE_BADSUBSCRIPTIONIDINVALID);
    }
    if (isType(type, UA_TYPES_DELETESUBSCRIPTIONSREQUEST)) {
        const auto& asked = as<UA_DeleteSubscriptionsRequest>(request);
        for (std::size_t i = 0; i < asked.subscriptionIdsSize; ++i)
            subscriptions_.erase(asked.subscriptionIds[i]);
        return goodForEach(asked.subscriptionIdsSize, UA_TYPES_DELETESUBSCRIPTIONSRESPONSE);
    }
    if (isType(type, UA_TYPES_DELETEMONITOREDITEMSREQUEST)) {
        return goodForEach(as<UA_DeleteMonitoredItemsRequest>(request).monitoredItemIdsSize,
                           UA_TYPES_DELETEMONITOREDITEMSRESPONSE);
    }
    Object fault = make(UA_TYPES[UA_TYPES_SERVICEFAULT]);
    as<UA_ServiceFault>(fault).responseHeader.serviceResult = UA_STATUSCODE_BADSERVICEUNSUPPORTED;
    return fault;
}

void Connection::endpoint(UA_EndpointDescription& out) const {
    out.endpointUrl = copy(shared_.endpoint);
    out.server.applicationUri = copy(kNamespace);
    out.server.applicationName.text = copy("hostile server");
    out.securityMode = UA_MESSAGESECURITYMODE_NONE;
    out.securityPolicyUri = copy("http://opcfoundation.org/UA/SecurityPolicy#None");
    out.transportProfileUri = copy("http://opcfoundation.org/UA-Profile/Transport/uatcp-uasc-uabinary");
    out.userIdentityTokens = array<UA_UserTokenPolicy>(1, UA_TYPES[UA_TYPES_USERTOKENPOLICY]);
    out.userIdentityTokensSize = 1;
    out.userIdentityTokens[0].policyId = copy("anonymous");
    out.userIdentityTokens[0].tokenType = UA_USERTOKENTYPE_ANONYMOUS;
}

Object Connection::getEndpoints() const {
    Object response = make(UA_TYPES[UA_TYPES_GETENDPOINTSRESPONSE]);
    auto& found = as<UA_GetEndpointsResponse>(response);
    found.endpoints = array<UA_EndpointDescription>(1, UA_TYPES[UA_TYPES_ENDPOINTDESCRIPTION]);
    found.endpointsSize = 1;
    endpoint(found.endpoints[0]);
    return response;
}

Object Connection::createSession() {
    Object response = make(UA_TYPES[UA_TYPES_CREATESESSIONRESPONSE]);
    auto& session = as<UA_CreateSessionResponse>(response);
    session.sessionId = UA_NODEID_NUMERIC(1, nextId_++);
    session.authenticationToken = UA_NODEID_NUMERIC(1, nextId_++ + 1'000'000);
    session.revisedSessionTimeout = 30'000;
    session.serverNonce = copy(std::string(32, 'n'));
    session.serverEndpoints = array<UA_EndpointDescription>(1, UA_TYPES[UA_TYPES_ENDPOINTDESCRIPTION]);
    session.serverEndpointsSize = 1;
    endpoint(session.serverEndpoints[0]);
    return response;
}

void Connection::read(const UA_ReadValueId& item, UA_DataValue& out) const {
    const UA_NodeId& node = item.nodeId;
    const bool isValue = item.attributeId == UA_ATTRIBUTEID_VALUE;
    const bool standard = node.namespaceIndex == 0 && node.identifierType == UA_NODEIDTYPE_NUMERIC;
    if (isValue && standard && node.identifier.numeric == UA_NS0ID_SERVER_NAMESPACEARRAY) {
        UA_String uris[] = {borrow("http://opcfoundation.org/UA/"), borrow("urn:tagwire:hostile:server"),
                            borrow(kNamespace)};
        out.hasValue = true;
        UA_Variant_setArrayCopy(&out.value, uris, 3, &UA_TYPES[UA_TYPES_STRING]);
    } else if (isValue && standard && node.identifier.numeric == UA_NS0ID_SERVER_SERVERSTATUS_STATE) {
        readScalar(out, UA_Int32{UA_SERVERSTATE_RUNNING}, UA_TYPES_INT32);
    } else if (isValue && node.namespaceIndex == 2) {
        readScalar(out, counter_, UA_TYPES_DOUBLE);
    } else {
        out.hasStatus = true;
        out.status = standard ? UA_STATUSCODE_BADNODEIDUNKNOWN : UA_STATUSCODE_BADATTRIBUTEIDINVALID;
    }
}

Object Connection::read(const UA_ReadRequest& request) const {
    Object response = make(UA_TYPES[UA_TYPES_READRESPONSE]);
    auto& values = as<UA_ReadResponse>(response);
    values.results = array<UA_DataValue>(request.nodesToReadSize, UA_TYPES[UA_TYPES_DATAVALUE]);
    values.resultsSize = request.nodesToReadSize;
    for (std::size_t i = 0; i < request.nodesToReadSize; ++i) read(request.nodesToRead[i], values.results[i]);
    return response;
}

Object Connection::createItems(const UA_CreateMonitoredItemsRequest& request) {
    Object response = make(UA_TYPES[UA_TYPES_CREATEMONITOREDITEMSRESPONSE]);
    auto& created = as<UA_CreateMonitoredItemsResponse>(response);
    const auto subscription = subscriptions_.find(request.subscriptionId);
    if (subscription == subscriptions_.end()) {
        created.responseHeader.serviceResult = UA_STATUSCODE_BADSUBSCRIPTIONIDINVALID;
        return response;
    }
    created.results = array<UA_MonitoredItemCreateResult>(request.itemsToCreateSize,
                                                          UA_TYPES[UA_TYPES_MONITOREDITEMCREATERESULT]);
    created.resultsSize = request.itemsToCreateSize;
    for (std::size_t i = 0; i < request.itemsToCreateSize; ++i) {
        const UA_MonitoredItemCreateRequest& item = request.itemsToCreate[i];
        created.results[i].monitoredItemId = nextId_++;
        created.results[i].revisedSamplingInterval = item.requestedParameters.samplingInterval;
        created.results[i].revisedQueueSize = item.requestedParameters.queueSize;
        if (item.itemToMonitor.attributeId == UA_ATTRIBUTEID_VALUE) {
            subscription->second.handles.push_back(item.requestedParameters.clientHandle);
        } else {
            created.results[i].statusCode = UA_STATUSCODE_BADATTRIBUTEIDINVALID;
        }
    }
    return response;
}

bool Connection::publishDue() {
    counter_ += 1;
    for (auto& [id, subscription] : subscriptions_) {
        if (publishRequests_.empty()) return true;
        if (!subscription.handles.empty() && !publish(id, subscription)) return false;
    }
    return true;
}

bool Connection::publish(std::uint32_t id, Subscription& state) {
    const Request to = publishRequests_.front();
    publishRequests_.pop_front();
    const Object response = make(UA_TYPES[UA_TYPES_PUBLISHRESPONSE]);
    auto& published = as<UA_PublishResponse>(response);
    published.subscriptionId = id;
    published.notificationMessage.sequenceNumber = state.sequence++;
    published.notificationMessage.publishTime = UA_DateTime_now();
    auto* change =
        static_cast<UA_DataChangeNotification*>(UA_new(&UA_TYPES[UA_TYPES_DATACHANGENOTIFICATION]));
    const std::size_t count = state.handles.size();
    change->monitoredItems =
        array<UA_MonitoredItemNotification>(count, UA_TYPES[UA_TYPES_MONITOREDITEMNOTIFICATION]);
    change->monitoredItemsSize = count;
    for (std::size_t i = 0; i < count; ++i) {
        UA_DataValue& value = change->monitoredItems[i].value;
        change->monitoredItems[i].clientHandle = state.handles[i];
        readScalar(value, counter_, UA_TYPES_DOUBLE);
        value.hasSourceTimestamp = true;
        value.sourceTimestamp = UA_DateTime_now();
        if (lie().value) lie().value(conversation_, counter_, value);
    }
    auto& message = published.notificationMessage;
    message.notificationData = array<UA_ExtensionObject>(1, UA_TYPES[UA_TYPES_EXTENSIONOBJECT]);
    message.notificationDataSize = 1;
    UA_ExtensionObject_setValue(message.notificationData, change, &UA_TYPES[UA_TYPES_DATACHANGENOTIFICATION]);
    ++conversation_.publishes;
    if (lie().publish) lie().publish(conversation_, published);
    if (!respond(to, "publish", response, UA_TYPES[UA_TYPES_PUBLISHRESPONSE])) return false;
    return !lie().unasked || sendBytes(lie().unasked(conversation_));
}

bool Connection::respond(Request to, std::string_view stage, const Object& response,
                         const UA_DataType& type) {
    const Lie& lie = this->lie();
    const bool opening = stage == "open";
    const Reaction reaction = lie.reaction ? lie.reaction(stage) : Reaction::Answer;
    auto& header = as<UA_ResponseHeader>(response);
    header.requestHandle = to.handle;
    header.timestamp = UA_DateTime_now();
    if (lie.answer) lie.answer(conversation_, type, response.get());
    const std::string_view message = opening ? "OPN" : "MSG";
    const auto instead = [&](int other, UA_StatusCode result) {
        const Object object = make(UA_TYPES[other]);
        auto& otherHeader = as<UA_ResponseHeader>(object);
        otherHeader.requestHandle = to.handle;
        otherHeader.serviceResult = result;
        return send(to.id, message, body(object.get(), UA_TYPES[other]));
    };
    switch (reaction) {
        case Reaction::Silence: return true;
        case Reaction::Close: return false;
        case Reaction::Garbage: return sendBytes(garbage(conversation_, 20'000));
        case Reaction::Fault: return instead(UA_TYPES_SERVICEFAULT, UA_STATUSCODE_BADINTERNALERROR);
        case Reaction::GoodFault: return instead(UA_TYPES_SERVICEFAULT, UA_STATUSCODE_GOOD);
        case Reaction::WrongType: return instead(UA_TYPES_FINDSERVERSRESPONSE, UA_STATUSCODE_GOOD);
        case Reaction::WrongRequest: return send(to.id + 77'777, message, body(response.get(), type));
        case Reaction::Empty: return send(to.id, message, {});
        case Reaction::WrongHandle: header.requestHandle += 77'777; break;
        default: break;
    }
    Bytes encoded = body(response.get(), type);
    if (lie.body) lie.body(conversation_, encoded);
    if (reaction == Reaction::Truncated) encoded.resize(encoded.size() / 2);
    if (reaction == Reaction::Flipped) flip(conversation_, encoded);
    if (reaction == Reaction::Twice && !send(to.id, message, encoded)) return false;
    return send(to.id, message, encoded);
}

bool Connection::send(std::uint32_t requestId, std::string_view messageType, const Bytes& body) {
    Bytes prefix;
    put32(prefix, conversation_.channel);
    if (messageType == "OPN") {
        encode(prefix, std::data({borrow("http://opcfoundation.org/UA/SecurityPolicy#None")}),
               UA_TYPES[UA_TYPES_STRING]);
        put32(prefix, 0xffff'ffff);
        put32(prefix, 0xffff'ffff);
    } else {
        put32(prefix, conversation_.token);
    }
    Bytes out;
    std::size_t at = 0;
    do {
        const std::size_t size = std::min(kChunkBytes, body.size() - at);
        Bytes content = prefix;
        put32(content, sequence_++);
        put32(content, requestId);
        content.append(body, at, size);
        at += size;
        out += chunk(messageType, at < body.size() ? 'C' : 'F', content);
    } while (at < body.size());
    if (lie().chunks) lie().chunks(conversation_, out);
    return sendBytes(out);
}

bool Connection::sendBytes(std::string_view bytes) {
    const bool slow = lie().slow;
    while (!bytes.empty() && !shared_.end) {
        const auto sent = ::send(socket_, bytes.data(), slow ? 1 : bytes.size(), MSG_NOSIGNAL);
        if (sent < 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
        if (slow) std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return true;
}

}  // namespace hostile
