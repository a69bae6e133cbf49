#include "serve/event_routes.h"

#include <array>
#include <string_view>

#include <fmt/format.h>

#include "serve/events_reader.h"
#include "serve/router.h"
#include "serve/shard.h"
#include "wire/event_answers.h"

namespace tagwire::serve {
namespace {

constexpr std::string_view kPrefix = "/api/v1/sources/";

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

struct Resource {
    std::string_view suffix;
    HttpResponse (*answer)(Shard&, const HttpRequest&, const SourceEventsSnapshot&);
};

constexpr std::array kResources{Resource{"/events", eventsAnswer}, Resource{"/conditions", conditionsAnswer}};

}  // namespace

std::optional<HttpResponse> eventRoute(Shard& shard, const HttpRequest& request) {
    const std::string_view path = request.path;
    if (!path.starts_with(kPrefix)) return std::nullopt;
    for (const auto& [suffix, answer] : kResources) {
        if (!path.ends_with(suffix) || path.size() <= kPrefix.size() + suffix.size()) continue;
        const auto name = path.substr(kPrefix.size(), path.size() - kPrefix.size() - suffix.size());
        const auto* reader = shard.server().events;
        const auto events = reader == nullptr ? nullptr : reader->read(name);
        if (events != nullptr) return answer(shard, request, *events);
        return errorResponse(wire::ErrorCode::NotFound,
                             fmt::format("there is no source '{}'; /api/v1/sources lists them", name));
    }
    return std::nullopt;
}

}  // namespace tagwire::serve
