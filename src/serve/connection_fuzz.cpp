// A connection, from its first byte to its last: HTTP, the upgrade, WebSocket frames, and what they carry.
// The first byte says how the rest is cut into pieces that arrive one by one; a head of a request always ends
// one, because a client waits for the answer to an upgrade. Whatever comes, the connection ends when its
// client goes.

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string_view>

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <pthread.h>
#include <signal.h>  // NOLINT(modernize-deprecated-headers): sigset_t

#include "serve/server_context.h"
#include "serve/shard.h"
#include "wire/row_encoder.h"

namespace {

using namespace tagwire;
using namespace tagwire::serve;
using boost::asio::ip::tcp;

/// A pong or the end of a closing handshake is waited for some seconds; longer than that nothing waits for a
/// client that is gone.
constexpr auto kPatience = std::chrono::seconds{20};

StoreSnapshot::Latest latestOf(std::uint32_t id, std::string_view path, Value value) {
    const auto now = wallClockNow();
    TagInfo info{.id = TagId{id}, .path = TagPath::parse(path).value(), .source = SourceId{0}};
    info.type = value.type();
    return {.info = std::make_shared<const TagInfo>(std::move(info)),
            .number = ChangeNumber{id + 1},
            .value = {.value = std::move(value), .status = {}, .sourceTime = now, .serverTime = now}};
}

/// libFuzzer's clock is a signal, which would interrupt a connect that waits.
class WithoutAlarm {
public:
    WithoutAlarm() {
        sigset_t alarm{};
        sigemptyset(&alarm);
        sigaddset(&alarm, SIGALRM);
        pthread_sigmask(SIG_BLOCK, &alarm, &before_);
    }
    ~WithoutAlarm() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
    WithoutAlarm(const WithoutAlarm&) = delete;
    WithoutAlarm& operator=(const WithoutAlarm&) = delete;

private:
    sigset_t before_{};
};

/// A shard that nobody started: it runs between the pieces, in this thread.
class Bench {
public:
    Bench() {
        shard_.feed().catchUp([](std::uint64_t skipped) {
            StoreSnapshot all{.tags = {}, .sources = {}, .last = ChangeNumber{2}, .skippedChanges = skipped};
            all.tags.push_back(latestOf(0, "Line1.Speed", Value(1.5)));
            all.tags.push_back(latestOf(1, "Line1.Name", Value(std::string("mixer"))));
            return std::make_shared<const StoreSnapshot>(std::move(all));
        });
        turn();
    }

    void run(std::string_view bytes, std::size_t pieceSize) {
        tcp::socket client(shard_.context());
        {
            const WithoutAlarm calm;
            client.connect(acceptor_.local_endpoint());
            shard_.adopt(acceptor_.accept(), nullptr);
        }
        client.non_blocking(true);
        // A reset leaves no port behind that waits for late packets: there are many runs a second.
        client.set_option(tcp::socket::linger(true, 0));
        turn();
        boost::system::error_code error;
        while (!bytes.empty() && !error) {
            constexpr std::string_view kHeadEnd = "\r\n\r\n";
            const auto end = bytes.find(kHeadEnd);
            const auto head = end == std::string_view::npos ? bytes.size() : end + kHeadEnd.size();
            const auto piece = bytes.substr(0, std::min(pieceSize, head));
            bytes.remove_prefix(client.send(boost::asio::buffer(piece), 0, error));
            turn();
            drain(client);
        }
        client.shutdown(tcp::socket::shutdown_send, error);
        turn();
        drain(client);
        client.close(error);
        const auto deadline = SteadyClock::now() + kPatience;
        while (server_.connections > 0) {
            shard_.context().restart();
            shard_.context().run_one_until(deadline);
            if (SteadyClock::now() < deadline) continue;
            std::fputs("a connection did not end with its client\n", stderr);
            std::abort();
        }
        turn();
    }

private:
    void turn() {
        shard_.context().restart();
        shard_.context().poll();
    }

    static void drain(tcp::socket& client) {
        char buffer[4096];
        boost::system::error_code error;
        while (client.receive(boost::asio::buffer(buffer), 0, error) > 0) {
        }
    }

    ServerContext server_{.options = {},
                          .origins = OriginPolicy({}, {}),
                          .boot = "00000000",
                          .product = "Tagwire",
                          .started = {},
                          .zone = {},
                          .encodeRow = wire::appendRow,
                          .assets = {}};
    Shard shard_{server_};
    tcp::acceptor acceptor_{shard_.context(), tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0)};
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    static const auto bench = std::make_unique<Bench>();
    const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    const std::size_t pieceSize = data[0] == 0 ? std::max<std::size_t>(bytes.size(), 1) : data[0];
    bench->run(bytes, pieceSize);
    return 0;
}
