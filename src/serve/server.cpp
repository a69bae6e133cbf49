#include "serve/server.h"

#include <algorithm>
#include <random>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "base/local_zone.h"
#include "serve/listen_address.h"
#include "serve/listener.h"
#include "serve/server_context.h"
#include "serve/shard.h"

namespace tagwire::serve {
namespace {

std::string newBootId() {
    std::random_device random;
    return fmt::format("{:08x}", random());
}

}  // namespace

struct Server::Parts {
    Parts(const ServerOptions& options, ServerParts given)
        : context{.options = options,
                  .origins = OriginPolicy(options.allowedOrigins, options.allowedHosts),
                  .boot = newBootId(),
                  .product = std::move(given.product),
                  .started = wallClockNow(),
                  .zone = localZoneName(),
                  .encodeRow = given.encodeRow,
                  .assets = given.assets,
                  .metrics = given.metrics,
                  .events = given.events,
                  .history = given.history,
                  .directory = given.directory,
                  .certificates = given.certificates,
                  .administration = given.administration,
                  .documents = given.documents,
                  .writing = given.writing,
                  .agents = given.agents,
                  .access = given.access,
                  .security = std::move(given.security),
                  .audit = given.audit,
                  .auditReader = given.auditReader,
                  .tls = options.tlsCertificate.empty() ? nullptr
                                                        : std::make_unique<TlsCredentials>(TlsFiles{
                                                              options.tlsCertificate, options.tlsKey}),
                  .sources = given.sources} {
        const auto half = std::max(1U, std::thread::hardware_concurrency() / 2);
        const auto count = options.shards > 0 ? options.shards : half;
        for (std::uint32_t i = 0; i < count; ++i) {
            shards.push_back(std::make_unique<Shard>(context));
            context.counters.push_back(&shards.back()->counters());
        }
        listener = std::make_unique<Listener>(context, shards);
    }

    ServerContext context;
    std::vector<std::unique_ptr<Shard>> shards;
    std::unique_ptr<Listener> listener;
    bool started = false;
};

Server::Server(const ServerOptions& options, ServerParts parts)
    : parts_(std::make_unique<Parts>(options, std::move(parts))) {}

Server::~Server() { stop(); }

std::vector<FeedSubscriber*> Server::feeds() {
    std::vector<FeedSubscriber*> feeds;
    for (const auto& shard : parts_->shards) feeds.push_back(&shard->feed());
    return feeds;
}

Result<void> Server::checkFiles(const ServerOptions& options) {
    if (options.tlsCertificate.empty()) return {};
    return loadTlsIdentity({options.tlsCertificate, options.tlsKey}).map([](const auto&) {});
}

Result<void> Server::open() {
    const auto address = parseListenAddress(parts_->context.options.listen);
    if (!address) return tl::unexpected(address.error());
    if (auto& tls = parts_->context.tls) {
        if (auto loaded = tls->load(); !loaded) return loaded;
    }
    return parts_->listener->open(*address);
}

void Server::start() {
    parts_->started = true;
    if (auto& tls = parts_->context.tls) tls->start();
    for (const auto& shard : parts_->shards) shard->start();
    parts_->listener->start();
}

void Server::stop() noexcept {
    if (!std::exchange(parts_->started, false)) return;
    parts_->listener->stop();
    for (const auto& shard : parts_->shards) shard->beginStop();
    for (const auto& shard : parts_->shards) shard->join();
    if (auto& tls = parts_->context.tls) tls->stop();
}

}  // namespace tagwire::serve
