#include "bridge/da_session.h"

#include <algorithm>
#include <unordered_set>
#include <utility>

#include <fmt/format.h>

#include "client/tree.h"
#include "model/value_json.h"
#include "types/hresult.h"
#include "types/quality.h"
#include "types/variant_type.h"
#include "types/wildcard.h"

namespace tagwire::da {
namespace {

using namespace std::chrono_literals;

constexpr auto kLook = 1s;
constexpr std::chrono::milliseconds kFirstPause = 1s;
constexpr std::chrono::milliseconds kLongestPause = 30s;
/// Two calls an item; a server with more items would be long in coming.
constexpr std::size_t kMaxDescribed = 2000;
constexpr std::size_t kMaxItems = 500'000;
constexpr StatusCode kBadNoCommunication{0x80310000};
constexpr StatusCode kBadShutdown{0x800C0000};
constexpr StatusCode kBadNotConnected{0x808A0000};

constexpr std::uint32_t kUnit = 100;
constexpr std::uint32_t kDescription = 101;
constexpr std::uint32_t kHighEu = 102;
constexpr std::uint32_t kLowEu = 103;

OutValue outValueOf(const ItemReading& reading) {
    OutValue out{.value = "null", .shape = {}, .time = reading.time, .status = {}};
    if (isFailure(reading.error)) {
        out.status = statusOfFailure(reading.error);
        return out;
    }
    out.status = statusOfQuality(reading.quality);
    if (reading.value.isNull()) return out;
    out.shape = shapeOf(reading.type);
    out.value.clear();
    appendValue(out.value, reading.value);
    return out;
}

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
            const auto code = server_->ping();
            if (isFailure(code)) return lose(now, kBadNoCommunication, hresultText(code));
        }
    }
    if (asksToLeave_->exchange(false) && watch_)
        return lose(now, kBadNotConnected, "the server asked its clients to leave");
    return !watch_ || sendValues();
}

bool DaSession::connect(SteadyTime now) {
    auto made = DaServer::connect(order_.server, [asks = asksToLeave_](const std::string&) { *asks = true; });
    if (!made) return lose(now, kBadNotConnected, made.error().message);
    server_ = std::move(*made);
    *asksToLeave_ = false;
    if (const auto watched = watch(); !watched) return lose(now, kBadNotConnected, watched.error().message);
    pause_ = kFirstPause;
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
    const auto walked = walkTree(*server_, [&](const BrowseEntry& entry, std::size_t) {
        if (entry.isBranch || entry.itemId.empty()) return;
        const bool wanted = std::ranges::any_of(patterns, [&](std::string_view pattern) {
            return matchesWildcard(std::string_view(entry.itemId), pattern);
        });
        if (wanted && known.insert(entry.itemId).second) ids.push_back(entry.itemId);
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
    return sendItems(notices_) && send(stateFrame({}, {}, vendor_));
}

bool DaSession::lose(SteadyTime now, StatusCode status, const std::string& why) {
    outbox_->end(status, wallClockNow());  // first, so that nothing more is taken
    drop();
    lost_.emplace(status, fmt::format("{}: {}", order_.server, why));
    log_(lost_->second);
    due_ = now + pause_;
    pause_ = std::min(pause_ * 2, kLongestPause);
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
