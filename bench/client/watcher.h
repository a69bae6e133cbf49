/// One client connection that subscribes, counts and checks.
/// Thread: the client's. Lifetime: Task and Stats outlive it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "bench/client/histogram.h"
#include "bench/client/rows.h"
#include "bench/client/tag_values.h"
#include "bench/client/task.h"

namespace tagwire::bench {

/// What all watchers have seen since the measurement began.
struct Stats {
    std::uint64_t updates = 0;
    std::uint64_t frames = 0;       ///< with values
    std::uint64_t bytes = 0;        ///< of these frames' texts
    std::uint64_t skipped = 0;      ///< changes that were followed by a later one without being sent
    std::uint64_t slowSkipped = 0;  ///< the same, of the clients that were asked to stop reading
    std::uint64_t repeated = 0;     ///< values that were sent again unchanged
    std::uint64_t backwards = 0;    ///< values older than what had been sent
    std::uint64_t lag = 0;          ///< lag frames
    Histogram age;                  ///< from the source time of a value to its arrival here
};

class Watcher {
public:
    Watcher(const Task& task, Stats& stats, Wanted wanted, bool slow);
    ~Watcher() { hangUp(); }
    Watcher(const Watcher&) = delete;
    Watcher& operator=(const Watcher&) = delete;

    /// Begins to connect; throws std::runtime_error.
    void dial();
    void hangUp() noexcept;
    /// Call when the socket is connected or has bytes. `buffer` is scratch space. Throws std::runtime_error
    /// when the server broke the connection or sent what nobody can read.
    void onReady(std::span<char> buffer);

    [[nodiscard]] int socket() const noexcept { return socket_; }
    [[nodiscard]] bool connecting() const noexcept { return state_ == State::Connecting; }
    [[nodiscard]] bool slow() const noexcept { return slow_; }
    /// Whether it has a value of every tag it asked for.
    [[nodiscard]] bool complete() const noexcept { return values_.known() == wanted_.tags; }
    [[nodiscard]] const TagValues& values() const noexcept { return values_; }

private:
    enum class State : std::uint8_t { Connecting, Upgrading, Open };

    [[nodiscard]] std::size_t take(std::string_view bytes);
    void takeText(std::string_view text);
    void takeSocketIo(std::string_view text);
    void takeRow(const Row& row);
    void send(std::string_view bytes) const;

    const Task& task_;
    Stats& stats_;
    Wanted wanted_;
    bool slow_;
    int socket_ = -1;
    State state_ = State::Connecting;
    std::string pending_;       ///< the beginning of a frame
    std::int64_t arrived_ = 0;  ///< µs since 1970
    TagValues values_;
};

}  // namespace tagwire::bench
