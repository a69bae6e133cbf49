/// How an agent, a program on another machine, reaches the source that it brings values for: `serve` has the
/// connection, the source knows what is said on it.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace tagwire {

/// An open connection to an agent, as its source sees it.
/// Thread: any; never blocks. Lifetime: shared; after the end of the connection calls do nothing.
class AgentLink {
public:
    AgentLink() = default;
    AgentLink(const AgentLink&) = delete;
    AgentLink& operator=(const AgentLink&) = delete;
    virtual ~AgentLink() = default;

    virtual void send(std::string frame) = 0;
    /// `why`: at most 123 bytes.
    virtual void close(std::string why) = 0;
};

/// Where what an agent says goes.
/// Thread: any; never blocks. Lifetime: outlives the connections that use it.
class AgentPort {
public:
    AgentPort() = default;
    AgentPort(const AgentPort&) = delete;
    AgentPort& operator=(const AgentPort&) = delete;
    virtual ~AgentPort() = default;

    /// The newest connection is the one that counts: an agent that comes again is faster than TCP in noticing
    /// that its old connection is gone.
    virtual void opened(std::shared_ptr<AgentLink> link) = 0;
    /// False: more waits than the source takes, and the connection has to end.
    [[nodiscard]] virtual bool received(const AgentLink& link, std::string frame) = 0;
    virtual void closed(const AgentLink& link) = 0;
};

/// Which source a token is for.
/// Thread: any. Lifetime: outlives the server.
class AgentDirectory {
public:
    AgentDirectory() = default;
    AgentDirectory(const AgentDirectory&) = delete;
    AgentDirectory& operator=(const AgentDirectory&) = delete;
    virtual ~AgentDirectory() = default;

    /// Null: nobody's.
    [[nodiscard]] virtual AgentPort* find(std::string_view token) const = 0;
};

}  // namespace tagwire
