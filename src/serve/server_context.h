/// What all shards share, unchanged while the server runs.
/// Thread: any (immutable; the counters are atomic, and the credentials guard themselves). Lifetime: owned by
/// Server, outlives the shards.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "access/access_services.h"
#include "access/login_provider.h"
#include "access/options.h"
#include "base/time.h"
#include "model/agent_port.h"
#include "model/audit_reader.h"
#include "model/audit_trail.h"
#include "model/certificate_services.h"
#include "model/change_batch.h"
#include "model/document_services.h"
#include "model/source_administration.h"
#include "model/write_services.h"
#include "serve/caller_identity.h"
#include "serve/denials.h"
#include "serve/embedded_assets.h"
#include "serve/events_reader.h"
#include "serve/history_reader.h"
#include "serve/metrics_reader.h"
#include "serve/options.h"
#include "serve/origin_policy.h"
#include "serve/source_directory.h"
#include "serve/tls_credentials.h"

namespace tagwire::serve {

struct ShardCounters;

struct ServerContext {
    ServerOptions options;
    OriginPolicy origins;
    /// Names this run of the server: change numbers of another run mean nothing.
    std::string boot;
    std::string product;  ///< "Tagwire 0.1.0"
    Timestamp started;
    std::string zone;  ///< of this machine, by its IANA name; empty: not known
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
    access::AccessOptions security = {};
    AuditTrail* audit = nullptr;
    AuditReader* auditReader = nullptr;
    CallerIdentity callers{access, security};
    mutable Denials denials{audit};
    std::unique_ptr<TlsCredentials> tls = nullptr;      ///< nothing where TLS is off
    std::string transportSecurity = {};                 ///< Strict-Transport-Security; empty: none is sent
    std::size_t sources = 0;                            ///< that declare their tags at the start
    std::vector<const ShardCounters*> counters = {};    ///< of every shard
    mutable std::atomic<std::uint32_t> refusals{0};     ///< clients that are being told why they may not in
    mutable std::atomic<std::uint32_t> connections{0};  ///< open ones, of all shards
};

}  // namespace tagwire::serve
