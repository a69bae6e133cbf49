#include "source/opcua/administration.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "model/generated/status_codes.h"
#include "source/opcua/client/server_endpoints.h"
#include "source/opcua/security/own_certificate.h"
#include "source/opcua/security/trust_store.h"
#include "source/opcua/text/asked_address.h"

namespace tagwire::source::opcua {
namespace {

using Endpoints = std::vector<ServerEndpoint>;

/// How soon an answer of a server is noticed.
constexpr std::chrono::milliseconds kLookInterval{20};

tl::unexpected<ServiceFailure> stopping() {
    return failure(kBadShutdown, "the program is stopping: ask again when it is back");
}

tl::unexpected<ServiceFailure> tooMany() {
    return failure(kBadTooManyOperations, "too many questions are waiting already: ask again in a moment");
}

}  // namespace

void OpcUaAdministration::Discovery::finish() {
    auto found = future.get();
    if (found) {
        answer(std::move(*found));
    } else {
        answer(failure(kBadNoCommunication, std::move(found.error().message)));
    }
}

void OpcUaAdministration::start() {
    thread_ = std::jthread([this](const std::stop_token& stop) { work(stop); });
}

void OpcUaAdministration::stop() noexcept {
    thread_.request_stop();
    discoveriesEnd_.request_stop();
    bell_.ring();
    if (thread_.joinable()) thread_.join();
    std::vector<Task> left;
    tasks_.drain(left);
    for (Task& task : left) task(false);
    for (Discovery& discovery : std::exchange(discoveries_, {})) discovery.finish();
}

void OpcUaAdministration::work(const std::stop_token& stop) {
    std::vector<Task> tasks;
    while (!stop.stop_requested()) {
        tasks.clear();
        tasks_.drain(tasks);
        for (Task& task : tasks) task(true);
        takeDiscovered();
        // A stop rings the bell; what is asked does, too.
        bell_.waitUntil(SteadyClock::now() +
                        (discoveries_.empty() ? std::chrono::minutes(1) : kLookInterval));
    }
}

void OpcUaAdministration::takeDiscovered() {
    for (Discovery& discovery : discoveries_) {
        if (discovery.future.wait_for(std::chrono::seconds(0)) == std::future_status::ready)
            discovery.finish();
    }
    std::erase_if(discoveries_, [](const Discovery& discovery) { return !discovery.future.valid(); });
}

template <class T>
void OpcUaAdministration::post(const ServiceAnswer<T>& answer, std::function<ServiceResult<T>()> work) {
    Task task = [answer, work = std::move(work)](bool running) {
        answer(running ? work() : ServiceResult<T>(stopping()));
    };
    if (!tasks_.tryPush(std::move(task))) answer(tooMany());
}

void OpcUaAdministration::list(ServiceAnswer<CertificateOverview> answer) {
    post<CertificateOverview>(answer, [this] { return overview(); });
}

void OpcUaAdministration::decide(CertificateDecision decision, std::string fingerprint,
                                 ServiceAnswer<CertificateOverview> answer) {
    post<CertificateOverview>(
        answer,
        [this, decision, fingerprint = std::move(fingerprint)]() -> ServiceResult<CertificateOverview> {
            const TrustStore store(folder_);
            const auto done = decision == CertificateDecision::Trust    ? store.trust(fingerprint)
                              : decision == CertificateDecision::Reject ? store.reject(fingerprint)
                                                                        : store.remove(fingerprint);
            if (!done) return failure(kBadNotFound, done.error().message);
            return overview();
        });
}

void OpcUaAdministration::ownCertificate(ServiceAnswer<std::string> answer) {
    post<std::string>(answer, [this]() -> ServiceResult<std::string> {
        const auto own = opcua::ownCertificate(folder_);
        if (!own) return failure(kBadNotFound, own.error().message);
        return std::string(own->certificate.der());
    });
}

void OpcUaAdministration::endpoints(std::string url, ServiceAnswer<Endpoints> answer) {
    if (const auto parsed = parseAskedUrl(url); !parsed) {
        answer(failure(kBadInvalidArgument, parsed.error().message));
        return;
    }
    Task task = [this, answer, url = std::move(url)](bool running) {
        if (!running) {
            answer(stopping());
        } else if (discoveries_.size() >= kMaxDiscoveries) {
            answer(tooMany());
        } else {
            discoveries_.push_back(
                {discoverEndpoints(url, kDiscoveryTimeout, AskedBy::Api, discoveriesEnd_.get_token()),
                 answer});
        }
    };
    if (!tasks_.tryPush(std::move(task))) answer(tooMany());
}

CertificateOverview OpcUaAdministration::overview() const {
    const TrustStore store(folder_);
    CertificateOverview overview{.own = {},
                                 .problem = {},
                                 .folder = folder_.root().string(),
                                 .trusted = store.trusted().certificates,
                                 .rejected = store.rejected().certificates};
    if (const auto own = opcua::ownCertificate(folder_)) {
        overview.own = own->certificate.info();
        if (const auto dates = checkDates(*own, wallClockNow()); !dates)
            overview.problem = dates.error().message;
    } else {
        overview.problem = own.error().message;
    }
    return overview;
}

}  // namespace tagwire::source::opcua
