#include "source/opcua/services/read.h"

#include <utility>

namespace tagwire::source::opcua {

void readNodes(UaClient& client, std::size_t limit, std::vector<ReadItem> items,
               std::chrono::milliseconds maxAge, std::function<void(ReadOutcomes&)> done) {
    UaArray<UA_ReadValueId> ids(items.size());
    for (std::size_t i = 0; i < items.size(); ++i) {
        std::swap(ids[i].nodeId, items[i].node.get());
        ids[i].attributeId = items[i].attribute;
        if (!items[i].indexRange.empty()) ids[i].indexRange = copyOf(items[i].indexRange);
    }
    callInBatches(client, kRead, limit, std::move(ids), std::function([maxAge](UA_ReadRequest& request) {
                      request.maxAge = static_cast<double>(maxAge.count());
                      request.timestampsToReturn = UA_TIMESTAMPSTORETURN_BOTH;
                  }),
                  std::move(done));
}

StatusCode statusOf(const Outcome<UA_DataValue>& outcome) noexcept {
    if (outcome.service.isBad()) return outcome.service;
    return outcome.result.hasStatus ? StatusCode{outcome.result.status} : StatusCode{};
}

}  // namespace tagwire::source::opcua
