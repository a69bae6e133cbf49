#include "serve/server.h"

#include <algorithm>
#include <chrono>
#include <random>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "base/local_zone.h"
#include "base/log.h"
#include "serve/listen_address.h"
#include "serve/listener.h"
#include "serve/own_certificate.h"
#include "serve/server_context.h"
#include "serve/shard.h"

namespace tagwire::serve {
namespace {

std::string newBootId() {
    std::random_device random;
    return fmt::format("{:08x}", random());
}

OwnCertificate ownCertificateOf(const ServerOptions& options) {
    return {options.tlsFolder, [options] { return serverNames(options); }};
}

std::unique_ptr<TlsCredentials> credentialsOf(const ServerOptions& options) {
    if (!options.usesTls()) return nullptr;
    if (options.usesOwnCertificate()) return std::make_unique<TlsCredentials>(ownCertificateOf(options));
    return std::make_unique<TlsCredentials>(TlsFiles{options.tlsCertificate, options.tlsKey});
}

/// A self-signed certificate must not pin itself: with HSTS browsers give no way around their warning.
std::string transportSecurityOf(const ServerOptions& options) {
    if (!options.usesTls() || options.usesOwnCertificate() || options.hstsDays == 0) return {};
    return fmt::format("max-age={}", std::chrono::seconds(std::chrono::days(options.hstsDays)).count());
}

void warnOfPlainText(const ServerOptions& options, const ListenAddress& address) {
    if (address.loopback || options.usesTls()) return;
    log::warning("serve",
                 "tls = \"off\" although other machines can connect: values and passwords can be read and "
                 "changed on the way. Let nothing but a proxy that does TLS reach {}",
                 options.listen);
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
                  .provider = given.provider,
                  .security = std::move(given.security),
                  .audit = given.audit,
                  .auditReader = given.auditReader,
                  .tls = credentialsOf(options),
                  .transportSecurity = transportSecurityOf(options),
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
    if (!options.usesTls()) return {};
    TlsFiles files{options.tlsCertificate, options.tlsKey};
    if (options.usesOwnCertificate()) {
        const auto own = ownCertificateOf(options);
        if (!own.exists()) return {};  // it will be made
        files = own.files();
    }
    return loadTlsIdentity(files).map([](const auto&) {});
}

Result<void> Server::checkReach() const {
    const auto& context = parts_->context;
    const auto address = parseListenAddress(context.options.listen);
    if (!address || address->loopback || context.callers.hasUsers() ||
        context.security.anonymousRemote != access::AnonymousRemote::None)
        return {};
    return fail(
        fmt::format("'{}' can be reached from other machines, but nobody could use it there: make a user "
                    "first, with 'tagwire user add NAME --role administrator', or set anonymous_remote = "
                    "\"viewer\" in [security] if whoever reaches it may read every tag",
                    context.options.listen));
}

Result<void> Server::open() {
    const auto address = parseListenAddress(parts_->context.options.listen);
    if (!address) return tl::unexpected(address.error());
    if (auto opened = parts_->listener->open(*address); !opened) return opened;
    warnOfPlainText(parts_->context.options, *address);
    return parts_->context.tls ? parts_->context.tls->load() : Result<void>{};
}

std::optional<std::string> Server::ownFingerprint() const {
    const auto& tls = parts_->context.tls;
    if (!tls || !tls->isOwn()) return std::nullopt;
    return tls->get()->fingerprint;
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
