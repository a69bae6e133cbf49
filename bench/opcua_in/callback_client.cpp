#include <algorithm>
#include <array>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <open62541/client.h>
#include <open62541/client_config_default.h>
#include <open62541/client_highlevel.h>
#include <open62541/client_subscriptions.h>
#include <open62541/plugin/log_stdout.h>

#include "base/time.h"
#include "bench/opcua_in/measured.h"

namespace tagwire::bench {
namespace {

constexpr std::size_t kItemsPerCall = 1'000;

struct Delete {
    void operator()(UA_Client* client) const noexcept { UA_Client_delete(client); }
};

struct Received {
    explicit Received(std::size_t nodes) : missed(nodes) {}
    MissedCounter missed;
    std::uint64_t changes = 0;
};

void check(UA_StatusCode status, const char* what) {
    if (status != UA_STATUSCODE_GOOD)
        throw std::runtime_error(fmt::format("{}: {}", what, UA_StatusCode_name(status)));
}

/// The context of an item is its node's number.
void onChange(UA_Client* /*client*/, UA_UInt32 /*subscription*/, void* context, UA_UInt32 /*item*/,
              void* itemContext, UA_DataValue* value) {
    auto& received = *static_cast<Received*>(context);
    ++received.changes;
    if (!UA_Variant_hasScalarType(&value->value, &UA_TYPES[UA_TYPES_DOUBLE])) return;
    received.missed.take(reinterpret_cast<std::uintptr_t>(itemContext),
                         *static_cast<const UA_Double*>(value->value.data));
}

UA_UInt32 createSubscription(UA_Client& client, const Task& task, Received& received) {
    UA_CreateSubscriptionRequest request = UA_CreateSubscriptionRequest_default();
    request.requestedPublishingInterval = task.publishingIntervalMs;
    request.maxNotificationsPerPublish = 10'000;
    const auto response = UA_Client_Subscriptions_create(&client, request, &received, nullptr, nullptr);
    check(response.responseHeader.serviceResult, "create the subscription");
    return response.subscriptionId;
}

void createItems(UA_Client& client, UA_UInt32 subscription, std::size_t first, std::size_t count) {
    std::vector<UA_MonitoredItemCreateRequest> items(count);
    std::vector<void*> contexts(count);
    std::vector<UA_Client_DataChangeNotificationCallback> callbacks(count, onChange);
    std::vector<UA_Client_DeleteMonitoredItemCallback> deletes(count, nullptr);
    for (std::size_t i = 0; i < count; ++i) {
        items[i] = UA_MonitoredItemCreateRequest_default(
            UA_NODEID_NUMERIC(2, static_cast<UA_UInt32>(first + i + 1)));
        items[i].requestedParameters.samplingInterval = 0;
        items[i].requestedParameters.queueSize = 10;
        contexts[i] = reinterpret_cast<void*>(first + i);
    }
    UA_CreateMonitoredItemsRequest request;
    UA_CreateMonitoredItemsRequest_init(&request);
    request.subscriptionId = subscription;
    request.timestampsToReturn = UA_TIMESTAMPSTORETURN_BOTH;
    request.itemsToCreate = items.data();
    request.itemsToCreateSize = count;
    UA_CreateMonitoredItemsResponse response = UA_Client_MonitoredItems_createDataChanges(
        &client, request, contexts.data(), callbacks.data(), deletes.data());
    const UA_StatusCode status = response.responseHeader.serviceResult;
    UA_CreateMonitoredItemsResponse_clear(&response);
    check(status, "create the items");
}

void runFor(UA_Client& client, std::chrono::seconds time) {
    for (const SteadyTime end = SteadyClock::now() + time; SteadyClock::now() < end;) {
        check(UA_Client_run_iterate(&client, 20), "receive");
    }
}

}  // namespace

Measured measureCallbacks(const Task& task) {
    UA_ClientConfig config{};
    config.logging = UA_Log_Stdout_new(UA_LOGLEVEL_FATAL);
    check(UA_ClientConfig_setDefault(&config), "configure");
    const std::unique_ptr<UA_Client, Delete> client(UA_Client_newWithConfig(&config));
    Received received(task.nodes);
    check(UA_Client_connect(client.get(), task.endpoint.c_str()), "connect");

    SteadyTime begun = SteadyClock::now();
    double cpu = cpuSeconds(CLOCK_THREAD_CPUTIME_ID);
    const UA_UInt32 subscription = createSubscription(*client, task, received);
    for (std::size_t first = 0; first < task.nodes; first += kItemsPerCall) {
        createItems(*client, subscription, first, std::min(kItemsPerCall, task.nodes - first));
    }
    Measured measured;
    measured.createSeconds = std::chrono::duration<double>(SteadyClock::now() - begun).count();
    measured.createCpuSeconds = cpuSeconds(CLOCK_THREAD_CPUTIME_ID) - cpu;
    runFor(*client, std::chrono::seconds(1));

    const std::uint64_t changes = received.changes;
    begun = SteadyClock::now();
    cpu = cpuSeconds(CLOCK_THREAD_CPUTIME_ID);
    runFor(*client, std::chrono::seconds(task.seconds));
    measured.changes = received.changes - changes;
    measured.seconds = std::chrono::duration<double>(SteadyClock::now() - begun).count();
    measured.cpuSeconds = cpuSeconds(CLOCK_THREAD_CPUTIME_ID) - cpu;
    measured.missed = received.missed.missed();
    UA_Client_disconnect(client.get());
    return measured;
}

}  // namespace tagwire::bench
