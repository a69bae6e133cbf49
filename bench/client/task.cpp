#include "bench/client/task.h"

#include <random>
#include <stdexcept>
#include <unordered_set>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace tagwire::bench {
namespace {

/// `server.max_message_bytes` of Tagwire's default configuration.
constexpr std::size_t kMostMessageBytes = std::size_t{64} * 1024;

std::string tagName(std::uint32_t tag) { return fmt::format("Load.T{:06}", tag); }

}  // namespace

Wanted wantedBy(const Task& task, std::uint32_t client) {
    Wanted wanted;
    if (task.pick == "tenth") {
        const auto digit = client % 10;
        wanted.names.push_back(fmt::format("Load.T*{}", digit));
        wanted.tags = task.tags / 10 + (digit > 0 && task.tags % 10 >= digit ? 1 : 0);
        return wanted;
    }
    if (task.perClient > task.tags) throw std::runtime_error("there are fewer tags than each client wants");
    if (task.pick == "first") {
        for (std::uint32_t tag = 1; tag <= task.perClient; ++tag) wanted.names.push_back(tagName(tag));
    } else {
        std::mt19937 random(client);
        std::uniform_int_distribution<std::uint32_t> any(1, task.tags);
        std::unordered_set<std::uint32_t> taken;
        while (taken.size() < task.perClient) {
            const auto tag = any(random);
            if (taken.insert(tag).second) wanted.names.push_back(tagName(tag));
        }
    }
    wanted.tags = wanted.names.size();
    return wanted;
}

Wanted everything(const Task& task) { return {.names = {"Load.*"}, .tags = task.tags}; }

std::string subscribeMessage(const Task& task, const Wanted& wanted) {
    auto message = fmt::format(R"({{"t":"sub","id":1,"tags":["{}"],"min":{},"mode":"{}"}})",
                               fmt::join(wanted.names, R"(",")"), task.minMs, task.mode);
    if (message.size() > kMostMessageBytes) {
        throw std::runtime_error(fmt::format("{} names make a message of {} bytes: take pick=tenth",
                                             wanted.names.size(), message.size()));
    }
    return task.protocol == Protocol::SocketIo ? R"(42["sub",)" + message + "]" : message;
}

}  // namespace tagwire::bench
