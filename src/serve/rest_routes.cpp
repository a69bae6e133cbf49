#include "serve/rest_routes.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "serve/error_response.h"
#include "serve/shard.h"
#include "wire/rest_answers.h"
#include "wire/tag_desc.h"

namespace tagwire::serve {
namespace {

/// Case is ignored for ASCII letters; other scripts have none or are compared as they are.
bool containsIgnoringCase(std::string_view text, std::string_view part) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return std::ranges::search(text, part, {}, lower, lower).begin() != text.end() || part.empty();
}

bool mentions(const TagInfo& info, std::string_view text) {
    return containsIgnoringCase(info.path.text(), text) ||
           std::ranges::any_of(info.description,
                               [&](const auto& each) { return containsIgnoringCase(each.second, text); });
}

std::size_t pushClients(const ServerContext& server) {
    std::int64_t clients = 0;
    for (const auto* counters : server.counters)
        clients += counters->webSockets.value() + counters->eventStreams.value();
    return static_cast<std::size_t>(clients);
}

std::size_t visibleTags(const TagCache& cache, const TagSight& sight) {
    if (sight.seesEverything()) return cache.size();
    std::size_t count = 0;
    cache.forEach("", [&](const TagCache::Entry& entry) {
        if (sight.sees(entry.info->path.text())) ++count;
        return true;
    });
    return count;
}

}  // namespace

HttpResponse infoRoute(Shard& shard, const HttpRequest& request) {
    const auto& server = shard.server();
    HttpResponse response;
    wire::appendInfo(response.body, {.server = server.product,
                                     .boot = server.boot,
                                     .now = wallClockNow(),
                                     .started = server.started,
                                     .zone = server.zone,
                                     .seq = shard.cache().last(),
                                     .tags = visibleTags(shard.cache(), request.sight),
                                     .sources = shard.cache().sources().size(),
                                     .clients = pushClients(server),
                                     .ping = server.options.ping,
                                     .limits = sessionLimits(server.options)});
    return response;
}

HttpResponse tagsRoute(Shard& shard, const HttpRequest& request) {
    const auto& query = request.query;
    if (const auto known = query.onlyKnown({"match", "q", "limit", "after"}); !known)
        return badRequest(known.error());
    const auto limit =
        query.number("limit", wire::kListTagsLimitDefault, wire::kListTagsLimitMin, wire::kListTagsLimitMax);
    if (!limit) return badRequest(limit.error());
    const auto pattern = TagPattern::parse(query.get("match").value_or("**"));
    if (!pattern) return errorResponse(wire::ErrorCode::BadPattern, pattern.error().message);
    const auto text = query.get("q").value_or("");
    const auto after = query.get("after").value_or("");

    std::string descs;
    std::string_view lastPath;
    std::size_t total = 0;
    std::size_t listed = 0;
    bool more = false;
    shard.cache().forEachMatching(*pattern, [&](const TagCache::Entry& entry) {
        if (!request.sight.sees(entry.info->path.text()) || !mentions(*entry.info, text)) return true;
        ++total;
        const std::string_view path = entry.info->path.text();
        if (path <= after) return true;
        if (listed == static_cast<std::size_t>(*limit)) {
            more = true;
            return true;
        }
        ++listed;
        lastPath = path;
        wire::appendTagDesc(descs, *entry.info, shard.cache().sourceName(*entry.info));
        descs.push_back(',');
        return true;
    });
    HttpResponse response;
    wire::appendTagsPage(
        response.body,
        {.total = total, .tagDescs = descs, .next = more ? std::optional(lastPath) : std::nullopt});
    return response;
}

HttpResponse tagRoute(Shard& shard, const HttpRequest& request) {
    const auto& path = request.arguments.front();
    const auto* entry = request.sight.sees(path) ? shard.cache().find(path) : nullptr;
    if (entry == nullptr) {
        return errorResponse(wire::ErrorCode::UnknownTag,
                             fmt::format("there is no tag '{}'; /api/v1/tags?q=… searches", path));
    }
    HttpResponse response;
    wire::appendTagDetail(response.body, *entry->info, shard.cache().sourceName(*entry->info), entry->value);
    return response;
}

HttpResponse valuesRoute(Shard& shard, const HttpRequest& request) {
    const auto& query = request.query;
    if (const auto known = query.onlyKnown({"tags"}); !known) return badRequest(known.error());
    const auto names = query.list("tags");
    if (names.empty()) {
        return badRequest(
            {"parameter 'tags': expected names or patterns, such as ?tags=Random.Int1,Plant.**"});
    }
    const auto& cache = shard.cache();
    std::string values;
    std::size_t count = 0;
    std::vector<wire::BadTag> bad;
    std::vector<bool> listed(cache.idBound());
    const auto list = [&](const TagCache::Entry& entry) {
        const auto index = entry.info->id.index();
        if (listed[index] || !request.sight.sees(entry.info->path.text())) return true;
        if (++count > shard.server().options.maxTags) return false;
        listed[index] = true;
        wire::appendNamedValue(values, entry.info->path.text(), entry.info->id, entry.value);
        values.push_back(',');
        return true;
    };
    for (const auto& name : names) {
        if (!TagPattern::isPattern(name)) {
            const auto* entry = request.sight.sees(name) ? cache.find(name) : nullptr;
            if (entry == nullptr) {
                bad.push_back({name, wire::ErrorCode::UnknownTag, "there is no tag of this name"});
            } else {
                (void)list(*entry);
            }
            continue;
        }
        const auto pattern = TagPattern::parse(name);
        if (!pattern) {
            bad.push_back({name, wire::ErrorCode::BadPattern, pattern.error().message});
            continue;
        }
        cache.forEachMatching(*pattern, list);
    }
    if (count > shard.server().options.maxTags) {
        return errorResponse(
            wire::ErrorCode::TooManyTags,
            fmt::format("more than {} tags match; ask for fewer at a time", shard.server().options.maxTags));
    }
    HttpResponse response;
    wire::appendValuesAnswer(response.body, {.now = wallClockNow(),
                                             .seq = cache.last(),
                                             .boot = shard.server().boot,
                                             .namedValues = values,
                                             .bad = bad});
    return response;
}

HttpResponse sourcesRoute(Shard& shard, const HttpRequest&) {
    std::vector<SourceState> states;
    for (const auto& [id, state] : shard.cache().sources()) states.push_back(state);
    HttpResponse response;
    wire::appendSourcesAnswer(response.body, states);
    return response;
}

HttpResponse sourceRoute(Shard& shard, const HttpRequest& request) {
    const auto& name = request.arguments.front();
    for (const auto& [id, state] : shard.cache().sources()) {
        if (state.name != name) continue;
        const auto* directory = shard.server().directory;
        const auto diagnostics = directory == nullptr ? nullptr : directory->diagnostics(name);
        HttpResponse response;
        wire::appendSourceDetail(response.body, state, diagnostics.get());
        return response;
    }
    return errorResponse(wire::ErrorCode::NotFound,
                         fmt::format("there is no source '{}'; /api/v1/sources lists them all", name));
}

}  // namespace tagwire::serve
