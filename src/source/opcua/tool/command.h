/// What a command of `tagwire opcua` consists of. A new one is a file `<name>_command.cpp` with a function
/// that returns its Command, declared and listed in commands.h. Thread: main. Lifetime: value types.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "source/opcua/text/node_id_text.h"
#include "source/opcua/tool/arguments.h"
#include "source/opcua/tool/connection.h"
#include "source/opcua/tool/output.h"
#include "source/opcua/values/node_id.h"

namespace tagwire::source::opcua {

/// Exit codes of the tool.
enum class Exit : std::uint8_t {
    Done = 0,
    /// The server cannot be reached or refuses something; what and why was printed.
    Failed = 1,
    /// The command line is wrong.
    Usage = 2,
};

/// What a command works with.
struct CommandContext {
    Arguments arguments;
    /// The arguments, after the endpoint where there is one.
    std::span<const std::string_view> operands;
    ConnectionSettings connection;
    Output output;
};

/// Why a command ended early: the message goes to stderr.
struct CommandFailure {
    Exit exit = Exit::Failed;
    std::string message;
};

using CommandResult = Result<Exit, CommandFailure>;

[[nodiscard]] inline tl::unexpected<CommandFailure> usageError(std::string message) {
    return tl::unexpected(CommandFailure{Exit::Usage, std::move(message)});
}
[[nodiscard]] inline tl::unexpected<CommandFailure> failed(std::string message) {
    return tl::unexpected(CommandFailure{Exit::Failed, std::move(message)});
}

struct Command {
    std::string_view name;
    /// After the endpoint, as the help shows it: `NODE…`.
    std::string_view operands;
    /// One line.
    std::string_view summary;
    /// Lines of the command's help, each ending with a newline.
    std::string_view details;
    std::span<const OptionSpec> options;
    /// Its first argument is a server's address; otherwise all of them are operands.
    bool needsServer = true;
    /// How many operands there must be at least.
    std::size_t minOperands = 0;
    std::size_t maxOperands = 100'000;
    std::function<CommandResult(CommandContext&)> run;
};

/// Node ids of the command line: all of them, or the error that names the first wrong one.
[[nodiscard]] Result<std::vector<NodeAddress>, CommandFailure> parseNodes(
    std::span<const std::string_view> words);

/// The nodes as this server names them, and those whose namespace it does not have.
struct ResolvedNodes {
    std::vector<Ua<UA_NodeId>> ids;
    /// Of each id its position among the nodes.
    std::vector<std::size_t> positions;
    std::vector<std::size_t> unknown;
};
[[nodiscard]] ResolvedNodes resolveNodes(const std::vector<NodeAddress>& nodes, NamespaceArray namespaces);
inline constexpr std::string_view kNoSuchNamespace = "the server has no such namespace";

/// What an option says, or `otherwise` where it was not given.
[[nodiscard]] Result<std::chrono::milliseconds, CommandFailure> durationOption(
    const Arguments& arguments, std::string_view option, std::chrono::milliseconds otherwise);
[[nodiscard]] Result<std::uint32_t, CommandFailure> countOption(const Arguments& arguments,
                                                                std::string_view option,
                                                                std::uint32_t otherwise, std::uint32_t max);

/// The value's type as people write it: `Double`, `Int32[3]`; empty for no value.
[[nodiscard]] std::string typeOfValue(const Value& value);

/// Connects and runs `use`; what it returns is the command's result.
[[nodiscard]] CommandResult withConnection(const CommandContext& context,
                                           const std::function<CommandResult(Connection&)>& use);

}  // namespace tagwire::source::opcua
