#include "serve/condition_routes.h"

#include <chrono>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "access/base64_url.h"
#include "access/gate.h"
#include "base/json_text.h"
#include "model/generated/status_codes.h"
#include "serve/admission.h"
#include "serve/asked.h"
#include "serve/json_body.h"
#include "wire/event_answers.h"

namespace tagwire::serve {

using access::Action;
using access::Decision;
using access::Gate;
using wire::ErrorCode;
using Answering = boost::asio::awaitable<HttpResponse>;

namespace {

/// What the source has not begun by then is not begun any more.
constexpr std::chrono::seconds kBeginWithin{5};
/// Longer than a server is given to answer.
constexpr std::chrono::seconds kConditionPatience{120};

/// What is written down of one attempt.
class Attempt {
public:
    Attempt(AuditTrail* trail, const Caller& caller, const ConditionOrder& order, std::string_view source)
        : trail_(trail) {
        auto asking = caller.asking();
        entry_.user = std::move(asking.user);
        entry_.token = std::move(asking.token);
        entry_.address = std::move(asking.address);
        entry_.action = order.method == ConditionMethod::Confirm ? "alarm.confirm" : "alarm.acknowledge";
        entry_.target = fmt::format("{}: {}", source, order.key.condition);
        if (!order.comment.text.empty()) appendJsonString(entry_.after, order.comment.text);
    }

    /// A name that people know, besides the node's.
    void about(const SourceCondition& condition) {
        about_ = condition.event.sourceName;
        if (!condition.name.empty()) about_ += (about_.empty() ? "" : " ") + condition.name;
    }

    /// Any thread.
    void end(AuditOutcome outcome, std::string_view why) {
        if (trail_ == nullptr) return;
        entry_.time = wallClockNow();
        entry_.outcome = outcome;
        entry_.detail = about_.empty() || why.empty() ? fmt::format("{}{}", about_, why)
                                                      : fmt::format("{}; {}", about_, why);
        trail_->record(std::move(entry_));
    }

    HttpResponse refused(ErrorCode code, std::string_view why) {
        end(AuditOutcome::Refused, why);
        return errorResponse(code, why);
    }

private:
    AuditTrail* trail_;
    AuditEntry entry_;
    std::string about_;
};

ConditionOrder orderOf(wire::ConditionOrder&& body, std::string eventId, const Caller& caller) {
    return {.method = body.step == wire::ConditionStep::Confirm ? ConditionMethod::Confirm
                                                                : ConditionMethod::Acknowledge,
            .key = {.condition = std::move(body.cond), .branch = std::move(body.branch).value_or("")},
            .eventId = std::move(eventId),
            .comment = {.locale = {}, .text = std::move(body.comment).value_or("")},
            .user = caller.asking().user};
}

/// Null: the source has no such condition now.
SharedCondition conditionIn(const ServerContext& server, std::string_view source, const ConditionKey& key) {
    const auto events = server.events == nullptr ? nullptr : server.events->read(source);
    if (events == nullptr) return nullptr;
    const auto found = events->conditions->find(key);
    return found == events->conditions->end() ? nullptr : found->second;
}

/// By the same patterns as tags: the source's name, and the name of what the condition is about below it.
std::optional<HttpResponse> notAllowed(const ServerContext& server, const Caller& caller,
                                       std::string_view source, const SourceCondition& condition) {
    const auto path = fmt::format("{}.{}", source, condition.event.sourceName);
    const auto decision = Gate::decide(*caller.principal, Action::AcknowledgeAlarm, path);
    if (decision == Decision::Allowed) return std::nullopt;
    if (decision == Decision::LoginNeeded)
        return unauthorized(whyNot(caller, Action::AcknowledgeAlarm, decision));
    server.denials.record(caller, Action::AcknowledgeAlarm, path, wallClockNow());
    return errorResponse(ErrorCode::Forbidden,
                         fmt::format("'{}' fits none of your patterns for writing: nothing was done; an "
                                     "administrator changes that with the user's or token's patterns",
                                     path));
}

HttpResponse responseOf(const ConditionAnswer& answer) {
    HttpResponse response;
    wire::appendConditionAnswer(response.body, answer);
    return response;
}

// NOLINTNEXTLINE(cppcoreguidelines-avoid-reference-coroutine-parameters): shard and source outlive it
Answering ordered(Shard& shard, ConditionServices& source, ConditionOrder order, Attempt attempt) {
    auto asking = ask<ConditionAnswer>(
        shard.context(), kConditionPatience,
        [&source, &order, &attempt](ServiceAnswer<ConditionAnswer> answer) {
            source.act(std::move(order), SteadyClock::now() + kBeginWithin,
                       [attempt = std::move(attempt),
                        answer = std::move(answer)](ServiceResult<ConditionAnswer> came) mutable {
                           // Nobody may wait for it any more; it is written down all the same.
                           if (!came) {
                               attempt.end(AuditOutcome::Refused, came.error().message);
                           } else {
                               attempt.end(came->status.isBad() ? AuditOutcome::Failed : AuditOutcome::Done,
                                           came->message);
                           }
                           answer(std::move(came));
                       });
        });
    const auto result = co_await std::move(asking);
    if (auto refused = unanswered(result)) co_return *std::move(refused);
    co_return responseOf(**result);
}

}  // namespace

Answering conditionOrderRoute(Shard& shard, const HttpRequest& request) {
    const auto& server = shard.server();
    const auto& name = request.arguments.front();
    auto body = bodyOf<wire::ConditionOrder>(request);
    if (!body) return answerAtOnce(badRequest(body.error()));
    auto eventId = access::fromBase64(body->id);
    if (!eventId)
        return answerAtOnce(badRequest({"body.id: expected base64, as 'id' of the condition has it"}));
    auto order = orderOf(*std::move(body), *std::move(eventId), request.caller);

    Attempt attempt(server.audit, request.caller, order, name);
    const auto source = server.directory == nullptr ? std::nullopt : server.directory->conditionsOf(name);
    if (!source)
        return answerAtOnce(attempt.refused(
            ErrorCode::NotFound, fmt::format("there is no source '{}'; /api/v1/sources lists them", name)));
    if (source->services == nullptr)
        return answerAtOnce(
            attempt.refused(ErrorCode::Unsupported,
                            fmt::format("the source '{}' has no conditions: OPC UA servers have some where "
                                        "[opcua.events] is enabled, and the simulator's plant",
                                        name)));
    const auto condition = conditionIn(server, name, order.key);
    if (condition == nullptr)
        return answerAtOnce(attempt.refused(
            ErrorCode::NotFound,
            fmt::format("the source '{}' has no such condition now: it may be over, and "
                        "acknowledged by somebody else; /api/v1/sources/{}/conditions lists them",
                        name, name)));
    attempt.about(*condition);
    if (auto refused = notAllowed(server, request.caller, name, *condition))
        return answerAtOnce(*std::move(refused));
    if (server.audit != nullptr && !server.audit->ready())
        return answerAtOnce(
            attempt.refused(ErrorCode::Internal,
                            "the audit log takes nothing now, and no alarm is acknowledged unrecorded: see "
                            "the server's log"));
    if (source->state.phase != SourcePhase::Live)
        return answerAtOnce(attempt.refused(
            ErrorCode::Unreachable,
            fmt::format("the source '{}' is not live: nothing was done; try again when it is", name)));
    if (const auto done = alreadyDone(order.method, *condition)) {
        ConditionAnswer answer{*done, refusalText(order.method, *done)};
        attempt.end(AuditOutcome::Refused, answer.message);
        return answerAtOnce(responseOf(answer));
    }
    return ordered(shard, *source->services, std::move(order), std::move(attempt));
}

}  // namespace tagwire::serve
