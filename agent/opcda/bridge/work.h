/// What a gateway has ordered: goes on while the gateway is away. And what it asks, which does not.
/// Thread: the bridge's. Lifetime: one, outlives connections.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "bridge/answering.h"
#include "bridge/da_session.h"
#include "link/backlog.h"
#include "link/frames.h"
#include "link/outbox.h"
#include "link/replies.h"

namespace tagwire::da {

class Work {
public:
    /// `log` gets a line for people; it outlives this.
    Work(Backlog backlog, const std::function<void(const std::string&)>& log);
    Work(const Work&) = delete;
    Work& operator=(const Work&) = delete;
    ~Work();

    void gatewayFound() { connection_ = replies_->begin(); }
    void gatewayLost();
    /// False: the gateway has gone.
    [[nodiscard]] bool order(WatchOrder order, DaSession::Send send);
    void acknowledged(std::uint64_t sequence) { outbox_->acknowledged(sequence); }
    /// False: the gateway has gone.
    [[nodiscard]] bool turn();

    void answer(BrowseOrder order);
    void answer(LookOrder order);
    void answer(SearchOrder order);
    /// Nothing is written unless the server is there now.
    void answer(WriteOrder order);
    /// Answers that are ready.
    [[nodiscard]] std::vector<std::string> replies() { return replies_->take(); }

    /// Values that waited for the gateway in vain, since the beginning.
    [[nodiscard]] std::uint64_t lost() { return outbox_->lost(); }

private:
    /// Says no to `id` where no server was named yet.
    [[nodiscard]] bool canAnswer(std::uint64_t id);
    void refuse(std::uint64_t id, StatusCode status, const std::string& why);

    const std::shared_ptr<Outbox> outbox_;
    const std::shared_ptr<Replies> replies_ = std::make_shared<Replies>();
    const std::function<void(const std::string&)>& log_;
    std::optional<DaSession> session_;
    std::optional<Answering> answering_;
    std::uint64_t connection_ = 0;
    SteadyTime flush_{};
};

}  // namespace tagwire::da
