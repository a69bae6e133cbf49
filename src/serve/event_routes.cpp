#include "serve/event_routes.h"

#include <fmt/format.h>

#include "serve/error_response.h"
#include "serve/events_reader.h"
#include "serve/shard.h"
#include "wire/event_answers.h"

namespace tagwire::serve {
namespace {

HttpResponse eventsAnswer(Shard& shard, const HttpRequest& request, const SourceEventsSnapshot& events) {
    const auto& query = request.query;
    if (const auto known = query.onlyKnown({"after", "limit"}); !known)
        return errorResponse(wire::ErrorCode::BadRequest, known.error().message);
    const auto after = query.number("after", wire::kListEventsAfterDefault, wire::kListEventsAfterMin,
                                    wire::kListEventsAfterMax);
    if (!after) return errorResponse(wire::ErrorCode::BadRequest, after.error().message);
    const auto limit = query.number("limit", wire::kListEventsLimitDefault, wire::kListEventsLimitMin,
                                    wire::kListEventsLimitMax);
    if (!limit) return errorResponse(wire::ErrorCode::BadRequest, limit.error().message);
    HttpResponse response;
    wire::appendEventsAnswer(
        response.body, events,
        {.after = static_cast<std::uint64_t>(*after), .limit = static_cast<std::size_t>(*limit)},
        wallClockNow(), shard.server().boot);
    return response;
}

HttpResponse conditionsAnswer(Shard& /*shard*/, const HttpRequest& request,
                              const SourceEventsSnapshot& events) {
    if (const auto known = request.query.onlyKnown({}); !known)
        return errorResponse(wire::ErrorCode::BadRequest, known.error().message);
    HttpResponse response;
    wire::appendConditionsAnswer(response.body, events, wallClockNow());
    return response;
}

HttpResponse answerOf(Shard& shard, const HttpRequest& request,
                      HttpResponse (*answer)(Shard&, const HttpRequest&, const SourceEventsSnapshot&)) {
    const auto& name = request.arguments.front();
    const auto* reader = shard.server().events;
    const auto events = reader == nullptr ? nullptr : reader->read(name);
    if (events != nullptr) return answer(shard, request, *events);
    return errorResponse(wire::ErrorCode::NotFound,
                         fmt::format("there is no source '{}'; /api/v1/sources lists them", name));
}

}  // namespace

HttpResponse eventsRoute(Shard& shard, const HttpRequest& request) {
    return answerOf(shard, request, eventsAnswer);
}

HttpResponse conditionsRoute(Shard& shard, const HttpRequest& request) {
    return answerOf(shard, request, conditionsAnswer);
}

}  // namespace tagwire::serve
