#include "app/command_line.h"

#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>

namespace tagwire::app {
namespace {

struct Flag {
    std::string_view name;
    Task task;
};

constexpr std::array kFlags{
    Flag{"--check", Task::Check},
    Flag{"--help", Task::Help},
    Flag{"-h", Task::Help},
    Flag{"--version", Task::Version},
    Flag{"--config-docs", Task::ConfigDocs},
    Flag{"--config-schema", Task::ConfigSchema},
    Flag{"--routes", Task::Routes},
};

constexpr std::array kTools{
    Flag{"opcua", Task::OpcUaTool}, Flag{"history", Task::HistoryTool}, Flag{"user", Task::UserTool},
    Flag{"token", Task::TokenTool}, Flag{"audit", Task::AuditTool},
};

}  // namespace

Result<CommandLine> parseCommandLine(int argc, const char* const* argv) {
    CommandLine line;
    const std::string_view first = argc > 1 ? argv[1] : "";
    if (const auto tool = std::ranges::find(kTools, first, &Flag::name); tool != kTools.end()) {
        line.task = tool->task;
        line.toolWords.assign(argv + 2, argv + argc);
        return line;
    }
    for (int i = 1; i < argc; ++i) {
        const std::string_view argument = argv[i];
        if (argument == "--config" || argument == "-c") {
            if (++i == argc) return fail(fmt::format("{} needs a file or directory after it", argument));
            line.config = argv[i];
            continue;
        }
        if (argument.starts_with("--config=")) {
            line.config = argument.substr(std::string_view("--config=").size());
            continue;
        }
        bool known = false;
        for (const auto& flag : kFlags) {
            if (argument != flag.name) continue;
            line.task = flag.task;
            known = true;
        }
        if (!known)
            return fail(fmt::format("unknown argument '{}'; tagwire --help lists what there is", argument));
    }
    return line;
}

std::string helpText() {
    return "Tagwire makes industrial process values live in every browser.\n"
           "\n"
           "usage: tagwire [--config PATH]\n"
           "       tagwire opcua COMMAND opc.tcp://HOST:PORT ...   asks a server; tagwire opcua --help\n"
           "       tagwire history COMMAND ...                     reads the record; tagwire history --help\n"
           "       tagwire user COMMAND ...                        who may log in; tagwire user --help\n"
           "       tagwire token COMMAND ...                       what programs show; tagwire token --help\n"
           "       tagwire audit COMMAND ...                       who did what; tagwire audit --help\n"
           "\n"
           "  -c, --config PATH   a TOML file, or a directory of *.toml files; without it the defaults run:\n"
           "                      the built-in simulator on http://127.0.0.1:5000\n"
           "      --check         validate the configuration, say what is wrong, and exit\n"
           "      --config-docs   print the reference of all options as Markdown\n"
           "      --config-schema print the JSON Schema of the configuration\n"
           "      --routes        print every route and frame, and what it takes to use it\n"
           "      --version       print the version\n"
           "  -h, --help          print this text\n"
           "\n"
           "Exit codes: 0 stopped in order, 2 the configuration or the command line is wrong or the port is "
           "taken.\n";
}

}  // namespace tagwire::app
