#include "app/application.h"

#include <filesystem>
#include <optional>
#include <string>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include "access/access_service.h"
#include "app/history_answers.h"
#include "app/program_metrics.h"
#include "app/running_sources.h"
#include "app/security_console.h"
#include "app/source_administrator.h"
#include "app/source_events_reader.h"
#include "audit/audit_log.h"
#include "control/write_desk.h"
#include "documents/document_service.h"
#include "history/history.h"
#include "oidc/oidc_login.h"
#include "serve/server.h"
#include "sink/postgresql/postgresql_sink.h"
#include "source/opcda/opcda_source.h"
#include "source/opcda/token_hash.h"
#include "source/opcua/administration.h"
#include "source/opcua/opcua_source.h"
#include "source/opcua/security/own_certificate.h"
#include "source/simulator/simulator_source.h"
#include "store/store_thread.h"
#include "wire/row_encoder.h"

namespace tagwire::app {

namespace {

source::opcua::PkiFolder pkiOf(const config::Configuration& configuration) {
    return source::opcua::PkiFolder(
        std::filesystem::absolute(configuration.folder / configuration.opcuaClient.pkiDir));
}

/// The record of changes, and the way to ask it.
struct HistoryParts {
    explicit HistoryParts(const config::Configuration& configuration)
        : history(configuration.history, configuration.folder) {}

    history::History history;
    HistoryAnswers answers{history};
};

std::unique_ptr<HistoryParts> historyOf(const config::Configuration& configuration) {
    return configuration.history.enabled ? std::make_unique<HistoryParts>(configuration) : nullptr;
}

using sink::postgresql::PostgresqlSink;

std::unique_ptr<PostgresqlSink> sinkOf(const config::Configuration& configuration,
                                       const HistoryParts* parts) {
    if (parts == nullptr || !configuration.postgresql.enabled()) return nullptr;
    return std::make_unique<PostgresqlSink>(configuration.postgresql, configuration.folder,
                                            parts->history.folder(),
                                            [&history = parts->history] { return history.record(); });
}

std::unique_ptr<oidc::OidcLogin> providerOf(const config::Configuration& configuration,
                                            access::AccessServices& access) {
    const auto& options = configuration.security.oidc;
    if (!options.enabled()) return nullptr;
    return std::make_unique<oidc::OidcLogin>(options, configuration.folder, access);
}

/// Finds the source of an agent by the agent's token.
class Agents final : public AgentDirectory {
public:
    void add(source::opcda::OpcDaSource& source) { byHash_.emplace(source.tokenSha256(), &source); }

    [[nodiscard]] AgentPort* find(std::string_view token) const override {
        const auto found = byHash_.find(source::opcda::tokenHash(token));
        return found == byHash_.end() ? nullptr : found->second;
    }

private:
    std::unordered_map<std::string, source::opcda::OpcDaSource*> byHash_;
};

}  // namespace

/// In the order of construction; destruction runs backwards, so that nobody outlives what it uses.
struct Application::Parts {
    Parts(config::Configuration configuration, std::optional<std::filesystem::path> file,
          std::span<const serve::EmbeddedAsset> assets)
        : store(wire::appendRow),
          metrics(store),
          history(historyOf(configuration)),
          postgresql(sinkOf(configuration, history.get())),
          audit(auditFolderOf(access::folderOf(configuration.security, configuration.folder))),
          access(configuration.security, configuration.folder, audit),
          provider(providerOf(configuration, access)),
          documents(configuration.documents, configuration.folder),
          certificates(pkiOf(configuration)),
          administrator(AddedSources(std::move(file)), sources),
          desk(sources, audit),
          server(configuration.server, {.product = productName(),
                                        .encodeRow = wire::appendRow,
                                        .assets = assets,
                                        .metrics = &metrics,
                                        .events = &events,
                                        .history = history ? &history->answers : nullptr,
                                        .directory = &sources,
                                        .certificates = &certificates,
                                        .administration = &administrator,
                                        .documents = &documents,
                                        .writing = &desk,
                                        .agents = configuration.opcda.empty() ? nullptr : &agents,
                                        .access = &access,
                                        .provider = provider.get(),
                                        .security = configuration.security,
                                        .audit = &audit,
                                        .auditReader = &audit,
                                        .sources = configuration.sources()}) {
        for (auto* feed : server.feeds()) {
            store.addReader(*feed);
            metrics.addFeed(*feed);
        }
        if (history) {
            store.addReader(history->history.feed());
            metrics.addHistory(history->history);
        }
        if (postgresql) metrics.addSink(*postgresql);
        metrics.addAccess(access);
        metrics.addAudit(audit);
        metrics.addWrites(desk.counts());
        if (configuration.simulator.enabled) {
            const auto name = configuration.simulator.name;
            sources.add(name, "simulator",
                        RunningSources::makerOf<source::simulator::SimulatorSource>(
                            std::move(configuration.simulator)),
                        Succession::None);
        }
        for (auto& options : configuration.opcua) {
            const auto name = options.name;
            options.security.locate(configuration.folder, configuration.opcuaClient.pkiDir);
            if (options.security.policy != source::opcua::SecurityPolicyChoice::None)
                pki = options.security.pki;
            const bool added = administrator.added().contains(name);
            if (added) options.askedBy = source::opcua::AskedBy::Api;
            const auto succession = added ? Succession::Possible : Succession::None;
            sources.add(name, "opcua",
                        RunningSources::makerOf<source::opcua::OpcUaSource>(std::move(options)), succession);
        }
        for (auto& options : configuration.opcda) {
            const auto name = options.name;
            sources.add(
                name, "opcda",
                [this, options = std::move(options)](SourceId id, source::UpdateSink& sink) mutable {
                    auto source = std::make_unique<source::opcda::OpcDaSource>(std::move(options), id, sink);
                    agents.add(*source);
                    return source;
                },
                Succession::None);
        }
    }

    store::StoreThread store;
    ProgramMetrics metrics;
    SourceEventsReader events;
    /// Null where it is off.
    std::unique_ptr<HistoryParts> history;
    std::unique_ptr<PostgresqlSink> postgresql;
    audit::AuditLog audit;
    access::AccessService access;
    /// Null where one logs in by password only.
    std::unique_ptr<oidc::OidcLogin> provider;
    documents::DocumentService documents;
    Agents agents;
    source::opcua::OpcUaAdministration certificates;
    RunningSources sources{store, metrics, events};
    SourceAdministrator administrator;
    control::WriteDesk desk;
    serve::Server server;
    /// Where certificates lie, if any connection needs one.
    std::optional<std::filesystem::path> pki;
};

Application::Application(config::Configuration configuration, std::optional<std::filesystem::path> file,
                         std::span<const serve::EmbeddedAsset> assets)
    : parts_(std::make_unique<Parts>(std::move(configuration), std::move(file), assets)) {}

Application::~Application() { stop(); }

Result<void> Application::start() {
    if (auto opened = parts_->server.open(); !opened) return opened;
    // Before anybody can ask: the log of who did what, then who may.
    parts_->audit.start();
    parts_->access.start();
    if (parts_->provider) parts_->provider->start();
    // Whoever may come from elsewhere has to be known by then.
    if (auto usable = parts_->server.checkReach(); !usable) return usable;
    // Once for all sources, because a key takes its time. What is wrong with it each source says itself.
    if (parts_->pki) static_cast<void>(source::opcua::ownCertificate(source::opcua::PkiFolder(*parts_->pki)));
    if (parts_->history) parts_->history->history.start();
    if (parts_->postgresql) parts_->postgresql->start();
    parts_->store.start();
    parts_->sources.start();
    parts_->certificates.start();
    parts_->administrator.start();
    parts_->documents.start();
    parts_->desk.start();
    parts_->server.start();
    return {};
}

void Application::stop() noexcept {
    // Both take their time over the network; the clients need no last values from sources that stop.
    std::jthread clients([this] { parts_->server.stop(); });
    if (parts_->provider) parts_->provider->stop();  // what it waits for keeps clients waiting
    if (parts_->postgresql) parts_->postgresql->stop();
    parts_->administrator.stop();
    parts_->desk.stop();  // lets buttons go, as long as the sources are there
    parts_->sources.stop();
    parts_->certificates.stop();
    parts_->documents.stop();
    clients.join();
    parts_->desk.stop();                             // answers what clients wanted meanwhile
    if (parts_->provider) parts_->provider->stop();  // the same
    parts_->access.stop();
    parts_->audit.stop();
    parts_->store.stop();
    if (parts_->history) parts_->history->history.stop();
}

std::string Application::setUpSecret() const { return parts_->access.setUpSecret(); }

std::optional<std::string> Application::ownFingerprint() const { return parts_->server.ownFingerprint(); }

const char* productName() noexcept { return "Tagwire " TAGWIRE_VERSION; }

}  // namespace tagwire::app
