#include "serve/shard.h"

#include <algorithm>
#include <chrono>
#include <exception>
#include <type_traits>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>

#include "base/log.h"
#include "base/thread_name.h"
#include "serve/connection.h"
#include "serve/push_session.h"

namespace tagwire::serve {
namespace {

/// Changes taken from the feed before sockets have their turn again.
constexpr std::size_t kChangesPerTurn = 16'384;
constexpr std::chrono::milliseconds kSweepInterval{500};
constexpr std::chrono::milliseconds kStoppingSweepInterval{50};
constexpr std::chrono::milliseconds kStopGrace{1000};

}  // namespace

Shard::Shard(ServerContext& server)
    : server_(server),
      work_(boost::asio::make_work_guard(context_)),
      cache_(server.encodeRow),
      table_(cache_, [this](SteadyTime time) { armDue(time); }),
      feed_([this] { boost::asio::post(context_, [this] { takeFeed(); }); }),
      dueTimer_(context_),
      sweepTimer_(context_) {
    armSweep();
}

Shard::~Shard() { join(); }

void Shard::start() {
    thread_ = std::thread([this] {
        nameThisThread("tw-shard");
        context_.run();
    });
}

void Shard::beginStop() {
    boost::asio::post(context_, [this] { closeClients(); });
}

void Shard::join() noexcept {
    if (thread_.joinable()) thread_.join();
}

bool Shard::subscriptionsExhausted() const noexcept {
    return table_.subscriptions() * server_.counters.size() >= server_.options.maxTotalSubscriptions;
}

void Shard::adopt(boost::asio::ip::tcp::socket socket, std::shared_ptr<ClientAddress> address) {
    if (stopping_) return;
    auto owned = std::make_unique<Connection>(*this, std::move(socket), std::move(address));
    Connection* connection = owned.get();
    connections_.emplace(connection, std::move(owned));
    boost::asio::co_spawn(context_, connection->run(), [this, connection](const std::exception_ptr& error) {
        try {
            if (error) std::rethrow_exception(error);
        } catch (const std::exception& e) {
            log::error("serve", "a connection ended by an internal error: {}", e.what());
        }
        connections_.erase(connection);
    });
}

void Shard::takeFeed() {
    std::vector<FeedItem> items;
    if (!feed_.drain(items, kChangesPerTurn)) return;
    for (const auto& item : items) take(item);
    counters_.subscriptions.set(static_cast<std::int64_t>(table_.subscriptions()));
    boost::asio::post(context_, [this] { takeFeed(); });
}

void Shard::take(const FeedItem& item) {
    std::visit(
        [this](const auto& what) {
            using T = std::decay_t<decltype(*what)>;
            if constexpr (std::is_same_v<T, const ChangeBatch> || std::is_same_v<T, ChangeBatch>) {
                cache_.apply(*what, table_.watched());
                remember(what);
                table_.onBatch(*what);
            } else if constexpr (std::is_same_v<T, TagsAdded>) {
                cache_.apply(*what);
                table_.onTagsAdded(*what);
            } else if constexpr (std::is_same_v<T, SourceState>) {
                cache_.apply(*what);
                for (auto* session : sessions_) session->onSourceState(*what);
            } else {
                const auto seen = cache_.last();
                TagsAdded added;
                for (const auto& latest : what->tags) {
                    const auto* known = cache_.find(latest.info->id);
                    if (known == nullptr || known->info != latest.info) added.tags.push_back(latest.info);
                }
                cache_.apply(*what);
                replay_.clear();
                replayChanges_ = 0;
                table_.onTagsAdded(added);
                table_.onSnapshot(*what, seen);
                for (const auto& state : what->sources) {
                    for (auto* session : sessions_) session->onSourceState(state);
                }
            }
        },
        item);
}

void Shard::remember(const SharedBatch& batch) {
    replay_.push_back(batch);
    replayChanges_ += batch->changes().size();
    while (replayChanges_ > server_.options.resumeChanges && !replay_.empty()) {
        replayChanges_ -= replay_.front()->changes().size();
        replay_.pop_front();
    }
}

void Shard::armDue(SteadyTime time) {
    if (time >= dueArmed_) return;
    dueArmed_ = time;
    dueTimer_.expires_at(time);
    dueTimer_.async_wait([this](const boost::system::error_code& error) {
        if (error) return;  // armed anew for an earlier time
        dueArmed_ = SteadyTime::max();
        table_.runDue(SteadyClock::now());
    });
}

void Shard::armSweep() {
    sweepTimer_.expires_after(stopping_ ? kStoppingSweepInterval : kSweepInterval);
    sweepTimer_.async_wait([this](const boost::system::error_code& error) {
        if (!error) sweep();
    });
}

void Shard::sweep() {
    const auto now = SteadyClock::now();
    const auto time = wallClockNow();
    // A session that is swept may end, but never within the call: it ends in its connection's coroutine.
    for (auto* session : sessions_) session->sweep(now, time);
    if (stopping_) {
        if (now > stopDeadline_) {
            for (const auto& [key, connection] : connections_) connection->cut();
        }
        if (connections_.empty()) {
            dueTimer_.cancel();
            work_.reset();
            return;
        }
    }
    armSweep();
}

void Shard::closeClients() {
    stopping_ = true;
    stop_.request_stop();
    stopDeadline_ = SteadyClock::now() + kStopGrace;
    for (auto* session : sessions_) {
        session->close({wire::CloseCode::Restart, "the server stops or restarts: connect again in a moment"});
    }
    for (const auto& [key, connection] : connections_) connection->stopIdle();
    sweepTimer_.cancel();
    armSweep();
}

}  // namespace tagwire::serve
