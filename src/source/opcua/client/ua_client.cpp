#include "source/opcua/client/ua_client.h"

#include <array>
#include <new>
#include <string_view>
#include <utility>

#include "source/opcua/client/library_log.h"
#include "source/opcua/text/endpoint_url.h"

namespace tagwire::source::opcua {
namespace {

const std::string& configuredUrl(const ClientSettings& settings) noexcept {
    return settings.endpoint.empty() ? settings.url : settings.endpoint;
}

std::string hostOf(const ClientSettings& settings) {
    const auto url = EndpointUrl::parse(configuredUrl(settings));
    return url ? url->host : std::string();
}

/// Texts for people in the languages of our pages, as far as the server has them (OPC 10000-4, 5.7.3).
void askForTexts(UA_ClientConfig& config) {
    constexpr std::array<std::string_view, 2> kLocales{"en", "zh"};
    config.sessionLocaleIds =
        static_cast<UA_LocaleId*>(UA_Array_new(kLocales.size(), &UA_TYPES[UA_TYPES_LOCALEID]));
    if (config.sessionLocaleIds == nullptr) throw std::bad_alloc();
    config.sessionLocaleIdsSize = kLocales.size();
    for (std::size_t i = 0; i < kLocales.size(); ++i) config.sessionLocaleIds[i] = copyOf(kLocales[i]);
}

}  // namespace

UaClient::UaClient(const ClientSettings& settings)
    : settings_(settings), logger_(libraryLogger()), security_(settings.security, hostOf(settings)) {}

UaClient::~UaClient() {
    // With an active session UA_Client_delete would wait for the server's answer; after beginClose it does
    // not.
    beginClose();
}

void UaClient::connect() {
    thread_.check();
    if (auto refused = security_.begin()) {
        fail(std::move(*refused));
        return;
    }
    discovery_ = std::make_unique<EndpointDiscovery>(settings_.url, configuredUrl(settings_),
                                                     settings_.requestTimeout);
}

void UaClient::run(std::chrono::milliseconds wait) {
    thread_.check();
    if (client_) {
        static_cast<void>(UA_Client_run_iterate(client_.get(), static_cast<UA_UInt32>(wait.count())));
    } else if (discovery_) {
        discover(wait);
    }
    if (!active()) return;
    if (auto refused = security_.recheck(SteadyClock::now())) fail(std::move(*refused));
}

void UaClient::discover(std::chrono::milliseconds wait) {
    discovery_->run(wait);
    reached_ = reached_ || discovery_->reached();
    if (const auto failure = discovery_->failure()) {
        fail({*failure, {}});
    } else if (const UA_GetEndpointsResponse* endpoints = discovery_->answer(); endpoints != nullptr) {
        openSession(*endpoints);
        discovery_.reset();
    }
}

void UaClient::openSession(const UA_GetEndpointsResponse& endpoints) {
    ClientConfig config(logger_, settings_.url, settings_.requestTimeout);
    if (auto refused = security_.configure(endpoints, config.get())) {
        fail(std::move(*refused));
        return;
    }
    config->clientContext = this;
    config->stateCallback = onState;
    config->requestedSessionTimeout = static_cast<UA_UInt32>(settings_.sessionTimeout.count());
    config->sessionName = copyOf(settings_.sessionName);
    askForTexts(config.get());
    client_ = config.makeClient();
    if (settings_.resume) {
        // Nothing can be sent yet, which it says; but it takes note of the session, and goes on with it as
        // soon as the channel is open.
        const SessionKey& key = *settings_.resume;
        static_cast<void>(UA_Client_activateSessionAsync(client_.get(), key.authenticationToken.get(),
                                                         borrow(key.serverNonce)));
    }
    // Failures show in failure().
    static_cast<void>(UA_Client_connectAsync(client_.get(), settings_.url.c_str()));
}

void UaClient::fail(Refusal refusal) {
    if (!refusal_) refusal_ = std::move(refusal);
}

bool UaClient::active() const noexcept {
    if (!client_ || muted_) return false;
    UA_SecureChannelState channel{};
    UA_SessionState session{};
    UA_Client_getState(client_.get(), &channel, &session, nullptr);
    return channel == UA_SECURECHANNELSTATE_OPEN && session == UA_SESSIONSTATE_ACTIVATED;
}

std::optional<StatusCode> UaClient::failure() const noexcept {
    if (refusal_) return refusal_->status;
    if (!client_) return std::nullopt;
    if (const UA_StatusCode status = connectStatus(*client_); status != UA_STATUSCODE_GOOD)
        return StatusCode{status};
    if (wasActive_ && !active()) return StatusCode{UA_STATUSCODE_BADCONNECTIONCLOSED};
    return std::nullopt;
}

SecurityStage UaClient::stage() const noexcept {
    if (wasActive_) return SecurityStage::Live;
    if (channelOpened_) return SecurityStage::OpeningSession;
    return channelAsked_ ? SecurityStage::OpeningChannel : SecurityStage::Reaching;
}

std::string UaClient::failureWords() const {
    if (refusal_) return refusal_->message;
    const auto status = failure();
    return status && client_ ? security_.explain(stage(), *status) : std::string();
}

void UaClient::beginClose() {
    if (std::exchange(muted_, true)) return;
    discovery_.reset();
    if (client_) static_cast<void>(UA_Client_disconnectAsync(client_.get()));
}

void UaClient::beginLeave() {
    if (std::exchange(muted_, true)) return;
    discovery_.reset();
    if (client_) static_cast<void>(UA_Client_disconnectSecureChannelAsync(client_.get()));
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
    if (!client_) return muted_;
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
    auto& self = *static_cast<UaClient*>(UA_Client_getConfig(client)->clientContext);
    if (channel == UA_SECURECHANNELSTATE_OPN_SENT) self.channelAsked_ = true;
    if (channel == UA_SECURECHANNELSTATE_OPEN) self.channelOpened_ = true;
    if (session == UA_SESSIONSTATE_CREATED) self.sessionMade_ = true;
    if (session == UA_SESSIONSTATE_ACTIVATED) self.wasActive_ = true;
}

}  // namespace tagwire::source::opcua
