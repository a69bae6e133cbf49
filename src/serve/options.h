/// Options of the web server.
/// Thread: any. Lifetime: value type.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/option.h"
#include "wire/frames.h"

namespace tagwire::serve {

enum class TlsMode : std::uint8_t { Auto, On, Off };

[[nodiscard]] constexpr std::array<OptionName<TlsMode>, 3> optionNames(TlsMode) noexcept {
    return {{{TlsMode::Auto, "auto"}, {TlsMode::On, "on"}, {TlsMode::Off, "off"}}};
}

struct ServerOptions {
    std::string listen = "127.0.0.1:5000";
    bool allowRemote = false;
    std::vector<std::string> allowedOrigins;
    std::vector<std::string> allowedHosts;
    TlsMode tls = TlsMode::Auto;
    std::string tlsCertificate;
    std::string tlsKey;
    std::string tlsFolder = "tls";
    std::uint32_t hstsDays = 30;
    bool compression = false;
    std::uint32_t shards = 0;
    std::uint32_t maxConnections = 20'000;
    std::uint32_t maxConnectionsPerAddress = 1000;
    std::vector<std::string> sharedAddresses = {"127.0.0.1", "::1"};
    std::uint32_t maxRequestsPerSecond = 500;
    std::uint32_t maxMessagesPerSecond = 2000;
    std::uint32_t maxMessageBytes = 64 * 1024;
    std::uint32_t maxSubscriptions = 100;
    std::uint32_t maxTotalSubscriptions = 200'000;
    std::uint32_t maxTags = 200'000;
    std::uint32_t maxConnectionTags = 500'000;
    std::uint32_t allQueueRows = 10'000;
    std::uint32_t resumeChanges = 100'000;
    std::chrono::milliseconds minInterval{10};
    std::chrono::milliseconds ping{10'000};
    std::chrono::milliseconds slowClient{30'000};
    std::chrono::milliseconds handshakeTimeout{10'000};
    std::chrono::milliseconds requestTimeout{10'000};
    std::chrono::milliseconds keepAlive{60'000};

    template <class Visitor>
    static void describe(Visitor& v) {
        using O = ServerOptions;
        v.field(&O::listen,
                {.key = "listen",
                 .text = "Address and port to serve pages, API and WebSocket on, such as 127.0.0.1:5000, "
                         "localhost:5000 or [::1]:5000."});
        v.field(&O::allowRemote,
                {.key = "allow_remote",
                 .text = "Must be true to listen on an address other than loopback. It takes a user first, "
                         "or anonymous_remote in [security]; use TLS, too, so that passwords and "
                         "tokens are not read on their way."});
        v.field(&O::allowedOrigins,
                {.key = "allowed_origins",
                 .text = "Origins of pages from elsewhere that may connect, such as https://hmi.example.com. "
                         "Pages from "
                         "loopback addresses and from this server itself are always allowed.",
                 .max = 1000});
        v.field(
            &O::allowedHosts,
            {.key = "allowed_hosts",
             .text =
                 "Host names by which browsers reach this server besides IP addresses and localhost, such as "
                 "hmi.example.com. Requests for other names are refused (protects against DNS rebinding).",
             .max = 1000});
        v.field(&O::tls,
                {.key = "tls",
                 .text = "Whether pages, API and WebSocket are encrypted (https, wss): `auto` where other "
                         "machines can connect or a certificate is given, `on` always, `off` never. `off` "
                         "beyond loopback sends values and passwords readable to all on the way: only for a "
                         "proxy in front that does TLS."});
        v.field(
            &O::tlsCertificate,
            {.key = "tls_certificate",
             .text = "PEM file with the server's certificate, followed by those above it, relative to the "
                     "configuration's folder. A renewed file is used within seconds, without a restart. "
                     "Without it the server makes a self-signed certificate of its own, which browsers "
                     "warn of until they trust it.",
             .max = 4096});
        v.field(&O::tlsKey,
                {.key = "tls_key",
                 .text = "PEM file with the private key of tls_certificate, without a passphrase.",
                 .max = 4096});
        v.field(&O::tlsFolder,
                {.key = "tls_dir",
                 .text = "Folder of the server's own certificate, relative to the configuration's folder; "
                         "made when it is needed. It is for the names and addresses of this machine and "
                         "allowed_hosts, and is renewed by itself.",
                 .min = 1,
                 .max = 4096});
        v.field(&O::hstsDays,
                {.key = "hsts_days",
                 .text = "With tls_certificate, browsers are told to use nothing but https for this host "
                         "name for so many days (HSTS). It counts for every port of the name: 0 where "
                         "others there speak plain http.",
                 .unit = "days",
                 .min = 0,
                 .max = 3650});
        v.field(&O::compression,
                {.key = "compression",
                 .text = "Compresses WebSocket messages for clients that offer permessage-deflate."});
        v.field(&O::shards, {.key = "shards",
                             .text = "Threads that serve clients; 0 takes half of the processors.",
                             .min = 0,
                             .max = 256});
        v.field(&O::maxConnections, {.key = "max_connections",
                                     .text = "Open connections; further ones are answered 503.",
                                     .min = 1,
                                     .max = 1'000'000});
        v.field(
            &O::maxConnectionsPerAddress,
            {.key = "max_connections_per_address",
             .text = "Open connections of one client address (of a /64 network, where it is IPv6); further "
                     "ones are answered 429.",
             .min = 1,
             .max = 1'000'000});
        v.field(
            &O::sharedAddresses,
            {.key = "shared_addresses",
             .text = "Addresses that stand for many clients, such as a proxy's: the limits per address do "
                     "not hold for them.",
             .max = 1000});
        v.field(
            &O::maxRequestsPerSecond,
            {.key = "max_requests_per_second",
             .text = "HTTP requests of one client address; a second's worth may come at once, further ones "
                     "are answered 429.",
             .min = 1,
             .max = 1'000'000});
        v.field(
            &O::maxMessagesPerSecond,
            {.key = "max_messages_per_second",
             .text = "Messages of one WebSocket; a second's worth may come at once, further ones are read "
                     "when their time has come.",
             .min = 10,
             .max = 1'000'000});
        v.field(&O::maxMessageBytes, {.key = "max_message_bytes",
                                      .text = "Largest message or request body a client may send.",
                                      .unit = "bytes",
                                      .min = 1024,
                                      .max = 16 * 1024 * 1024});
        v.field(&O::maxSubscriptions, {.key = "max_subscriptions",
                                       .text = "Subscriptions of one connection.",
                                       .min = 1,
                                       .max = 10'000});
        v.field(
            &O::maxTotalSubscriptions,
            {.key = "max_total_subscriptions",
             .text = "Subscriptions of all clients, shared evenly by the shards; further ones are refused "
                     "with `overloaded`, event streams with 503.",
             .min = 1,
             .max = 10'000'000});
        v.field(&O::maxTags,
                {.key = "max_tags", .text = "Tags of one subscription.", .min = 1, .max = 10'000'000});
        v.field(
            &O::maxConnectionTags,
            {.key = "max_connection_tags",
             .text = "Tags of all subscriptions of one connection together; what would be more is refused "
                     "with `too_many_tags`.",
             .min = 1,
             .max = 100'000'000});
        v.field(&O::allQueueRows,
                {.key = "all_queue_rows",
                 .text = "Changes that wait for one subscription of mode `all`; when it is full, "
                         "changes are skipped and the client is told how many.",
                 .min = 1,
                 .max = 10'000'000});
        v.field(&O::resumeChanges,
                {.key = "resume_changes",
                 .text = "Latest changes kept in memory so that clients of mode `all` can resume "
                         "without a gap.",
                 .min = 0,
                 .max = 100'000'000});
        v.field(&O::minInterval,
                {.key = "min_interval_ms",
                 .text = "Shortest time between two data frames of a subscription, whatever the "
                         "client asks for.",
                 .unit = "ms",
                 .min = 0,
                 .max = 60'000});
        v.field(&O::ping,
                {.key = "ping_ms",
                 .text = "A client that got nothing for so long is sent a ping; it takes the connection for "
                         "dead after twice that time.",
                 .unit = "ms",
                 .min = 100,
                 .max = 300'000});
        v.field(&O::slowClient,
                {.key = "slow_client_ms",
                 .text = "A client that does not take a frame for so long is disconnected (4008).",
                 .unit = "ms",
                 .min = 100,
                 .max = 3'600'000});
        v.field(&O::handshakeTimeout,
                {.key = "handshake_timeout_ms",
                 .text = "Time from connecting to the end of the TLS handshake, or without TLS to the first "
                         "byte of a request.",
                 .unit = "ms",
                 .min = 100,
                 .max = 600'000});
        v.field(&O::requestTimeout, {.key = "request_timeout_ms",
                                     .text = "Time for a client to send a whole request.",
                                     .unit = "ms",
                                     .min = 100,
                                     .max = 600'000});
        v.field(&O::keepAlive, {.key = "keep_alive_ms",
                                .text = "How long an idle HTTP connection is kept open.",
                                .unit = "ms",
                                .min = 0,
                                .max = 3'600'000});
    }

    /// Whether everything is served by TLS; `listen` is right.
    [[nodiscard]] bool usesTls() const;
    [[nodiscard]] bool usesOwnCertificate() const { return usesTls() && tlsCertificate.empty(); }

    /// Names of files count from `folder`.
    void locate(const std::filesystem::path& folder);
    /// Rules between options; see options.cpp.
    void check(OptionErrors& errors) const;
};

/// As told to clients in the protocol's hello.
[[nodiscard]] wire::SessionLimits sessionLimits(const ServerOptions& options) noexcept;

}  // namespace tagwire::serve
