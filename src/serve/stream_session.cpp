#include "serve/stream_session.h"

#include <algorithm>
#include <charconv>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include "access/gate.h"
#include "serve/event_stream_channel.h"
#include "serve/shard.h"
#include "wire/frames.h"
#include "wire/rest_answers.h"

namespace tagwire::serve {
namespace {

constexpr std::size_t kFlatEventsPerWrite = 2000;

/// JSON text has no line breaks, so one data line is the whole.
void appendEvent(std::string& out, std::string_view type, std::string_view json) {
    fmt::format_to(std::back_inserter(out), "event: {}\ndata: {}\n\n", type, json);
}

/// `boot:seq`; anything else is ignored, as the standard has it for unknown ids.
std::optional<wire::Resume> parseEventId(std::string_view id) {
    const auto colon = id.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    std::uint64_t seq = 0;
    const auto digits = id.substr(colon + 1);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), seq);
    if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
    return wire::Resume{std::string(id.substr(0, colon)), ChangeNumber{seq}};
}

}  // namespace

Result<StreamTerms> parseStreamTerms(const HttpRequest& request) {
    const auto& query = request.query;
    if (auto known = query.onlyKnown({"tags", "min", "mode", "format", "lastEventId"}); !known) {
        return tl::unexpected(known.error());
    }
    StreamTerms terms;
    terms.tags = query.list("tags");
    if (terms.tags.empty())
        return fail("parameter 'tags': expected names or patterns, such as ?tags=Random.Int1,Plant.**");
    const auto mode = query.name<wire::Mode>("mode", wire::kModeNames);
    if (!mode) return tl::unexpected(mode.error());
    terms.mode = *mode;
    const auto format = query.name<wire::StreamFormat>("format", wire::kStreamFormatNames);
    if (!format) return tl::unexpected(format.error());
    terms.format = *format;
    if (terms.format == wire::StreamFormat::Flat && terms.mode == wire::Mode::All) {
        return fail("format=flat goes with mode=latest only");
    }
    const auto min = query.number("min", static_cast<double>(wire::kStreamMinDefault.count()),
                                  static_cast<double>(wire::kStreamMinMin.count()),
                                  static_cast<double>(wire::kStreamMinMax.count()));
    if (!min) return tl::unexpected(min.error());
    terms.min = std::chrono::milliseconds(static_cast<std::int64_t>(*min));
    terms.resume = parseEventId(request.lastEventId.empty() ? query.get("lastEventId").value_or("")
                                                            : request.lastEventId);
    return terms;
}

StreamSession::StreamSession(Shard& shard, EventStreamChannel& channel, StreamTerms terms, Caller caller)
    : PushSession(shard, channel), channel_(channel), terms_(std::move(terms)), caller_(std::move(caller)) {
    holdTo(caller_.grant);
}

boost::asio::awaitable<void> StreamSession::run() {
    const auto& server = shard().server();
    auto& subscription = addSubscription(std::make_unique<Subscription>(
        *this, SubscriptionTerms{.id = wire::SubId{1},
                                 .mode = terms_.mode,
                                 .min = std::max(terms_.min, server.options.minInterval),
                                 .queueRows = server.options.allQueueRows,
                                 .maxTags = server.options.maxTags,
                                 .sight = TagSight::of(caller_.principal)}));
    auto added = shard().table().add(subscription, terms_.tags);
    if (terms_.format == wire::StreamFormat::Frames) {
        for (const auto& [id, state] : shard().cache().sources()) onSourceState(state);
        for (const auto& bad : added.refused) {
            std::string error;
            wire::appendErr(error, std::nullopt, bad.code, fmt::format("{}: {}", bad.name, bad.message));
            std::string event;
            appendEvent(event, "err", error);
            send(std::move(event));
        }
        sendTags(subscription.id(), std::move(added.tags));
    }
    const auto replay = shard().replay();
    const bool resumed = terms_.resume && terms_.resume->boot == server.boot &&
                         shard().table().startAfter(subscription, terms_.resume->seq, replay);
    if (!resumed) shard().table().startWithSnapshot(subscription);
    co_await channel_.clientGone();
}

void StreamSession::onSourceState(const SourceState& state) {
    if (terms_.format == wire::StreamFormat::Flat) return;
    if (access::Gate::decide(*caller_.principal, access::Action::ReadSources) != access::Decision::Allowed)
        return;
    std::string frame;
    wire::appendSrc(frame, state);
    std::string event;
    appendEvent(event, "src", frame);
    send(std::move(event));
}

void StreamSession::onTags(Subscription& subscription, const std::vector<SharedTagInfo>& tags) {
    if (terms_.format == wire::StreamFormat::Frames) PushSession::onTags(subscription, tags);
}

bool StreamSession::gather(Subscription& subscription, std::string& out) {
    out.clear();
    if (terms_.format == wire::StreamFormat::Flat) return gatherFlat(subscription, out);
    std::string frame;
    const auto gathered = subscription.gather(frame, shard().cache(), kFrameBytes);
    if (!gathered.any) return false;
    if (gathered.completeUpTo) appendId(out, *gathered.completeUpTo);
    appendEvent(out, gathered.lag ? "lag" : "data", frame);
    return true;
}

bool StreamSession::gatherFlat(Subscription& subscription, std::string& out) {
    for (const TagId tag : subscription.takeDirty(kFlatEventsPerWrite)) {
        const auto* entry = shard().cache().find(tag);
        if (entry == nullptr || entry->number == ChangeNumber{}) continue;
        out.append("data: ");
        wire::appendFlatEvent(out, entry->info->path.text(), entry->value);
        out.append("\n\n");
    }
    if (out.empty()) return false;
    if (subscription.pending()) return true;
    // The id belongs to the last event: a client that breaks off before gets everything since the last id
    // again.
    const auto last = out.rfind("data: ");
    std::string id;
    appendId(id, shard().cache().last());
    out.insert(last, id);
    return true;
}

void StreamSession::appendId(std::string& out, ChangeNumber seq) const {
    fmt::format_to(std::back_inserter(out), "id: {}:{}\n", shard().server().boot, seq.value());
}

void StreamSession::appendTagsFrame(std::string& out, wire::SubId subscription, std::string_view tagDescs) {
    std::string frame;
    wire::appendTags(frame, subscription, tagDescs);
    appendEvent(out, "tags", frame);
}

}  // namespace tagwire::serve
