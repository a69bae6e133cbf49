#include "bridge/work.h"

#include <chrono>
#include <utility>

#include <fmt/format.h>

#include "link/answers.h"
#include "model/generated/status_codes.h"

namespace tagwire::da {
namespace {

constexpr std::chrono::seconds kFlush{1};

}  // namespace

Work::Work(Backlog backlog, const std::function<void(const std::string&)>& log)
    : outbox_(std::make_shared<Outbox>(std::move(backlog))), log_(log) {}

Work::~Work() {
    session_.reset();
    outbox_->flush();
}

void Work::gatewayLost() {
    replies_->end();  // writes that have not begun are not carried out any more
    if (session_) session_->detach();
    outbox_->disconnected(wallClockNow());
}

bool Work::order(WatchOrder order, DaSession::Send send) {
    if (!session_ || session_->order() != order) {
        if (!session_ || session_->order().server != order.server) {
            answering_.reset();
            answering_.emplace(order.server, replies_);
        }
        session_.reset();
        session_.emplace(std::move(order), outbox_, log_);
    }
    // Not before: what is taken out has to reach somebody.
    outbox_->connected();
    return session_->attach(std::move(send));
}

bool Work::turn() {
    const auto now = SteadyClock::now();
    if (now >= flush_) {
        flush_ = now + kFlush;
        outbox_->flush();
    }
    return !session_ || session_->turn(now);
}

bool Work::canAnswer(std::uint64_t id) {
    if (!answering_) refuse(id, kBadNotConnected, "the agent has not been told yet which server to use");
    return answering_.has_value();
}

void Work::refuse(std::uint64_t id, StatusCode status, const std::string& why) {
    replies_->put(connection_, refusedFrame(id, status, why));
}

void Work::answer(BrowseOrder order) {
    if (canAnswer(order.id)) answering_->browse(connection_, std::move(order));
}

void Work::answer(LookOrder order) {
    if (canAnswer(order.id)) answering_->look(connection_, std::move(order));
}

void Work::answer(SearchOrder order) {
    if (canAnswer(order.id)) answering_->search(connection_, std::move(order));
}

void Work::answer(WriteOrder order) {
    if (!canAnswer(order.id)) return;
    if (const auto why = session_->whyNotLive(SteadyClock::now()); !why.empty())
        return refuse(order.id, kBadNotConnected, "nothing was written: " + why);
    std::vector<std::string> items;
    for (const auto& write : order.writes) {
        const auto* item = session_->itemOf(write.handle);
        if (item == nullptr)
            return refuse(
                order.id, kBadNodeIdUnknown,
                fmt::format("nothing was written: there is no item with the handle {}", write.handle));
        items.push_back(*item);
    }
    answering_->write(connection_, std::move(order), std::move(items));
}

}  // namespace tagwire::da
