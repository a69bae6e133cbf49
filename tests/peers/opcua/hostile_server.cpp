// An OPC UA server that lies, on 127.0.0.1: every way we could think of to break a client.
//
//   tagwire_opcua_hostile_server PORT [COUNT]
//
// Listens on COUNT ports from PORT on, each a server of its own with the variables
// nsu=urn:tagwire:hostile;s=A and s=B, which count 20 times a second. All are honest at first. Prints "ready"
// when it listens. Reads commands from its standard input, one a line, and answers each with one line:
//   lies             the names of all lies; one that begins with ! takes or sends a lot of memory
//   lie I [NAME]     server I of COUNT lies like this from now on; without a name it is honest again
//   drop I           ends the connections of server I
//   stats I          {"connections", "open", "activated", "requests"} as JSON, since the last time
//   quit             so does the end of the input
#include <cstdlib>
#include <iostream>
#include <list>
#include <sstream>
#include <string>
#include <thread>

#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "hostile/connection.h"

namespace {

using hostile::Connection;
using hostile::Shared;

int listenOn(int port) {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int yes = 1;
    setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    if (bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        listen(socket, 100) != 0) {
        std::cerr << "port " << port << " cannot be listened on" << std::endl;
        std::exit(1);
    }
    return socket;
}

// The server on one port. Connections have threads of their own, which end with the process.
class Server {
public:
    explicit Server(int port) : socket_(listenOn(port)) {
        shared_.lie = &hostile::lies().at("");
        shared_.endpoint = fmt::format("opc.tcp://127.0.0.1:{}", port);
        std::thread([this] { accept(); }).detach();
    }

    std::string lie(const std::string& name) {
        const auto found = hostile::lies().find(name);
        if (found == hostile::lies().end()) return "unknown lie";
        shared_.lie = &found->second;
        return "ok";
    }

    std::string drop() {
        const std::scoped_lock lock(shared_.mutex);
        for (const int socket : shared_.sockets) shutdown(socket, SHUT_RDWR);
        return "ok";
    }

    std::string stats() {
        const std::scoped_lock lock(shared_.mutex);
        return fmt::format(R"({{"connections":{},"open":{},"activated":{},"requests":{}}})",
                           shared_.connections.exchange(0), shared_.sockets.size(),
                           shared_.activated.exchange(0), shared_.requests.exchange(0));
    }

private:
    void accept() {
        for (std::uint64_t number = 1;; ++number) {
            const int socket = accept4(socket_, nullptr, nullptr, SOCK_CLOEXEC);
            if (socket < 0) return;
            ++shared_.connections;
            std::thread([this, socket, number] { Connection(shared_, socket, number).run(); }).detach();
        }
    }

    Shared shared_;
    int socket_;
};

std::string names() {
    std::string all;
    for (const auto& [name, lie] : hostile::lies()) {
        if (!name.empty()) all += (all.empty() ? "" : " ") + name;
    }
    return all;
}

std::string obey(const std::string& line, std::list<Server>& servers) {
    std::istringstream words(line);
    std::string verb;
    std::size_t index = 0;
    words >> verb;
    if (verb == "lies") return names();
    if (!(words >> index) || index >= servers.size()) return "unknown command";
    Server& server = *std::next(servers.begin(), static_cast<std::ptrdiff_t>(index));
    std::string name;
    words >> name;
    if (verb == "lie") return server.lie(name);
    if (verb == "drop") return server.drop();
    if (verb == "stats") return server.stats();
    return "unknown command";
}

}  // namespace

int main(int argc, char** argv) {
    const int port = argc > 1 ? std::atoi(argv[1]) : 0;
    const int count = argc > 2 ? std::atoi(argv[2]) : 1;
    if (port <= 0 || count <= 0 || port + count > 65'536) {
        std::cerr << "usage: tagwire_opcua_hostile_server PORT [COUNT]" << std::endl;
        return 2;
    }
    std::list<Server> servers;
    for (int i = 0; i < count; ++i) servers.emplace_back(port + i);
    std::cout << "ready" << std::endl;
    for (std::string line; std::getline(std::cin, line) && line != "quit";) {
        std::cout << obey(line, servers) << std::endl;
    }
    std::_Exit(0);  // without waiting for the threads of connections
}
