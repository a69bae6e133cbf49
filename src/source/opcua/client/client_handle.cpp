#include "source/opcua/client/client_handle.h"

#include <new>

#include <open62541/client_config_default.h>

#include "model/status_code.h"
#include "source/opcua/client/bounded_send.h"
#include "source/opcua/values/ua_types.h"

namespace tagwire::source::opcua {
namespace {

/// The largest answer that is taken: a value of 64 MB fits, and memory stays bounded.
constexpr UA_UInt32 kMaxMessageBytes = 128U << 20U;

}  // namespace

ClientConfig::ClientConfig(UA_Logger& logger, const std::string& url, std::chrono::milliseconds timeout) {
    config_.logging = &logger;
    if (UA_ClientConfig_setDefault(&config_) != UA_STATUSCODE_GOOD || config_.eventLoop == nullptr) {
        UA_ClientConfig_clear(&config_);
        throw std::bad_alloc();
    }
    boundSends(*config_.eventLoop);
    config_.timeout = static_cast<UA_UInt32>(timeout.count());
    config_.noReconnect = true;
    config_.noNewSession = true;
    config_.localConnectionConfig.localMaxMessageSize = kMaxMessageBytes;
    config_.endpointUrl = copyOf(url);
    // The library asks FindServers first, and connects anew when no server there has exactly our URL. No
    // server is called like this, so that it goes on with the connection it has.
    config_.applicationUri = copyOf("urn:tagwire:no-detour");
    config_.clientDescription.applicationName = {copyOf("en"), copyOf("Tagwire")};
    config_.clientDescription.productUri = copyOf("urn:tagwire");
}

ClientConfig::~ClientConfig() {
    if (!taken_) UA_ClientConfig_clear(&config_);
}

ClientHandle ClientConfig::makeClient() {
    ClientHandle client(UA_Client_newWithConfig(&config_));
    if (!client) throw std::bad_alloc();
    taken_ = true;
    return client;
}

UA_StatusCode connectStatus(UA_Client& client) noexcept {
    UA_StatusCode status = UA_STATUSCODE_GOOD;
    UA_Client_getState(&client, nullptr, nullptr, &status);
    // "Not connected" is the library's word for a connection that it was told not to open again.
    if (status == UA_STATUSCODE_BADNOTCONNECTED) return UA_STATUSCODE_BADCONNECTIONCLOSED;
    // The library gives up at every result that is not plainly Good, a server's word that all went well
    // included.
    return status == UA_STATUSCODE_GOOD || StatusCode{status}.isBad() ? status
                                                                      : UA_STATUSCODE_BADUNKNOWNRESPONSE;
}

}  // namespace tagwire::source::opcua
