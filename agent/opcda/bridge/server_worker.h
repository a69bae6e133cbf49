/// Does what has to be asked of an OPC DA server beside watching it, on a connection and a thread of its own,
/// so that values go on while a server thinks.
///
/// Connects when there is something to do, and lets go when there was nothing for a while. At most `kMaxJobs`
/// wait; further ones are refused.
///
/// Thread: post() by any. Lifetime: what a job needs it holds itself; the destructor waits for the job at
/// hand.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>

#include "base/result.h"
#include "client/da_server.h"

namespace tagwire::da {

class ServerWorker {
public:
    static constexpr std::size_t kMaxJobs = 32;
    /// Gets a server that answered just now, or why there is none. Thread: the worker's.
    using Job = std::function<void(Result<DaServer*> server)>;

    explicit ServerWorker(std::string server);
    ServerWorker(const ServerWorker&) = delete;
    ServerWorker& operator=(const ServerWorker&) = delete;
    ~ServerWorker();

    /// False: too much waits already.
    [[nodiscard]] bool post(Job job);

private:
    void run(const std::stop_token& stop);
    [[nodiscard]] Result<DaServer*> connected();

    const std::string name_;
    std::optional<DaServer> server_;  ///< the worker's
    std::mutex mutex_;
    std::condition_variable_any wake_;
    std::deque<Job> jobs_;
    std::jthread thread_;
};

}  // namespace tagwire::da
