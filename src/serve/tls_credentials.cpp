#include "serve/tls_credentials.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include "base/file_permissions.h"
#include "base/log.h"

namespace tagwire::serve {
namespace {

/// Certificates are renewed days before they end; one that was not by then was forgotten.
constexpr std::chrono::days kWarnBefore{14};

std::string date(Timestamp time) {
    return fmt::format("{:%Y-%m-%d}", fmt::gmtime(static_cast<std::time_t>(toUnixMillis(time) / 1000)));
}

void describe(const TlsIdentity& identity, const TlsFiles& files) {
    log::info("serve", "TLS with the certificate {}, valid until {}, SHA-256 fingerprint {}",
              identity.subject, date(identity.notAfter), identity.fingerprint);
    if (identity.notBefore > wallClockNow()) {
        log::warning("serve", "the certificate {} is not valid before {}: browsers will refuse it",
                     identity.subject, date(identity.notBefore));
    }
    if (openToOthers(files.key)) {
        log::warning("serve", "every user of this machine can read or change the TLS key '{}': chmod go= it",
                     files.key.string());
    }
}

}  // namespace

Result<void> TlsCredentials::load() {
    if (own_) {
        if (auto ensured = own_->ensure(wallClockNow()); !ensured) return ensured;
    }
    return read();
}

Result<void> TlsCredentials::read() {
    loaded_ = stamp();
    auto identity = loadTlsIdentity(files_);
    if (!identity) return tl::unexpected(identity.error());
    describe(**identity, files_);
    identity_.set(std::move(*identity));
    return {};
}

void TlsCredentials::start() {
    thread_ = std::jthread([this](const std::stop_token& stop) { watch(stop); });
}

void TlsCredentials::stop() noexcept {
    thread_.request_stop();
    bell_.ring();
    if (thread_.joinable()) thread_.join();
}

void TlsCredentials::watch(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        renewInTime();
        lookAgain();
        static_cast<void>(bell_.waitUntil(SteadyClock::now() + kLookInterval));
    }
}

void TlsCredentials::renewInTime() {
    if (!own_ || SteadyClock::now() < nextRenewal_) return;
    nextRenewal_ = SteadyClock::now() + kRenewalInterval;
    const auto ensured = own_->ensure(wallClockNow());
    std::string problem = ensured ? std::string() : ensured.error().message;
    if (problem == renewalProblem_) return;
    renewalProblem_ = std::move(problem);
    if (!renewalProblem_.empty()) log::warning("serve", "{}; the certificate in use stays", renewalProblem_);
}

void TlsCredentials::lookAgain() {
    // Whoever renews writes one file after the other: a pair that does not fit (yet) leaves the old one in
    // use.
    if (stamp() != loaded_) {
        if (const auto renewed = read(); !renewed) {
            log::warning("serve", "{}; the certificate read before stays in use", renewed.error().message);
        }
    }
    const auto today = std::chrono::floor<std::chrono::days>(wallClockNow());
    const auto& identity = *identity_.get();
    if (today == warned_ || identity.notAfter > today + kWarnBefore) return;
    warned_ = today;
    log::warning("serve", "the TLS certificate {} {} on {}: renew it (it is read again by itself)",
                 identity.subject, identity.notAfter < wallClockNow() ? "has expired" : "expires",
                 date(identity.notAfter));
}

std::string TlsCredentials::stamp() const {
    std::string text;
    for (const auto* path : {&files_.certificate, &files_.key}) {
        struct stat file{};
        if (::stat(path->c_str(), &file) != 0) {
            text += "none;";
            continue;
        }
        fmt::format_to(std::back_inserter(text), "{}:{}:{}:{}.{}:{}.{};", file.st_dev, file.st_ino,
                       file.st_size, file.st_mtim.tv_sec, file.st_mtim.tv_nsec, file.st_ctim.tv_sec,
                       file.st_ctim.tv_nsec);
    }
    return text;
}

}  // namespace tagwire::serve
