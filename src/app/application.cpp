#include "app/application.h"

#include <filesystem>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "app/history_answers.h"
#include "app/program_metrics.h"
#include "app/source_events_reader.h"
#include "app/store_sink.h"
#include "documents/document_service.h"
#include "history/history.h"
#include "serve/server.h"
#include "source/opcua/administration.h"
#include "source/opcua/opcua_source.h"
#include "source/opcua/security/own_certificate.h"
#include "source/simulator/simulator_source.h"
#include "source/source_supervisor.h"
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

/// Finds what can be asked of a source by the source's name.
class Directory final : public serve::SourceDirectory {
public:
    explicit Directory(const source::SourceSupervisor& sources) : sources_(sources) {}

    [[nodiscard]] SourceServices* find(std::string_view name) const override {
        auto* source = sources_.find(name);
        return source == nullptr ? nullptr : source->services();
    }
    [[nodiscard]] std::shared_ptr<const SourceDiagnostics> diagnostics(std::string_view name) const override {
        const auto* source = sources_.find(name);
        return source == nullptr ? nullptr : source->diagnostics();
    }

private:
    const source::SourceSupervisor& sources_;
};

}  // namespace

/// In the order of construction; destruction runs backwards, so that nobody outlives what it uses.
struct Application::Parts {
    Parts(config::Configuration configuration, std::span<const serve::EmbeddedAsset> assets)
        : store(wire::appendRow),
          metrics(store),
          history(historyOf(configuration)),
          documents(configuration.documents, configuration.folder),
          certificates(pkiOf(configuration)),
          server(configuration.server,
                 {.product = productName(),
                  .encodeRow = wire::appendRow,
                  .assets = assets,
                  .metrics = &metrics,
                  .events = &events,
                  .history = history ? &history->answers : nullptr,
                  .directory = &directory,
                  .certificates = &certificates,
                  .documents = &documents,
                  .sources = configuration.opcua.size() + (configuration.simulator.enabled ? 1 : 0)}) {
        for (auto* feed : server.feeds()) {
            store.addReader(*feed);
            metrics.addFeed(*feed);
        }
        if (history) {
            store.addReader(history->history.feed());
            metrics.addHistory(history->history);
        }
        if (configuration.simulator.enabled) {
            const auto name = configuration.simulator.name;
            add<source::simulator::SimulatorSource>(name, std::move(configuration.simulator));
        }
        for (auto& options : configuration.opcua) {
            const auto name = options.name;
            options.security.locate(configuration.folder, configuration.opcuaClient.pkiDir);
            if (options.security.policy != source::opcua::SecurityPolicyChoice::None)
                pki = options.security.pki;
            add<source::opcua::OpcUaSource>(name, std::move(options));
        }
    }

    template <class S, class Options>
    void add(const std::string& name, Options options) {
        auto& inbox = store.addSource();
        sinks.push_back(std::make_unique<StoreSink>(inbox, ids));
        metrics.addSource(name, inbox, sinks.back()->events());
        events.add(name, sinks.back()->events());
        const SourceId id{static_cast<SourceId::Representation>(sources.size())};
        auto source = std::make_unique<S>(std::move(options), id, *sinks.back());
        metrics.addDiagnostics(name, *source);
        sources.add(std::move(source));
    }

    TagIdAllocator ids;
    store::StoreThread store;
    std::vector<std::unique_ptr<StoreSink>> sinks;
    ProgramMetrics metrics;
    SourceEventsReader events;
    /// Null where it is off.
    std::unique_ptr<HistoryParts> history;
    documents::DocumentService documents;
    Directory directory{sources};
    source::opcua::OpcUaAdministration certificates;
    serve::Server server;
    source::SourceSupervisor sources;
    /// Where certificates lie, if any connection needs one.
    std::optional<std::filesystem::path> pki;
};

Application::Application(config::Configuration configuration, std::span<const serve::EmbeddedAsset> assets)
    : parts_(std::make_unique<Parts>(std::move(configuration), assets)) {}

Application::~Application() { stop(); }

Result<void> Application::start() {
    if (auto opened = parts_->server.open(); !opened) return opened;
    // Once for all sources, because a key takes its time. What is wrong with it each source says itself.
    if (parts_->pki) static_cast<void>(source::opcua::ownCertificate(source::opcua::PkiFolder(*parts_->pki)));
    if (parts_->history) parts_->history->history.start();
    parts_->store.start();
    parts_->sources.start();
    parts_->certificates.start();
    parts_->documents.start();
    parts_->server.start();
    return {};
}

void Application::stop() noexcept {
    // Both take their time over the network; the clients need no last values from sources that stop.
    std::jthread clients([this] { parts_->server.stop(); });
    parts_->sources.stop();
    parts_->certificates.stop();
    parts_->documents.stop();
    clients.join();
    parts_->store.stop();
    if (parts_->history) parts_->history->history.stop();
}

const char* productName() noexcept { return "Tagwire " TAGWIRE_VERSION; }

}  // namespace tagwire::app
