#include "source/opcua/client/ua_client.h"

#include <algorithm>
#include <new>
#include <utility>

#include <open62541/client_config_default.h>

#include "source/opcua/client/bounded_send.h"
#include "source/opcua/client/library_log.h"

namespace tagwire::source::opcua {
namespace {

/// The largest answer that is taken: a value of 64 MB fits, and memory stays bounded.
constexpr UA_UInt32 kMaxMessageBytes = 128U << 20U;

/// While connecting, the library opens the TCP connection anew when the server names another endpoint URL.
/// More often than this it would be a loop: something accepts connections and closes them.
constexpr int kMaxOpenings = 3;

UA_UInt32 milliseconds(std::chrono::milliseconds time) noexcept {
    return static_cast<UA_UInt32>(time.count());
}

}  // namespace

UaClient::UaClient(const ClientSettings& settings)
    : url_(settings.url), resume_(settings.resume), logger_(libraryLogger()) {
    UA_ClientConfig config{};
    config.logging = &logger_;
    if (UA_ClientConfig_setDefault(&config) != UA_STATUSCODE_GOOD || config.eventLoop == nullptr) {
        UA_ClientConfig_clear(&config);
        throw std::bad_alloc();
    }
    boundSends(*config.eventLoop);
    config.clientContext = this;
    config.stateCallback = onState;
    config.timeout = milliseconds(settings.requestTimeout);
    config.requestedSessionTimeout = milliseconds(settings.sessionTimeout);
    config.noNewSession = true;
    config.securityMode = UA_MESSAGESECURITYMODE_NONE;
    config.securityPolicyUri = copyOf("http://opcfoundation.org/UA/SecurityPolicy#None");
    config.localConnectionConfig.localMaxMessageSize = kMaxMessageBytes;
    config.sessionName = copyOf(settings.sessionName);
    UA_String_clear(&config.clientDescription.applicationUri);
    config.clientDescription.applicationUri = copyOf("urn:tagwire:client");
    config.clientDescription.applicationName = {copyOf("en"), copyOf("Tagwire")};
    client_.reset(UA_Client_newWithConfig(&config));
    if (!client_) {
        UA_ClientConfig_clear(&config);
        throw std::bad_alloc();
    }
}

UaClient::~UaClient() {
    // With an active session UA_Client_delete would wait for the server's answer; after beginClose it does
    // not.
    beginClose();
}

void UaClient::connect() {
    thread_.check();
    if (resume_) {
        // Nothing can be sent yet, which it says; but it takes note of the session, and goes on with it as
        // soon as the channel is open.
        static_cast<void>(UA_Client_activateSessionAsync(client_.get(), resume_->authenticationToken.get(),
                                                         borrow(resume_->serverNonce)));
    }
    // Failures show in failure().
    static_cast<void>(UA_Client_connectAsync(client_.get(), url_.c_str()));
}

void UaClient::run(std::chrono::milliseconds wait) {
    thread_.check();
    static_cast<void>(UA_Client_run_iterate(client_.get(), milliseconds(wait)));
}

bool UaClient::active() const noexcept {
    UA_SecureChannelState channel{};
    UA_SessionState session{};
    UA_Client_getState(client_.get(), &channel, &session, nullptr);
    return !muted_ && channel == UA_SECURECHANNELSTATE_OPEN && session == UA_SESSIONSTATE_ACTIVATED;
}

std::optional<StatusCode> UaClient::failure() const noexcept {
    UA_StatusCode status = UA_STATUSCODE_GOOD;
    UA_Client_getState(client_.get(), nullptr, nullptr, &status);
    if (status != UA_STATUSCODE_GOOD) {
        // "Not connected" is the library's word for a connection that it was told not to open again.
        return StatusCode{status == UA_STATUSCODE_BADNOTCONNECTED ? UA_STATUSCODE_BADCONNECTIONCLOSED
                                                                  : status};
    }
    if (wasActive_ && !active()) return StatusCode{UA_STATUSCODE_BADCONNECTIONCLOSED};
    return std::nullopt;
}

void UaClient::beginClose() {
    if (std::exchange(muted_, true)) return;
    // The library must not connect again while it closes.
    UA_Client_getConfig(client_.get())->noReconnect = true;
    static_cast<void>(UA_Client_disconnectAsync(client_.get()));
}

void UaClient::beginLeave() {
    if (std::exchange(muted_, true)) return;
    UA_Client_getConfig(client_.get())->noReconnect = true;
    static_cast<void>(UA_Client_disconnectSecureChannelAsync(client_.get()));
}

std::shared_ptr<const SessionKey> UaClient::sessionKey() const {
    if (!active()) return nullptr;
    auto key = std::make_shared<SessionKey>();
    UA_ByteString nonce{};
    const UA_StatusCode status =
        UA_Client_getSessionAuthenticationToken(client_.get(), &key->authenticationToken.get(), &nonce);
    key->serverNonce = view(nonce);
    UA_ByteString_clear(&nonce);
    return status == UA_STATUSCODE_GOOD ? key : nullptr;
}

bool UaClient::closed() const noexcept {
    UA_SecureChannelState channel{};
    UA_Client_getState(client_.get(), &channel, nullptr, nullptr);
    return muted_ && channel == UA_SECURECHANNELSTATE_CLOSED;
}

StatusCode UaClient::send(void* request, const UA_DataType& requestType, const UA_DataType& responseType,
                          std::function<void(void*)> onAnswer) {
    thread_.check();
    if (!active()) return StatusCode{UA_STATUSCODE_BADCONNECTIONCLOSED};
    auto pending = std::make_unique<Pending>(Pending{*this, std::move(onAnswer)});
    const UA_StatusCode status = __UA_Client_AsyncService(client_.get(), request, &requestType, onResponse,
                                                          &responseType, pending.get(), nullptr);
    // From here on the library holds it, and gives it back exactly once, in onResponse.
    if (status == UA_STATUSCODE_GOOD) static_cast<void>(pending.release());
    return StatusCode{status};
}

void UaClient::onResponse(UA_Client* /*client*/, void* pending, UA_UInt32 /*requestId*/,
                          void* response) noexcept {
    const std::unique_ptr<Pending> call(static_cast<Pending*>(pending));
    if (!call->owner.muted_) call->onAnswer(response);
}

void UaClient::onState(UA_Client* client, UA_SecureChannelState channel, UA_SessionState session,
                       UA_StatusCode /*connectStatus*/) noexcept {
    UA_ClientConfig& config = *UA_Client_getConfig(client);
    auto& self = *static_cast<UaClient*>(config.clientContext);
    if (channel == UA_SECURECHANNELSTATE_CONNECTING) ++self.openings_;
    if (channel == UA_SECURECHANNELSTATE_OPEN) self.reached_ = true;
    if (session == UA_SESSIONSTATE_ACTIVATED) self.wasActive_ = true;
    // Reconnecting is the session's work, with a new generation.
    if (self.wasActive_ || self.openings_ >= kMaxOpenings) config.noReconnect = true;
}

}  // namespace tagwire::source::opcua
