/// Everything that can be configured: the options of each module, as one tree.
/// Thread: any. Lifetime: value type.
#pragma once

#include <filesystem>
#include <vector>

#include "access/options.h"
#include "config/log_options.h"
#include "documents/options.h"
#include "history/options.h"
#include "serve/options.h"
#include "sink/postgresql/options.h"
#include "source/opcda/options.h"
#include "source/opcua/options.h"
#include "source/simulator/options.h"

namespace tagwire::config {

/// The defaults are what runs without a configuration file.
struct Configuration {
    serve::ServerOptions server;
    LogOptions log;
    history::HistoryOptions history;
    sink::postgresql::PostgresqlOptions postgresql;
    documents::DocumentOptions documents;
    access::AccessOptions security;
    source::simulator::SimulatorOptions simulator;
    source::opcua::OpcUaClientOptions opcuaClient;
    std::vector<source::opcua::OpcUaOptions> opcua;
    std::vector<source::opcda::OpcDaOptions> opcda;

    [[nodiscard]] std::size_t sources() const noexcept {
        return opcua.size() + opcda.size() + (simulator.enabled ? 1 : 0);
    }

    /// Where the configuration lies, from which relative names of files count; no option. Set by load().
    std::filesystem::path folder;

    template <class Visitor>
    static void describe(Visitor& v) {
        using Self = Configuration;
        v.field(&Self::server,
                {.key = "server", .text = "Where pages, API and WebSocket are served, and limits."});
        v.field(&Self::log, {.key = "log", .text = "What is written to standard error."});
        v.field(&Self::history,
                {.key = "history", .text = "The record of all changes, to be looked at later."});
        v.field(&Self::postgresql,
                {.key = "postgresql",
                 .text = "A database of PostgreSQL or TimescaleDB that the record is sent to."});
        v.field(&Self::documents,
                {.key = "documents", .text = "Dashboards and screens that are made on the pages."});
        v.field(&Self::security, {.key = "security", .text = "Who may do what, and how long a login lasts."});
        v.field(&Self::simulator, {.key = "simulator",
                                   .text = "The built-in source of simulated tags, for trying things out."});
        v.field(&Self::opcuaClient,
                {.key = "opcua_client", .text = "What all connections to OPC UA servers have in common."});
        v.field(&Self::opcua, {.key = "opcua",
                               .text = "An OPC UA server to read tags from; as many as there are.",
                               .max = 1000});
        v.field(&Self::opcda,
                {.key = "opcda",
                 .text = "A classic OPC DA server, which an agent on its machine connects to us; as many as "
                         "there are.",
                 .max = 1000});
    }

    /// Rules between modules: the names of the sources and the paths of all tags are unique.
    void check(OptionErrors& errors) const;
};

}  // namespace tagwire::config
