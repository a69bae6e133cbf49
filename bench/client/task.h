/// What the neutral client is asked to do.
/// Thread: any. Lifetime: value types.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace tagwire::bench {

/// How values come: data frames of tagwire.v1, or socket.io events `["u",[handle,value,time]]`.
enum class Protocol : std::uint8_t { Tagwire, SocketIo };

struct Task {
    std::uint16_t port = 0;
    Protocol protocol = Protocol::Tagwire;
    std::uint32_t clients = 1;
    std::uint32_t tags = 1;       ///< of the server: `Load.T000001` and so on
    std::uint32_t perClient = 1;  ///< tags of one client
    std::string pick = "random";  ///< random, first, or tenth: those that end in one digit, by a pattern
    std::uint32_t minMs = 100;    ///< shortest time between two frames
    std::string mode = "latest";
    std::uint32_t slow =
        0;  ///< the first this many get small buffers, so that a server notices soon when they stop
};

/// What a client subscribes to.
struct Wanted {
    std::vector<std::string> names;  ///< tags or patterns
    std::size_t tags = 0;            ///< how many that are
};

[[nodiscard]] Wanted wantedBy(const Task& task, std::uint32_t client);
[[nodiscard]] Wanted everything(const Task& task);
/// The message that asks for it. Throws std::runtime_error if a server would find it too long.
[[nodiscard]] std::string subscribeMessage(const Task& task, const Wanted& wanted);

}  // namespace tagwire::bench
