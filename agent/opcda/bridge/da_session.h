/// What a gateway ordered, carried out at one OPC DA server: connected, watched, looked after, connected
/// again, whether a gateway is there or not. Thread: the bridge's; callbacks of COM only fill the outbox.
/// Lifetime: one an order.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/time.h"
#include "client/da_server.h"
#include "link/frames.h"
#include "link/outbox.h"

namespace tagwire::da {

class DaSession {
public:
    /// Sends a complete frame; false: the gateway is gone.
    using Send = std::function<bool(const std::string&)>;

    /// `log` gets a line for people.
    DaSession(WatchOrder order, std::shared_ptr<Outbox> outbox, std::function<void(const std::string&)> log);
    ~DaSession();
    DaSession(const DaSession&) = delete;
    DaSession& operator=(const DaSession&) = delete;

    [[nodiscard]] const WatchOrder& order() const noexcept { return order_; }

    /// A gateway has given this order, perhaps again: it is told what there is. False: it is gone.
    [[nodiscard]] bool attach(Send send);
    /// The gateway has gone.
    void detach() { send_ = {}; }

    /// Connects when it is time, looks whether the server is there, sends what waits. False: the gateway is
    /// gone.
    [[nodiscard]] bool turn(SteadyTime now);

    /// Asks the server now. Empty: it is there; else why not.
    [[nodiscard]] std::string whyNotLive(SteadyTime now);
    /// The id of a watched item; null for a handle that is none.
    [[nodiscard]] const std::string* itemOf(std::uint32_t handle) const;

private:
    [[nodiscard]] bool look(SteadyTime now);
    [[nodiscard]] bool connect(SteadyTime now);
    [[nodiscard]] Result<void> watch();
    [[nodiscard]] Result<std::vector<std::string>> resolve();
    void describe(ItemNotice& notice);
    [[nodiscard]] bool announce();
    [[nodiscard]] bool lose(SteadyTime now, StatusCode status, const std::string& why);
    void drop();
    /// True also where there is no gateway.
    [[nodiscard]] bool send(const std::string& frame) const { return !send_ || send_(frame); }
    [[nodiscard]] bool sendItems(const std::vector<ItemNotice>& notices) const;
    [[nodiscard]] bool sendValues();

    const WatchOrder order_;
    const std::shared_ptr<Outbox> outbox_;
    Send send_;  ///< empty: no gateway
    const std::function<void(const std::string&)> log_;
    /// Shared with callbacks, which may come until COM lets go of the sink.
    std::shared_ptr<std::atomic<bool>> asksToLeave_ = std::make_shared<std::atomic<bool>>(false);
    std::optional<DaServer> server_;
    std::unique_ptr<DaWatch> watch_;
    std::vector<ItemNotice> notices_;
    std::string vendor_;
    /// Why there is no watch; nothing before the first attempt.
    std::optional<std::pair<StatusCode, std::string>> lost_;
    std::vector<ValueShape> shapes_;  ///< as the gateway knows them, by handle
    SteadyTime due_{};                ///< of the next attempt to connect, or of the next look
    SteadyTime healthDue_{};          ///< of the next look that the gateway is told of
    std::chrono::milliseconds pause_{1000};
};

}  // namespace tagwire::da
