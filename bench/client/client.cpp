// The neutral client of the fan-out benchmarks: many connections in one thread, cheap, and sure to notice a
// loss.
//
//   tagwire_bench_client port=P [protocol=tagwire|socketio] clients=N tags=N per_client=N
//   [pick=random|first|tenth]
//                        [min=MS] [mode=latest|all] [slow=N]
//
// Prints "ready" when every connection has a value of every tag it asked for. Then it takes commands on its
// standard input and answers each with one line:
//   begin        counting begins anew
//   report       what came since then, as JSON
//   stall        the slow clients stop reading
//   resume       they go on
//   verify MS    asks for the latest value of every tag, and says after MS for how many tags of how many
//   clients that
//                value, or a later one, has not arrived
#include <cerrno>
#include <chrono>
#include <exception>
#include <iostream>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

#include "bench/client/arguments.h"
#include "bench/client/watcher.h"

namespace tagwire::bench {
namespace {

using Clock = std::chrono::steady_clock;

/// Handshakes and snapshots under way at the same time, fewer than any server's backlog.
constexpr std::size_t kDialsAtOnce = 100;
constexpr std::size_t kReceiveBytes = std::size_t{256} * 1024;

void raiseFileLimit() {
    rlimit limit{};
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

class Client {
public:
    explicit Client(Task task)
        : task_(std::move(task)), buffer_(kReceiveBytes), epoll_(epoll_create1(EPOLL_CLOEXEC)) {
        epoll_event input{.events = EPOLLIN, .data = {.ptr = nullptr}};
        epoll_ctl(epoll_, EPOLL_CTL_ADD, STDIN_FILENO, &input);
    }
    ~Client() { ::close(epoll_); }
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    /// Until the end of standard input.
    void run() {
        dialFurther();
        std::vector<epoll_event> events(512);
        while (!ended_) {
            const int count = epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), 50);
            if (count < 0 && errno != EINTR) throw std::runtime_error("epoll_wait failed");
            for (int i = 0; i < count; ++i) {
                auto* watcher = static_cast<Watcher*>(events[static_cast<std::size_t>(i)].data.ptr);
                if (watcher == nullptr) {
                    takeCommands();
                } else {
                    serve(*watcher);
                }
            }
            if (verifyAt_ && Clock::now() >= *verifyAt_) finishVerify();
        }
    }

private:
    void serve(Watcher& watcher) {
        const bool before = watcher.complete();
        const bool connecting = watcher.connecting();
        try {
            watcher.onReady(buffer_);
        } catch (const std::exception& error) {
            if (!ready_) throw;
            ++disconnects_;
            lastError_ = error.what();
            watcher.hangUp();
            return;
        }
        if (connecting) watch(watcher, EPOLL_CTL_MOD, EPOLLIN);
        if (before || !watcher.complete()) return;
        if (&watcher == witness_.get()) {
            verifyAt_ = Clock::now() + verifyAfter_;
            witnessed_ = watcher.values();
            return;
        }
        ++complete_;
        dialFurther();
    }

    void dialFurther() {
        for (; dialed_ < task_.clients && dialed_ - complete_ < kDialsAtOnce; ++dialed_) {
            const auto number = static_cast<std::uint32_t>(dialed_);
            watchers_.push_back(
                std::make_unique<Watcher>(task_, stats_, wantedBy(task_, number), number < task_.slow));
            dial(*watchers_.back());
        }
        if (complete_ < task_.clients || ready_) return;
        ready_ = true;
        std::cout << "ready" << std::endl;
    }

    void dial(Watcher& watcher) {
        watcher.dial();
        watch(watcher, EPOLL_CTL_ADD, EPOLLOUT);
    }

    void watch(Watcher& watcher, int what, std::uint32_t events) const {
        epoll_event event{.events = events, .data = {.ptr = &watcher}};
        epoll_ctl(epoll_, what, watcher.socket(), &event);
    }

    void takeCommands() {
        std::string bytes(4096, '\0');
        const auto got = ::read(STDIN_FILENO, bytes.data(), bytes.size());
        if (got <= 0) {
            ended_ = true;
            return;
        }
        input_.append(bytes, 0, static_cast<std::size_t>(got));
        for (auto end = input_.find('\n'); end != std::string::npos; end = input_.find('\n')) {
            const auto line = input_.substr(0, end);
            input_.erase(0, end + 1);
            const auto answer = obey(line);
            if (!answer.empty()) std::cout << answer << std::endl;
        }
    }

    std::string obey(const std::string& command) {
        if (command == "begin") {
            stats_ = {};
            began_ = Clock::now();
            return "ok";
        }
        if (command == "report") return report();
        if (command == "stall" || command == "resume") {
            const std::uint32_t events = command == "stall" ? 0U : EPOLLIN;
            for (const auto& watcher : watchers_) {
                if (watcher->slow() && watcher->socket() >= 0) {
                    watch(*watcher, EPOLL_CTL_MOD, events);
                }
            }
            return "ok";
        }
        if (command.starts_with("verify ")) {
            verifyAfter_ = std::chrono::milliseconds(std::stoi(command.substr(7)));
            witness_ = std::make_unique<Watcher>(task_, witnessStats_, everything(task_), false);
            dial(*witness_);
            return {};  // answered by finishVerify()
        }
        return "unknown command";
    }

    [[nodiscard]] std::string report() const {
        const std::chrono::duration<double> seconds = Clock::now() - began_;
        const auto& age = stats_.age;
        return fmt::format(
            R"({{"seconds":{:.3f},"updates":{},"frames":{},"bytes":{},"skipped":{},"slow_skipped":{},"repeated":{},)"
            R"("backwards":{},"lag":{},"disconnects":{},"last_error":"{}",)"
            R"("age_us":{{"p50":{},"p90":{},"p99":{},"p999":{},"max":{}}}}})",
            seconds.count(), stats_.updates, stats_.frames, stats_.bytes, stats_.skipped, stats_.slowSkipped,
            stats_.repeated, stats_.backwards, stats_.lag, disconnects_, lastError_, age.quantile(0.5),
            age.quantile(0.9), age.quantile(0.99), age.quantile(0.999), age.max());
    }

    void finishVerify() {
        verifyAt_.reset();
        std::uint64_t checked = 0;
        std::uint64_t stale = 0;
        for (const auto& watcher : watchers_) {
            watcher->values().forEach([&](std::uint32_t handle, std::int32_t value) {
                ++checked;
                const auto witnessed = witnessed_.peek(handle);
                if (witnessed == TagValues::kNone || changesBetween(witnessed, value) > kLoadValues / 2)
                    ++stale;
            });
        }
        witness_.reset();
        std::cout << fmt::format(R"({{"checked":{},"stale":{}}})", checked, stale) << std::endl;
    }

    Task task_;
    Stats stats_;
    Stats witnessStats_;
    std::vector<char> buffer_;
    int epoll_;
    std::string input_;
    bool ended_ = false;
    std::vector<std::unique_ptr<Watcher>> watchers_;
    std::size_t dialed_ = 0;
    std::size_t complete_ = 0;
    bool ready_ = false;
    Clock::time_point began_ = Clock::now();
    std::uint64_t disconnects_ = 0;
    std::string lastError_;
    std::unique_ptr<Watcher> witness_;
    TagValues witnessed_;
    std::chrono::milliseconds verifyAfter_{};
    std::optional<Clock::time_point> verifyAt_;
};

Task taskFrom(const Arguments& arguments) {
    Task task;
    task.port = arguments.number<std::uint16_t>("port", 0);
    task.protocol =
        arguments.text("protocol", "tagwire") == "socketio" ? Protocol::SocketIo : Protocol::Tagwire;
    task.clients = arguments.number("clients", task.clients);
    task.tags = arguments.number("tags", task.tags);
    task.perClient = arguments.number("per_client", task.perClient);
    task.pick = arguments.text("pick", task.pick);
    task.minMs = arguments.number("min", task.minMs);
    task.mode = arguments.text("mode", task.mode);
    task.slow = arguments.number("slow", task.slow);
    return task;
}

}  // namespace
}  // namespace tagwire::bench

int main(int argc, char** argv) {
    using namespace tagwire::bench;
    try {
        raiseFileLimit();
        Client client(taskFrom(Arguments(argc, argv)));
        client.run();
        return 0;
    } catch (const std::exception& error) {
        std::cerr << "client: " << error.what() << '\n';
        return 1;
    }
}
