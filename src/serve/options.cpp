#include "serve/options.h"

#include <boost/asio/ip/address.hpp>
#include <fmt/format.h>

#include "serve/listen_address.h"
#include "serve/origin_policy.h"

namespace tagwire::serve {

void ServerOptions::check(OptionErrors& errors) const {
    if (const auto address = parseListenAddress(listen); !address) {
        errors.add("listen", address.error().message);
    } else if (!address->loopback && !allowRemote) {
        errors.add(
            "listen",
            fmt::format("'{}' can be reached from other machines. Set allow_remote = true if that is meant, "
                        "or listen on 127.0.0.1",
                        listen));
    }
    if (tlsCertificate.empty() != tlsKey.empty()) {
        errors.add(tlsKey.empty() ? "tls_key" : "tls_certificate",
                   "is missing: a certificate needs both tls_certificate and tls_key; without both the "
                   "server makes its own");
    }
    if (tls == TlsMode::Off && !tlsCertificate.empty()) {
        errors.add("tls",
                   "is off although a certificate is given: take away tls = \"off\", or tls_certificate and "
                   "tls_key");
    }
    for (const auto& origin : allowedOrigins) {
        if (const auto parsed = parseOrigin(origin); !parsed)
            errors.add("allowed_origins", parsed.error().message);
    }
    for (const auto& address : sharedAddresses) {
        boost::system::error_code failed;
        (void)boost::asio::ip::make_address(address, failed);
        if (failed)
            errors.add(
                "shared_addresses",
                fmt::format("'{}' is no IP address; expected one such as 10.0.0.5 or fd00::5", address));
    }
    for (const auto& host : allowedHosts) {
        if (const auto parsed = parseHostName(host); !parsed)
            errors.add("allowed_hosts", parsed.error().message);
    }
}

bool ServerOptions::usesTls() const {
    if (tls != TlsMode::Auto) return tls == TlsMode::On;
    if (!tlsCertificate.empty()) return true;
    const auto address = parseListenAddress(listen);
    return address && !address->loopback;
}

void ServerOptions::locate(const std::filesystem::path& folder) {
    for (auto* name : {&tlsCertificate, &tlsKey, &tlsFolder}) {
        if (!name->empty()) *name = (folder / *name).string();
    }
}

wire::SessionLimits sessionLimits(const ServerOptions& options) noexcept {
    return {.frameBytes = options.maxMessageBytes,
            .tagsPerSubscription = options.maxTags,
            .subscriptions = options.maxSubscriptions};
}

}  // namespace tagwire::serve
