/// The OPC UA server of tests/peers/opcua as a child process.
/// Thread: the test's. Lifetime: kills the process at its end.
#pragma once

#include <array>
#include <csignal>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

namespace tagwire::source::opcua {

class PeerProcess {
public:
    /// Returns when the server listens; throws std::runtime_error if it does not.
    explicit PeerProcess(std::uint16_t port, const std::vector<std::string>& arguments = {}) {
        std::signal(SIGPIPE, SIG_IGN);  // a question to a server that was killed has no answer
        std::array<int, 2> in{};
        std::array<int, 2> out{};
        if (pipe2(in.data(), O_CLOEXEC) != 0 || pipe2(out.data(), O_CLOEXEC) != 0)
            throw std::runtime_error("pipe");
        input_ = in[1];
        output_ = out[0];

        std::vector<std::string> words{TAGWIRE_OPCUA_PEER, std::to_string(port)};
        words.insert(words.end(), arguments.begin(), arguments.end());
        std::vector<char*> argv;
        argv.reserve(words.size() + 1);
        for (std::string& word : words) argv.push_back(word.data());
        argv.push_back(nullptr);

        posix_spawn_file_actions_t actions;
        posix_spawn_file_actions_init(&actions);
        posix_spawn_file_actions_adddup2(&actions, in[0], STDIN_FILENO);
        posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
        const int error = posix_spawn(&pid_, TAGWIRE_OPCUA_PEER, &actions, nullptr, argv.data(), environ);
        posix_spawn_file_actions_destroy(&actions);
        close(in[0]);
        close(out[1]);
        if (error != 0 || readLine() != "ready") {
            kill();
            throw std::runtime_error("the test server does not start");
        }
    }
    ~PeerProcess() {
        kill();
        close(input_);
        close(output_);
    }
    PeerProcess(const PeerProcess&) = delete;
    PeerProcess& operator=(const PeerProcess&) = delete;

    /// Sends one command and returns its answer; empty if there is none.
    std::string ask(const std::string& command) {
        const std::string line = command + "\n";
        if (write(input_, line.data(), line.size()) != static_cast<ssize_t>(line.size())) return {};
        return readLine();
    }

    void signal(int number) const { ::kill(pid_, number); }

    /// kill -9, and gone when this returns.
    void kill() {
        if (pid_ <= 0) return;
        signal(SIGKILL);
        waitpid(pid_, nullptr, 0);
        pid_ = -1;
    }

private:
    std::string readLine() const {
        constexpr int kPatienceMs = 20'000;
        std::string line;
        char c = 0;
        pollfd waited{output_, POLLIN, 0};
        while (poll(&waited, 1, kPatienceMs) == 1 && read(output_, &c, 1) == 1 && c != '\n')
            line.push_back(c);
        return line;
    }

    pid_t pid_ = -1;
    int input_ = -1;
    int output_ = -1;
};

}  // namespace tagwire::source::opcua
