// tagwire: reads the command line and the configuration, runs the application until a signal ends it.

#include <array>
#include <csignal>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <pthread.h>

#include "app/application.h"
#include "app/audit_command.h"
#include "app/command_line.h"
#include "app/history_command.h"
#include "app/open_files.h"
#include "app/secret_files.h"
#include "app/user_command.h"
#include "base/log.h"
#include "config/load.h"
#include "config/reference.h"
#include "serve/embedded_assets.h"
#include "serve/route_rules.h"
#include "serve/server.h"
#include "source/opcua/tool/tool.h"

namespace {

using namespace tagwire;

constexpr int kStartUpProblem = 2;

void print(std::FILE* stream, const std::string& text) {
    std::fputs(text.c_str(), stream);
    std::fflush(stream);
}

std::string url(const serve::ServerOptions& options) {
    const auto& listen = options.listen;
    const std::string scheme = options.usesTls() ? "https://" : "http://";
    const bool anyAddress = listen.starts_with("0.0.0.0:") || listen.starts_with("[::]:");
    return anyAddress ? scheme + "127.0.0.1" + listen.substr(listen.rfind(':')) : scheme + listen;
}

/// Signals are taken by main alone, in order; all threads inherit the mask.
sigset_t blockSignals() {
    sigset_t stop{};
    sigemptyset(&stop);
    sigaddset(&stop, SIGINT);
    sigaddset(&stop, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &stop, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN);  // a file at the limit is an error of writing it, as a full disk is
    return stop;
}

std::string agentsText(std::size_t count) {
    if (count == 0) return {};
    return fmt::format("{} OPC DA server{}, ", count, count == 1 ? "" : "s");
}

int run(config::Configuration configuration, std::optional<std::filesystem::path> file) {
    const auto stop = blockSignals();
    log::setLevel(configuration.log.level);
    app::raiseOpenFileLimit(configuration.server.maxConnections);
    app::keepFilesPrivate();
    for (const auto& warning : app::openSecrets(configuration, file)) log::warning("app", "{}", warning);
    const auto address = url(configuration.server);
    const auto sources = configuration.sources();
    app::Application application(std::move(configuration), std::move(file), serve::embeddedAssets());
    if (const auto started = application.start(); !started) {
        print(stderr, fmt::format("tagwire: {}\n", started.error().message));
        return kStartUpProblem;
    }
    print(stdout, fmt::format("{} is ready: {}  ({} source{}; Ctrl-C stops)\n", app::productName(), address,
                              sources, sources == 1 ? "" : "s"));
    if (const auto fingerprint = application.ownFingerprint()) {
        print(stdout,
              fmt::format("Its certificate is its own, so browsers warn of it until they trust it. SHA-256 "
                          "fingerprint to compare there:\n  {}\n",
                          *fingerprint));
    }
    if (const auto secret = application.setUpSecret(); !secret.empty()) {
        print(stdout, fmt::format("There is no user yet; the first administrator is made here: {}/setup#{}\n",
                                  address, secret));
    }
    int signal = 0;
    sigwait(&stop, &signal);
    log::info("app", "stopping on {}", signal == SIGINT ? "Ctrl-C" : "SIGTERM");
    application.stop();
    return 0;
}

int start(int argc, const char* const* argv) {
    const auto line = app::parseCommandLine(argc, argv);
    if (!line) {
        print(stderr, fmt::format("tagwire: {}\n", line.error().message));
        return kStartUpProblem;
    }
    switch (line->task) {
        case app::Task::Help: print(stdout, app::helpText()); return 0;
        case app::Task::Version: print(stdout, fmt::format("{}\n", app::productName())); return 0;
        case app::Task::ConfigDocs: print(stdout, config::referenceMarkdown()); return 0;
        case app::Task::OpcUaTool: return source::opcua::runTool(line->toolWords);
        case app::Task::HistoryTool: return app::runHistoryCommand(line->toolWords);
        case app::Task::UserTool: return app::runUserCommand(line->toolWords);
        case app::Task::TokenTool: return app::runTokenCommand(line->toolWords);
        case app::Task::AuditTool: return app::runAuditCommand(line->toolWords);
        case app::Task::ConfigSchema: print(stdout, config::referenceSchema()); return 0;
        case app::Task::Routes: print(stdout, serve::rulesText()); return 0;
        case app::Task::Check:
        case app::Task::Run: break;
    }
    auto configuration = config::load(line->config);
    if (!configuration) {
        for (const auto& problem : configuration.error()) print(stderr, toText(problem) + "\n");
        return kStartUpProblem;
    }
    configuration->server.locate(configuration->folder);
    if (line->task == app::Task::Check) {
        if (const auto files = serve::Server::checkFiles(configuration->server); !files) {
            print(stderr, fmt::format("tagwire: {}\n", files.error().message));
            return kStartUpProblem;
        }
        std::size_t tags = 0;
        for (const auto& server : configuration->opcua) tags += server.tags.size();
        print(stdout,
              fmt::format("the configuration is right: {} OPC UA server{} with {} tag{}, {}simulator {}\n",
                          configuration->opcua.size(), configuration->opcua.size() == 1 ? "" : "s", tags,
                          tags == 1 ? "" : "s", agentsText(configuration->opcda.size()),
                          configuration->simulator.enabled ? "on" : "off"));
        return 0;
    }
    return run(std::move(*configuration), line->config);
}

}  // namespace

int main(int argc, char** argv) {
    try {
        return start(argc, argv);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "tagwire: %s\n", error.what());
        return 1;
    }
}
