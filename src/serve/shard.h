/// One thread that serves a part of the clients, with its own copy of the latest of every tag.
/// Thread: all but the constructor, start, beginStop, join, feed and context().get_executor() is the shard's
/// own. Lifetime: owned by Server.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include "model/feed_subscriber.h"
#include "serve/counters.h"
#include "serve/server_context.h"
#include "serve/subscription_table.h"
#include "serve/tag_cache.h"
#include "serve/turns.h"

namespace tagwire::serve {

struct ClientAddress;
class Connection;
class PushSession;

class Shard {
public:
    explicit Shard(ServerContext& server);
    ~Shard();
    Shard(const Shard&) = delete;
    Shard& operator=(const Shard&) = delete;

    /// Register with the store before it starts.
    [[nodiscard]] FeedSubscriber& feed() noexcept { return feed_; }

    void start();
    /// Tells the clients that the server restarts (4000) and waits up to a second for them. Thread: any.
    void beginStop();
    void join() noexcept;

    /// Takes over an accepted connection.
    /// `address` counts it; none where the address has no limits.
    void adopt(boost::asio::ip::tcp::socket socket, std::shared_ptr<ClientAddress> address);

    [[nodiscard]] boost::asio::io_context& context() noexcept { return context_; }
    [[nodiscard]] const ServerContext& server() const noexcept { return server_; }
    [[nodiscard]] TagCache& cache() noexcept { return cache_; }
    [[nodiscard]] SubscriptionTable& table() noexcept { return table_; }
    /// Where sessions put a frame together; what they cannot send at once they copy.
    [[nodiscard]] std::string& frameBuffer() noexcept { return frameBuffer_; }
    [[nodiscard]] ShardCounters& counters() noexcept { return counters_; }
    /// The latest batches, oldest first, for gap-free resumption.
    [[nodiscard]] std::vector<SharedBatch> replay() const { return {replay_.begin(), replay_.end()}; }
    [[nodiscard]] bool stopping() const noexcept { return stopping_; }
    /// For questions to other threads that nobody waits for any more when the server stops.
    [[nodiscard]] std::stop_token stopToken() const noexcept { return stop_.get_token(); }
    /// Whether this shard has its part of server.max_total_subscriptions.
    [[nodiscard]] bool subscriptionsExhausted() const noexcept;

    /// One of at most `limit` answers about the past at a time, until the pointer goes; null: that many are
    /// being made or sent already.
    [[nodiscard]] std::shared_ptr<void> historyTurn(std::size_t limit) { return historyTurns_.take(limit); }
    /// Of texts of documents on their way.
    [[nodiscard]] const Turns& documentTurns() const noexcept { return documentTurns_; }

    void enter(PushSession& session) { sessions_.insert(&session); }
    void leave(PushSession& session) noexcept { sessions_.erase(&session); }

private:
    void takeFeed();
    void take(const FeedItem& item);
    void remember(const SharedBatch& batch);
    void armDue(SteadyTime time);
    void armSweep();
    void sweep();
    void closeClients();

    ServerContext& server_;
    boost::asio::io_context context_{1};
    std::optional<boost::asio::executor_work_guard<boost::asio::io_context::executor_type>> work_;
    ShardCounters counters_;
    TagCache cache_;
    SubscriptionTable table_;
    std::string frameBuffer_;
    FeedSubscriber feed_;
    std::deque<SharedBatch> replay_;
    std::size_t replayChanges_ = 0;
    boost::asio::steady_timer dueTimer_;
    SteadyTime dueArmed_ = SteadyTime::max();
    boost::asio::steady_timer sweepTimer_;
    std::unordered_set<PushSession*> sessions_;
    std::unordered_map<const Connection*, std::unique_ptr<Connection>> connections_;
    Turns historyTurns_;
    Turns documentTurns_;
    bool stopping_ = false;
    std::stop_source stop_;
    SteadyTime stopDeadline_{};
    std::thread thread_;
};

}  // namespace tagwire::serve
