#include "source/opcua/session/condition_acts.h"

#include <utility>

#include <fmt/format.h>

#include "model/generated/status_codes.h"
#include "source/opcua/events/condition_methods.h"
#include "source/opcua/session/generation.h"

namespace tagwire::source::opcua {
namespace {

/// An open call, as long as its answer may come. A connection that closes drops it.
class OpenCall {
public:
    OpenCall(ConditionMethod method, std::shared_ptr<const int> place, ServiceAnswer<ConditionAnswer> answer)
        : method_(method), place_(std::move(place)), answer_(std::move(answer)) {}
    OpenCall(const OpenCall&) = delete;
    OpenCall& operator=(const OpenCall&) = delete;
    ~OpenCall() {
        if (answer_) end({kBadConnectionClosed, refusalText(method_, kBadConnectionClosed)});
    }

    void end(ConditionAnswer answer) { std::exchange(answer_, nullptr)(std::move(answer)); }

private:
    ConditionMethod method_;
    std::shared_ptr<const int> place_;
    ServiceAnswer<ConditionAnswer> answer_;
};

}  // namespace

void ConditionActs::begin(Generation* connection, const ConditionOrder& order, SteadyTime deadline,
                          ServiceAnswer<ConditionAnswer> answer) {
    if (connection == nullptr)
        return answer(failure(kBadServerNotConnected,
                              "the source is not connected to its server: nothing was done; try again when "
                              "it is live"));
    if (SteadyClock::now() >= deadline)
        return answer(failure(kBadRequestTimeout, "too late: nothing was done; try again"));
    if (static_cast<std::size_t>(open_.use_count()) > kMaxOpen)
        return answer(
            failure(kBadTooManyOperations,
                    fmt::format("{} calls wait for the server already: try again in a moment", kMaxOpen)));
    const auto condition = NodeAddress::parse(order.key.condition);
    if (!condition)
        return answer(ConditionAnswer{kBadNodeIdInvalid, refusalText(order.method, kBadNodeIdInvalid)});
    const auto call = std::make_shared<OpenCall>(order.method, open_, std::move(answer));
    callConditionMethod(
        connection->client(), connection->info().namespaces(),
        {.method = order.method, .condition = *condition, .eventId = order.eventId, .comment = order.comment},
        [call](const ConditionAnswer& came) { call->end(came); });
}

}  // namespace tagwire::source::opcua
