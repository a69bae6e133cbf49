/// One connection for one command: opened, used, and closed in order.
/// Thread: main. Lifetime: local to a command.
#pragma once

#include <chrono>
#include <csignal>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/data_value.h"
#include "source/opcua/client/server_info.h"
#include "source/opcua/client/ua_client.h"
#include "source/opcua/security_options.h"
#include "source/opcua/services/type_reader.h"
#include "source/opcua/text/endpoint_url.h"
#include "source/opcua/tool/arguments.h"

namespace tagwire::source::opcua {

/// Everything a connection depends on, whatever the command.
struct ConnectionSettings {
    EndpointUrl endpoint;
    /// For looking the host up, for opening, and for every single request.
    std::chrono::milliseconds timeout{5'000};
    SecurityOptions security = {};
};

/// The options that fill ConnectionSettings.
[[nodiscard]] std::vector<OptionSpec> connectionOptions();
[[nodiscard]] Result<ConnectionSettings> connectionSettings(std::string_view endpoint,
                                                            const Arguments& arguments);

/// Ctrl-C and SIGTERM, asked for instead of ending the program, so that the session at the server is closed.
class Interrupt {
public:
    Interrupt();
    /// One of them has come, now or earlier.
    [[nodiscard]] bool pending();

private:
    sigset_t signals_{};
    bool seen_ = false;
};

class Connection {
public:
    /// Connected, with the server's namespaces and limits known. The error says what to do.
    [[nodiscard]] static Result<std::unique_ptr<Connection>> open(const ConnectionSettings& settings);
    /// Waits for the server to confirm the end of the session, a little while at most.
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    [[nodiscard]] UaClient& client() noexcept { return *client_; }
    [[nodiscard]] const ServerInfo& info() const noexcept { return *info_; }

    /// What is known of the server's data types; runUntil() reads those that are wanted.
    [[nodiscard]] TypeReader& typeReader() noexcept { return *typeReader_; }

    /// The values in their order, with the structures in them, whose types are read from the server first.
    [[nodiscard]] Result<std::vector<DataValue>> decode(std::vector<const UA_DataValue*> values);

    /// Delivers answers until `done` holds. An error when the connection breaks or the user interrupts; a
    /// server that does not answer ends every request after the timeout.
    [[nodiscard]] Result<void> runUntil(const std::function<bool()>& done);
    /// The same for a length of time, with `done` or without; true when the time was up first.
    [[nodiscard]] Result<bool> runFor(std::chrono::milliseconds time, const std::function<bool()>& done);
    [[nodiscard]] bool interrupted() { return interrupt_.pending(); }

private:
    explicit Connection(ConnectionSettings settings);
    [[nodiscard]] Result<std::vector<std::string>> lookUp();
    /// Why it failed and what to do, to be read after the server's address.
    [[nodiscard]] std::string advice(StatusCode failure) const;
    /// The error of the address that came furthest.
    [[nodiscard]] Result<void> connect(const std::string& address);

    ConnectionSettings settings_;
    Interrupt interrupt_;
    std::unique_ptr<UaClient> client_;
    std::unique_ptr<ServerInfo> info_;
    std::optional<StructureTypes> types_;
    std::optional<TypeReader> typeReader_;
};

}  // namespace tagwire::source::opcua
