// tagwire opcua endpoints: how a server can be connected to.

#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "source/opcua/client/server_endpoints.h"
#include "source/opcua/tool/commands.h"

namespace tagwire::source::opcua {
namespace {

const std::vector<Column> kEndpointColumns{{"security", "SECURITY", 44},
                                           {"users", "USERS", 32},
                                           {"certificate", "CERTIFICATE (SHA-256)", 64},
                                           {"url", "URL"}};

std::string_view wordOf(UserTokenKind kind) noexcept {
    switch (kind) {
        case UserTokenKind::UserName: return "user name";
        case UserTokenKind::Certificate: return "certificate";
        case UserTokenKind::Issued: return "issued token";
        case UserTokenKind::Anonymous: break;
    }
    return "anonymous";
}

CommandResult endpoints(CommandContext& context) {
    const auto found = discoverEndpoints(context.connection.endpoint.text(), context.connection.timeout,
                                         AskedBy::Configuration)
                           .get();
    if (!found) return failed(found.error().message);
    context.output.headings(kEndpointColumns);
    for (const ServerEndpoint& endpoint : *found) {
        std::vector<std::string_view> users;
        users.reserve(endpoint.userTokens.size());
        for (const UserToken& token : endpoint.userTokens) users.push_back(wordOf(token.kind));
        context.output.row(kEndpointColumns,
                           {Value(endpoint.words), Value(fmt::format("{}", fmt::join(users, ", "))),
                            Value(endpoint.certificate ? endpoint.certificate->fingerprint : std::string{}),
                            Value(endpoint.url)});
    }
    return Exit::Done;
}

}  // namespace

Command endpointsCommand() {
    return {.name = "endpoints",
            .operands = "",
            .summary = "Asks how the server can be connected to, the strongest way first",
            .details = "No session is opened, and nothing has to be trusted for it.\n",
            .options = {},
            .maxOperands = 0,
            .run = endpoints};
}

}  // namespace tagwire::source::opcua
