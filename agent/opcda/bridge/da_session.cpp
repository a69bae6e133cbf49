#include "bridge/da_session.h"

#include <algorithm>
#include <unordered_set>
#include <utility>

#include <fmt/format.h>

#include "bridge/reading_out.h"
#include "client/tree.h"
#include "link/answers.h"
#include "model/generated/status_codes.h"
#include "types/hresult.h"
#include "types/wildcard.h"

namespace tagwire::da {
namespace {

using namespace std::chrono_literals;

constexpr auto kLook = 1s;
constexpr auto kTellHealth = 5s;
constexpr std::chrono::milliseconds kFirstServerPause = 1s;
constexpr std::chrono::milliseconds kLongestServerPause = 30s;
/// Two calls an item; a server with more items would be long in coming.
constexpr std::size_t kMaxDescribed = 2000;
constexpr std::size_t kMaxItems = 500'000;

constexpr std::uint32_t kUnit = 100;
constexpr std::uint32_t kDescription = 101;
constexpr std::uint32_t kHighEu = 102;
constexpr std::uint32_t kLowEu = 103;

}  // namespace

DaSession::DaSession(WatchOrder order, std::shared_ptr<Outbox> outbox,
                     std::function<void(const std::string&)> log)
    : order_(std::move(order)), outbox_(std::move(outbox)), log_(std::move(log)) {}

DaSession::~DaSession() {
    if (watch_) outbox_->end(kBadShutdown, wallClockNow());
    drop();
}

bool DaSession::attach(Send send) {
    send_ = std::move(send);
    if (watch_) return announce();
    return !lost_ || this->send(stateFrame(lost_->first, lost_->second, {}));
}

bool DaSession::turn(SteadyTime now) {
    if (now >= due_) {
        if (!watch_) {
            if (!connect(now)) return false;
        } else {
            due_ = now + kLook;
            if (!look(now)) return false;
        }
    }
    if (asksToLeave_->exchange(false) && watch_)
        return lose(now, kBadNotConnected, "the server asked its clients to leave");
    return !watch_ || sendValues();
}

/// Asks for the server's status, because callbacks of a server that died just stop.
bool DaSession::look(SteadyTime now) {
    if (now < healthDue_) {
        const auto code = server_->ping();
        return !isFailure(code) || lose(now, kBadNoCommunication, hresultText(code));
    }
    healthDue_ = now + kTellHealth;
    const auto info = server_->info();
    if (!info) return lose(now, kBadNoCommunication, info.error().message);
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(SteadyClock::now() - now);
    return send(healthFrame({.state = info->state,
                             .started = info->start,
                             .clock = info->now,
                             .roundTripMs = static_cast<std::uint32_t>(took.count()),
                             .lost = outbox_->lost()}));
}

std::string DaSession::whyNotLive(SteadyTime now) {
    // False: the gateway has gone, which is known soon enough.
    if (watch_) static_cast<void>(look(now));
    if (watch_) return {};
    return lost_ ? lost_->second : order_.server + ": not connected yet";
}

const std::string* DaSession::itemOf(std::uint32_t handle) const {
    return watch_ && handle < notices_.size() ? &notices_[handle].id : nullptr;
}

bool DaSession::connect(SteadyTime now) {
    auto made = DaServer::connect(order_.server, [asks = asksToLeave_](const std::string&) { *asks = true; });
    if (!made) return lose(now, kBadNotConnected, made.error().message);
    server_ = std::move(*made);
    *asksToLeave_ = false;
    if (const auto watched = watch(); !watched) return lose(now, kBadNotConnected, watched.error().message);
    pause_ = kFirstServerPause;
    due_ = now + kLook;
    lost_.reset();
    if (const auto info = server_->info()) vendor_ = fmt::format("{} {}", info->vendor, info->version);
    log_(fmt::format("{}: {} items are watched", order_.server, notices_.size()));
    return announce();
}

/// Which ids the order means, each once, patterns replaced by what the server has.
Result<std::vector<std::string>> DaSession::resolve() {
    std::vector<std::string> ids;
    std::unordered_set<std::string> known;
    std::vector<std::string_view> patterns;
    for (const auto& item : order_.items) {
        if (item.find_first_of("*?") != std::string::npos) {
            patterns.push_back(item);
        } else if (known.insert(item).second) {
            ids.push_back(item);
        }
    }
    if (patterns.empty()) return ids;
    const auto walked = walkTree(*server_, [&](const BrowseEntry& entry, const std::vector<std::string>&) {
        if (entry.itemId.empty()) return true;
        const bool wanted = std::ranges::any_of(patterns, [&](std::string_view pattern) {
            return matchesWildcard(std::string_view(entry.itemId), pattern);
        });
        if (wanted && known.insert(entry.itemId).second) ids.push_back(entry.itemId);
        return true;
    });
    if (!walked) return tl::unexpected(walked.error());
    return ids;
}

Result<void> DaSession::watch() {
    auto ids = resolve();
    if (!ids) return tl::unexpected(ids.error());
    if (ids->empty())
        return fail("no item of the server is wanted: see `items` in the gateway's configuration");
    if (ids->size() > kMaxItems) return fail(fmt::format("more than {} items are wanted", kMaxItems));
    auto watching = server_->watch(
        *ids, {.rateMs = order_.rateMs, .deadbandPercent = order_.deadbandPercent},
        [outbox = outbox_, watch = outbox_->begin(*ids)](std::size_t index, const ItemReading& reading) {
            outbox->put(watch, static_cast<std::uint32_t>(index), outValueOf(reading));
        });
    if (!watching) return tl::unexpected(watching.error());
    watch_ = std::move(*watching);
    notices_.clear();
    for (std::size_t i = 0; i < ids->size(); ++i) {
        const auto& added = watch_->items()[i];
        ItemNotice notice;
        notice.handle = static_cast<std::uint32_t>(i);
        notice.id = std::move((*ids)[i]);
        notice.type = added.type;
        notice.shape = shapeOf(added.type);
        notice.access = std::clamp(added.access, 1U, 3U);
        if (isFailure(added.error)) {
            notice.error = server_->explain(added.error);
            notice.status = statusOfFailure(added.error);
        } else if (i < kMaxDescribed) {
            describe(notice);
        }
        notices_.push_back(std::move(notice));
    }
    return {};
}

/// A server need not have properties; then there is nothing to tell.
void DaSession::describe(ItemNotice& notice) {
    const auto properties = server_->properties(notice.id);
    if (!properties) return;
    const auto number = [](const ItemProperty& property) {
        const double value = property.value.toDouble();
        return value == value ? std::optional(value) : std::nullopt;
    };
    for (const auto& property : *properties) {
        if (isFailure(property.error)) continue;
        const auto* text = property.value.getIf<std::string>();
        if (property.id == kUnit && text != nullptr) notice.unit = text->substr(0, 64);
        if (property.id == kDescription && text != nullptr) notice.description = text->substr(0, 512);
        if (property.id == kHighEu) notice.high = number(property);
        if (property.id == kLowEu) notice.low = number(property);
    }
}

bool DaSession::announce() {
    shapes_.clear();
    for (const auto& notice : notices_) shapes_.push_back(notice.shape);
    healthDue_ = {};
    return sendItems(notices_) && send(stateFrame({}, {}, vendor_, watch_->revisedRateMs()));
}

bool DaSession::lose(SteadyTime now, StatusCode status, const std::string& why) {
    outbox_->end(status, wallClockNow());  // first, so that nothing more is taken
    drop();
    lost_.emplace(status, fmt::format("{}: {}", order_.server, why));
    log_(lost_->second);
    due_ = now + pause_;
    pause_ = std::min(pause_ * 2, kLongestServerPause);
    return send(stateFrame(status, lost_->second, {}));
}

void DaSession::drop() {
    watch_.reset();
    server_.reset();
}

bool DaSession::sendItems(const std::vector<ItemNotice>& notices) const {
    return std::ranges::all_of(itemsFrames(notices),
                               [this](const std::string& frame) { return send(frame); });
}

bool DaSession::sendValues() {
    while (auto batch = outbox_->next(shapes_)) {
        std::vector<ItemNotice> changed;
        for (const auto& [handle, shape] : batch->changed) {
            notices_[handle].shape = shape;
            changed.push_back(notices_[handle]);
        }
        if (!sendItems(changed) || !send(batch->frame)) return false;
    }
    return true;
}

}  // namespace tagwire::da
