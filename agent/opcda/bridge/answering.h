/// Answers the gateway's questions about an OPC DA server, and carries out its writes.
///
/// Questions take turns on one worker, writes on another, so that a search does not delay a write. Each
/// answer is put among the replies of the connection that asked. A write is carried out while its connection
/// and its patience last, or not at all.
///
/// Thread: the bridge's. Lifetime: one a server; its destructor waits for the job at hand.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "bridge/server_worker.h"
#include "client/da_server.h"
#include "link/frames.h"
#include "link/replies.h"

namespace tagwire::da {

class Answering {
public:
    Answering(const std::string& server, std::shared_ptr<Replies> replies);

    /// `connection`: the number of the connection that asks.
    void browse(std::uint64_t connection, BrowseOrder order);
    void look(std::uint64_t connection, LookOrder order);
    void search(std::uint64_t connection, SearchOrder order);
    /// `items`: the ids of what is written, in the order of the writes.
    void write(std::uint64_t connection, WriteOrder order, std::vector<std::string> items);

private:
    void post(ServerWorker& worker, std::uint64_t connection, std::uint64_t id, ServerWorker::Job job);

    const std::shared_ptr<Replies> replies_;
    ServerWorker asking_;
    ServerWorker writing_;
};

}  // namespace tagwire::da
