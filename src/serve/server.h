/// The web server: pages, API, event streams and WebSockets on one port.
/// Thread: start and stop by the composition root. Lifetime: outlives the store thread that feeds it.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "access/access_services.h"
#include "access/login_provider.h"
#include "access/options.h"
#include "base/result.h"
#include "model/agent_port.h"
#include "model/audit_reader.h"
#include "model/audit_trail.h"
#include "model/certificate_services.h"
#include "model/change_batch.h"
#include "model/document_services.h"
#include "model/feed_subscriber.h"
#include "model/source_administration.h"
#include "model/write_services.h"
#include "serve/embedded_assets.h"
#include "serve/events_reader.h"
#include "serve/history_reader.h"
#include "serve/metrics_reader.h"
#include "serve/options.h"
#include "serve/source_directory.h"

namespace tagwire::serve {

struct ServerParts {
    std::string product;  ///< "Tagwire 0.1.0"
    EncodeRow encodeRow = nullptr;
    std::span<const EmbeddedAsset> assets;
    const MetricsReader* metrics = nullptr;
    const EventsReader* events = nullptr;
    HistoryReader* history = nullptr;  ///< null: none is recorded
    const SourceDirectory* directory = nullptr;
    CertificateServices* certificates = nullptr;
    SourceAdministration* administration = nullptr;
    DocumentServices* documents = nullptr;
    WriteServices* writing = nullptr;
    const AgentDirectory* agents = nullptr;  ///< null: no source has one
    access::AccessServices* access = nullptr;
    access::LoginProvider* provider = nullptr;  ///< null: one logs in by password only
    access::AccessOptions security;
    AuditTrail* audit = nullptr;
    AuditReader* auditReader = nullptr;
    /// Ready once so many sources have declared their tags and begun.
    std::size_t sources = 0;
};

class Server {
public:
    Server(const ServerOptions& options, ServerParts parts);
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    /// Whether the files that the options name can be used; starts nothing.
    [[nodiscard]] static Result<void> checkFiles(const ServerOptions& options);

    /// One a shard; register them with the store before it starts.
    [[nodiscard]] std::vector<FeedSubscriber*> feeds();

    /// Binds the port and reads or makes the TLS certificate, before anything else is started: a port in use
    /// must leave nothing behind.
    [[nodiscard]] Result<void> open();
    /// Of a certificate that we made ourselves, for people to compare; after open().
    [[nodiscard]] std::optional<std::string> ownFingerprint() const;
    /// Whether anybody could use what others can reach; once it is known whether there are users.
    [[nodiscard]] Result<void> checkReach() const;
    void start();
    /// Clients are told (4000); returns within 2 s.
    void stop() noexcept;

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace tagwire::serve
