#include "source/opcua/tool/tool.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "source/opcua/tool/commands.h"

namespace tagwire::source::opcua {
namespace {

/// For commands that need none: never connected to.
constexpr std::string_view kNoServer = "opc.tcp://localhost";

/// What also commands without a server take of the options of a connection.
constexpr std::string_view kFolderOption = "--pki";

constexpr std::array kCommonOptions{
    OptionSpec{"--json", "", "print JSON, for scripts"},
    OptionSpec{"--help", "", "print this text"},
};

void print(std::FILE* stream, std::string_view text) {
    std::fwrite(text.data(), 1, text.size(), stream);
    std::fflush(stream);
}

int usage(std::string_view message) {
    print(stderr, fmt::format("tagwire opcua: {}\n", message));
    return static_cast<int>(Exit::Usage);
}

std::string overview() {
    std::string text =
        "Asks an OPC UA server, without any configuration. Connections are encrypted, to servers whose\n"
        "certificate is trusted; --policy none does without.\n"
        "\n"
        "usage: tagwire opcua COMMAND opc.tcp://HOST:PORT ...\n"
        "\n";
    for (const auto make : kCommands) {
        const Command command = make();
        text += fmt::format("  {:<14}{}\n", command.name, command.summary);
    }
    text +=
        "\n"
        "tagwire opcua COMMAND --help tells more. Nodes are named as in the configuration:\n"
        "nsu=http://plant/;s=Boiler.Temp, ns=2;i=1001, i=2258.\n"
        "\n"
        "Exit codes: 0 done, 1 the server cannot be reached or refused something, 2 the command line is "
        "wrong.\n";
    return text;
}

std::vector<OptionSpec> optionsOf(const Command& command) {
    std::vector<OptionSpec> options(command.options.begin(), command.options.end());
    std::ranges::copy_if(connectionOptions(), std::back_inserter(options), [&](const OptionSpec& option) {
        return command.needsServer || option.name == kFolderOption;
    });
    options.insert(options.end(), kCommonOptions.begin(), kCommonOptions.end());
    return options;
}

std::string helpOf(const Command& command) {
    std::string text = fmt::format(
        "{}.\n\nusage: tagwire opcua {} {}{}{}[OPTION...]\n\n{}{}", command.summary, command.name,
        command.needsServer ? "opc.tcp://HOST:PORT " : "", command.operands,
        command.operands.empty() ? "" : " ", command.details, command.details.empty() ? "" : "\n");
    const auto options = optionsOf(command);
    std::size_t width = 0;
    const auto left = [](const OptionSpec& option) {
        return option.value.empty() ? std::string(option.name)
                                    : fmt::format("{} {}", option.name, option.value);
    };
    for (const OptionSpec& option : options) width = std::max(width, left(option).size());
    for (const OptionSpec& option : options)
        text += fmt::format("  {:<{}}  {}\n", left(option), width, option.text);
    return text;
}

std::optional<Command> find(std::string_view name) {
    for (const auto make : kCommands) {
        if (Command command = make(); command.name == name) return command;
    }
    return std::nullopt;
}

}  // namespace

int runTool(std::span<const std::string_view> words) {
    if (words.empty() || words[0] == "--help" || words[0] == "-h" || words[0] == "help") {
        print(words.empty() ? stderr : stdout, overview());
        return static_cast<int>(words.empty() ? Exit::Usage : Exit::Done);
    }
    const auto command = find(words[0]);
    if (!command) {
        return usage(
            fmt::format("there is no command '{}'; tagwire opcua --help lists what there is", words[0]));
    }
    auto arguments = Arguments::parse(words.subspan(1), optionsOf(*command));
    if (!arguments) return usage(arguments.error().message);
    if (arguments->has("--help")) {
        print(stdout, helpOf(*command));
        return static_cast<int>(Exit::Done);
    }
    const auto hint = fmt::format("; tagwire opcua {} --help tells more", command->name);
    const std::size_t addresses = command->needsServer ? 1 : 0;
    if (arguments->positional().size() < addresses) {
        return usage(fmt::format("{} needs the server's address, such as opc.tcp://192.168.0.10:4840{}",
                                 command->name, hint));
    }
    const std::vector<std::string_view> positional = arguments->positional();
    const auto operands = std::span(positional).subspan(addresses);
    if (operands.size() < command->minOperands) {
        return usage(fmt::format("{} needs {}{}{}", command->name, command->operands,
                                 command->needsServer ? " after the address" : "", hint));
    }
    if (operands.size() > command->maxOperands) {
        return usage(
            fmt::format("'{}' is more than {} takes{}", operands[command->maxOperands], command->name, hint));
    }
    auto connection = command->needsServer ? connectionSettings(positional[0], *arguments)
                                           : connectionSettings(kNoServer, *arguments);
    if (!connection) return usage(connection.error().message);
    const bool json = arguments->has("--json");
    CommandContext context{std::move(*arguments), operands, std::move(*connection), Output(json)};
    const auto result = command->run(context);
    if (!result) {
        print(stderr, fmt::format("tagwire opcua: {}\n", result.error().message));
        return static_cast<int>(result.error().exit);
    }
    return static_cast<int>(*result);
}

}  // namespace tagwire::source::opcua
