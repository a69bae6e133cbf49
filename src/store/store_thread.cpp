#include "store/store_thread.h"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <utility>

#include "base/thread_name.h"

namespace tagwire::store {
namespace {

/// From one source before the next has its turn: a flood of one never starves the others.
constexpr std::size_t kUpdatesPerTurn = 16'384;

/// How soon a reader that fell behind gets its snapshot in a silence.
constexpr std::chrono::milliseconds kCatchUpInterval{100};

}  // namespace

StoreThread::StoreThread(EncodeRow encode)
    : store_(encode, [this](const FeedItem& item) { publish(item); }) {}

StoreThread::~StoreThread() { stop(); }

SourceInbox& StoreThread::addSource() {
    const std::scoped_lock lock(mutex_);
    anyAdded_.store(true);
    return *added_.emplace_back(std::make_unique<SourceInbox>(bell_));
}

void StoreThread::addReader(FeedSubscriber& reader) { readers_.push_back(&reader); }

void StoreThread::start() {
    thread_ = std::thread([this] { run(); });
}

void StoreThread::stop() noexcept {
    if (!thread_.joinable()) return;
    stopping_.store(true);
    bell_.ring();
    thread_.join();
}

void StoreThread::run() {
    nameThisThread("tw-store");
    std::vector<SourceMessage> messages;
    for (;;) {
        const bool stopping = stopping_.load();  // before the round: what came before stop() is still applied
        const bool worked = round(messages);
        for (auto* reader : readers_) {
            reader->catchUp([this](std::uint64_t skipped) { return store_.snapshot(skipped); });
        }
        if (worked) continue;
        if (stopping) return;
        // Every push into an empty inbox rings; the deadline is for readers that are behind.
        bell_.waitUntil(SteadyClock::now() + kCatchUpInterval);
    }
}

bool StoreThread::round(std::vector<SourceMessage>& messages) {
    bool any = false;
    if (anyAdded_.load()) takeAdded();
    for (const auto& inbox : inboxes_) {
        messages.clear();
        if (!inbox->drain(messages, kUpdatesPerTurn)) continue;
        any = true;
        for (auto& message : messages) store_.apply(std::move(message));
    }
    store_.flush();
    return any;
}

void StoreThread::takeAdded() {
    const std::scoped_lock lock(mutex_);
    anyAdded_.store(false);
    std::ranges::move(added_, std::back_inserter(inboxes_));
    added_.clear();
}

void StoreThread::publish(const FeedItem& item) {
    for (auto* reader : readers_) reader->offer(item);
}

}  // namespace tagwire::store
