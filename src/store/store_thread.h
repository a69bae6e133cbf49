/// The store's thread: takes what the sources bring, applies it, and hands the changes to every reader.
/// Thread: addSource any; addReader before start(); start and stop by the composition root. Lifetime:
/// outlives the sources; the readers outlive it.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "base/doorbell.h"
#include "model/feed_subscriber.h"
#include "store/source_inbox.h"
#include "store/tag_store.h"

namespace tagwire::store {

class StoreThread {
public:
    explicit StoreThread(EncodeRow encode);
    ~StoreThread();
    StoreThread(const StoreThread&) = delete;
    StoreThread& operator=(const StoreThread&) = delete;

    [[nodiscard]] SourceInbox& addSource();
    void addReader(FeedSubscriber& reader);

    void start();
    /// Applies what waits, then joins. Call after the sources have stopped.
    void stop() noexcept;

    [[nodiscard]] const TagStore& store() const noexcept { return store_; }

private:
    void run();
    bool round(std::vector<SourceMessage>& messages);
    void publish(const FeedItem& item);

    void takeAdded();

    Doorbell bell_;
    std::mutex mutex_;  ///< of added_
    std::vector<std::unique_ptr<SourceInbox>> added_;
    std::atomic<bool> anyAdded_{false};
    std::vector<std::unique_ptr<SourceInbox>> inboxes_;
    std::vector<FeedSubscriber*> readers_;
    TagStore store_;
    std::atomic<bool> stopping_{false};
    std::thread thread_;
};

}  // namespace tagwire::store
