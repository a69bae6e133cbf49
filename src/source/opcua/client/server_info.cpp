#include "source/opcua/client/server_info.h"

#include <algorithm>
#include <limits>
#include <new>
#include <utility>

#include <open62541/nodeids.h>

#include "base/log.h"

namespace tagwire::source::opcua {

void ServerInfo::request() {
    requested_ = true;
    read(UA_NS0ID_SERVER_NAMESPACEARRAY, [this](const UA_Variant& value) { takeNamespaces(value); });
    readLimit(UA_NS0ID_SERVER_SERVERCAPABILITIES_OPERATIONLIMITS_MAXNODESPERREAD, limits_.read);
    readLimit(UA_NS0ID_SERVER_SERVERCAPABILITIES_OPERATIONLIMITS_MAXNODESPERWRITE, limits_.write);
    readLimit(UA_NS0ID_SERVER_SERVERCAPABILITIES_OPERATIONLIMITS_MAXNODESPERMETHODCALL, limits_.call);
    readLimit(UA_NS0ID_SERVER_SERVERCAPABILITIES_OPERATIONLIMITS_MAXNODESPERBROWSE, limits_.browse);
    readLimit(UA_NS0ID_SERVER_SERVERCAPABILITIES_OPERATIONLIMITS_MAXNODESPERTRANSLATEBROWSEPATHSTONODEIDS,
              limits_.translateBrowsePaths);
    readLimit(UA_NS0ID_SERVER_SERVERCAPABILITIES_OPERATIONLIMITS_MAXNODESPERHISTORYREADDATA,
              limits_.historyReadData);
    readLimit(UA_NS0ID_SERVER_SERVERCAPABILITIES_OPERATIONLIMITS_MAXMONITOREDITEMSPERCALL,
              limits_.monitoredItems);
}

void ServerInfo::readLimit(UA_UInt32 node, std::uint32_t& limit) {
    read(node, [&limit](const UA_Variant& value) {
        if (!UA_Variant_hasScalarType(&value, &UA_TYPES[UA_TYPES_UINT32])) return;
        limit = *static_cast<const UA_UInt32*>(value.data);
    });
}

void ServerInfo::read(UA_UInt32 node, std::function<void(const UA_Variant&)> take) {
    Ua<UA_ReadRequest> request;
    request->nodesToRead = UA_ReadValueId_new();
    if (request->nodesToRead == nullptr) throw std::bad_alloc();
    request->nodesToReadSize = 1;
    request->nodesToRead->nodeId.identifier.numeric = node;  // namespace 0, numeric: all zero
    request->nodesToRead->attributeId = UA_ATTRIBUTEID_VALUE;
    const StatusCode sent = client_.call<UA_ReadResponse>(
        request, [this, node, take = std::move(take)](UA_ReadResponse& response) {
            --open_;
            const StatusCode result{response.responseHeader.serviceResult};
            if (result.code() == UA_STATUSCODE_BADTIMEOUT) {
                fault_ = result;
            } else if (result.isBad() || response.resultsSize == 0 || !response.results[0].hasValue) {
                // Small servers do without these nodes.
                log::debug("opcua", "node i={} of the server cannot be read: {}", node, statusText(result));
            } else {
                take(response.results[0].value);
            }
        });
    if (sent.isGood()) {
        ++open_;
    } else {
        fault_ = sent;
    }
}

void ServerInfo::takeNamespaces(const UA_Variant& value) {
    if (!UA_Variant_hasArrayType(&value, &UA_TYPES[UA_TYPES_STRING])) return;
    const auto* uris = static_cast<const UA_String*>(value.data);
    constexpr std::size_t kMaxNamespaces = std::numeric_limits<UA_UInt16>::max();
    const std::size_t count = std::min(value.arrayLength, kMaxNamespaces);
    for (std::size_t i = 1; i < count; ++i) namespaces_.emplace_back(view(uris[i]));
}

}  // namespace tagwire::source::opcua
