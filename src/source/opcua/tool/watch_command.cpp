// tagwire opcua watch: subscribes, and prints what changes.

#include <array>
#include <chrono>
#include <limits>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "source/opcua/services/batched_call.h"
#include "source/opcua/services/whole_values.h"
#include "source/opcua/subscription/publish_layer.h"
#include "source/opcua/subscription/subscription_request.h"
#include "source/opcua/tool/commands.h"
#include "source/opcua/values/encoded_notification.h"

namespace tagwire::source::opcua {
namespace {

using std::chrono::milliseconds;

constexpr std::array kWatchOptions{
    OptionSpec{"--interval", "TIME", "how often the server samples and sends; 500ms where it is not given"},
    OptionSpec{"--count", "COUNT", "end after so many values"},
    OptionSpec{"--for", "TIME", "end after so long; without --count and --for Ctrl-C ends it"},
};

constexpr std::uint32_t kKeepAliveCount = 10;
constexpr std::uint32_t kLifetimeCount = 60;
constexpr std::uint32_t kQueueSize = 100;
/// While data types are being read.
constexpr std::size_t kMostWaiting = 10'000;
/// Tells it where nobody asked for an end.
constexpr milliseconds kWatchForever = std::chrono::hours(24 * 3650);

const std::vector<Column> kWatchColumns{
    {"time", "SOURCE TIME", 24}, {"node", "NODE", 30}, {"value", "VALUE", 16}, {"status", "STATUS", 0}};

constexpr ListService kCreateItems{
    &UA_CreateMonitoredItemsRequest::itemsToCreate, &UA_CreateMonitoredItemsRequest::itemsToCreateSize,
    &UA_CreateMonitoredItemsResponse::results, &UA_CreateMonitoredItemsResponse::resultsSize};

/// One subscription from its creation to the end of the command.
class Watch final : public PublishListener {
public:
    Watch(Connection& connection, const Output& output, std::vector<std::string> names, std::uint32_t count)
        : connection_(connection), output_(output), names_(std::move(names)), left_(count) {}

    void subscribe(milliseconds interval) {
        const SubscriptionWish wish{
            .interval = interval, .keepAliveCount = kKeepAliveCount, .lifetimeCount = kLifetimeCount};
        const StatusCode sent = requestSubscription(connection_.client(), wish,
                                                    [this](StatusCode status, const Subscription& granted) {
                                                        if (status.isBad()) {
                                                            lost_ = status;
                                                        } else {
                                                            subscription_ = granted;
                                                        }
                                                    });
        if (sent.isBad()) lost_ = sent;
    }
    [[nodiscard]] bool subscribed() const noexcept { return subscription_.id != 0 || lost_.isBad(); }

    void monitor(std::vector<Ua<UA_NodeId>> nodes, milliseconds interval) {
        UaArray<UA_MonitoredItemCreateRequest> items(nodes.size());
        for (std::size_t i = 0; i < nodes.size(); ++i) {
            std::swap(items[i].itemToMonitor.nodeId, nodes[i].get());
            items[i].itemToMonitor.attributeId = UA_ATTRIBUTEID_VALUE;
            items[i].monitoringMode = UA_MONITORINGMODE_REPORTING;
            items[i].requestedParameters.clientHandle = static_cast<UA_UInt32>(i);
            items[i].requestedParameters.samplingInterval = static_cast<double>(interval.count());
            items[i].requestedParameters.queueSize = kQueueSize;
            items[i].requestedParameters.discardOldest = true;
        }
        callInBatches(connection_.client(), kCreateItems, connection_.info().limits().monitoredItems,
                      std::move(items),
                      std::function([id = subscription_.id](UA_CreateMonitoredItemsRequest& request) {
                          request.subscriptionId = id;
                          request.timestampsToReturn = UA_TIMESTAMPSTORETURN_BOTH;
                      }),
                      std::function([this](std::vector<Outcome<UA_MonitoredItemCreateResult>>& results) {
                          takeCreated(results);
                      }));
        publish_.emplace(connection_.client(), *this, counters_);
        publish_->add(subscription_);
    }

    /// Until the count is reached, or nothing can come any more.
    [[nodiscard]] bool done() {
        if (publish_) {
            publish_->tick(SteadyClock::now());
            stale_ = !publish_->silent(SteadyClock::now()).empty();
        }
        return left_ == 0 || lost_.isBad() || stale_ || (created_ && good_ == 0);
    }

    [[nodiscard]] CommandResult result() const {
        if (stale_) return failed("the server has been silent for longer than it promised: does it hang?");
        if (lost_.isBad()) return failed(fmt::format("the subscription ended ({})", statusText(lost_)));
        return failed_ ? Exit::Failed : Exit::Done;
    }
    void fail(std::string_view node, std::string_view why) {
        Output::note(fmt::format("tagwire opcua: {}: {}", node, why));
        failed_ = true;
    }

private:
    void takeCreated(std::vector<Outcome<UA_MonitoredItemCreateResult>>& results) {
        for (std::size_t i = 0; i < results.size(); ++i) {
            const StatusCode status =
                results[i].service.isBad() ? results[i].service : StatusCode{results[i].result.statusCode};
            if (status.isBad()) {
                fail(names_[i], statusText(status));
            } else {
                ++good_;
            }
        }
        created_ = true;
    }

    /// A value of the server that is not printed yet.
    struct Change {
        std::uint32_t handle = 0;
        Ua<UA_DataValue> value;
    };

    void onDataChange(NotificationReader& notifications) override {
        while (notifications.next()) {
            if (notifications.handle() >= names_.size()) continue;
            if (waiting_.size() >= left_) break;
            if (decoding_ && waiting_.size() >= kMostWaiting) {
                Output::note(
                    "tagwire opcua: some values that came while data types were being read are missing");
                break;
            }
            Change& change = waiting_.emplace_back();
            change.handle = notifications.handle();
            if (decodeBinary(notifications.encoded(), change.value) != UA_STATUSCODE_GOOD) {
                change.value->hasStatus = true;
                change.value->status = UA_STATUSCODE_BADDECODINGERROR;
            }
        }
        if (!decoding_) printWaiting();
    }

    /// In their order: what comes while types are being read waits, too.
    void printWaiting() {
        const auto changes = std::make_shared<std::vector<Change>>(std::exchange(waiting_, {}));
        std::vector<const UA_DataValue*> values;
        for (const Change& change : *changes) values.push_back(&change.value.get());
        decoding_ = true;
        convertWhole(connection_.typeReader(), std::move(values), wallClockNow(),
                     [this, changes](std::vector<DataValue>& decoded) {
                         decoding_ = false;
                         print(*changes, decoded);
                         if (!waiting_.empty()) printWaiting();
                     });
    }

    void print(const std::vector<Change>& changes, const std::vector<DataValue>& values) {
        for (std::size_t i = 0; i < values.size() && left_ > 0; ++i, --left_) {
            const DataValue& value = values[i];
            output_.row(kWatchColumns, {Value(value.sourceTime), Value(names_[changes[i].handle]),
                                        value.value, Value(statusText(value.status))});
        }
    }

    void onEvents(std::span<const UA_EventFieldList> /*events*/) override {}
    void onPublished() override {}
    void onGap(std::uint32_t /*subscription*/, std::uint32_t messages) override {
        Output::note(fmt::format("tagwire opcua: {} messages of the server are missing", messages));
    }
    void onSubscriptionLost(std::uint32_t /*subscription*/, StatusCode reason) override { lost_ = reason; }
    void onAllLost(StatusCode reason) override { lost_ = reason; }
    void onStranger(std::uint32_t /*subscription*/) override {}

    Connection& connection_;
    const Output& output_;
    std::vector<std::string> names_;
    std::uint32_t left_;
    std::vector<Change> waiting_;
    bool decoding_ = false;
    Subscription subscription_;
    SourceCounters counters_;
    std::optional<PublishLayer> publish_;
    std::size_t good_ = 0;
    bool created_ = false;
    bool failed_ = false;
    bool stale_ = false;
    StatusCode lost_;
};

CommandResult watch(CommandContext& context) {
    auto nodes = parseNodes(context.operands);
    if (!nodes) return tl::unexpected(nodes.error());
    const auto interval = durationOption(context.arguments, "--interval", milliseconds(500));
    if (!interval) return tl::unexpected(interval.error());
    const auto time = durationOption(context.arguments, "--for", kWatchForever);
    if (!time) return tl::unexpected(time.error());
    constexpr auto kMost = std::numeric_limits<std::uint32_t>::max();
    const auto count = countOption(context.arguments, "--count", kMost, kMost);
    if (!count) return tl::unexpected(count.error());

    return withConnection(context, [&](Connection& connection) -> CommandResult {
        auto resolved = resolveNodes(*nodes, connection.info().namespaces());
        std::vector<std::string> names;
        names.reserve(resolved.positions.size());
        for (const std::size_t i : resolved.positions) names.push_back((*nodes)[i].text());
        Watch watch(connection, context.output, std::move(names), *count);
        for (const std::size_t i : resolved.unknown) watch.fail((*nodes)[i].text(), kNoSuchNamespace);
        if (resolved.ids.empty()) return watch.result();
        watch.subscribe(*interval);
        if (const auto ran = connection.runUntil([&] { return watch.subscribed(); }); !ran)
            return failed(ran.error().message);
        if (watch.done()) return watch.result();
        context.output.headings(kWatchColumns);
        watch.monitor(std::move(resolved.ids), *interval);
        const auto ran = connection.runFor(*time, [&] { return watch.done(); });
        // Nothing of the watch is called back from here on.
        connection.client().beginClose();
        // Ctrl-C is how one ends it.
        if (!ran && !connection.interrupted()) return failed(ran.error().message);
        return watch.result();
    });
}

}  // namespace

Command watchCommand() {
    return {.name = "watch",
            .operands = "NODE...",
            .summary = "Subscribes to nodes and prints their values as they change",
            .details = "With --json one object a line.\n",
            .options = kWatchOptions,
            .minOperands = 1,
            .run = watch};
}

}  // namespace tagwire::source::opcua
