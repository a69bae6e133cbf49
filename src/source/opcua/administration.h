/// Certificates, and questions to servers that nobody has configured yet, on a thread of its own: files may
/// be slow, and servers are. Thread: any may ask; answers come from its thread, or at once where too many
/// wait. Lifetime: outlives whoever asks; what is open when it is stopped is answered with BadShutdown. Our
/// own certificate is made when it is first asked for.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <future>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "base/doorbell.h"
#include "base/mailbox.h"
#include "model/certificate_services.h"
#include "source/opcua/security/pki_folder.h"

namespace tagwire::source::opcua {

class OpcUaAdministration final : public CertificateServices {
public:
    /// Questions that wait. One more is answered with BadTooManyOperations.
    static constexpr std::size_t kMaxWaiting = 100;
    /// Servers that are asked at a time; further ones are refused likewise.
    static constexpr std::size_t kMaxDiscoveries = 8;
    static constexpr std::chrono::seconds kDiscoveryTimeout{5};

    explicit OpcUaAdministration(PkiFolder folder) : folder_(std::move(folder)) {}
    ~OpcUaAdministration() override { stop(); }
    OpcUaAdministration(const OpcUaAdministration&) = delete;
    OpcUaAdministration& operator=(const OpcUaAdministration&) = delete;

    void start();
    void stop() noexcept;

    void list(ServiceAnswer<CertificateOverview> answer) override;
    void decide(CertificateDecision decision, std::string fingerprint,
                ServiceAnswer<CertificateOverview> answer) override;
    void ownCertificate(ServiceAnswer<std::string> answer) override;
    void endpoints(std::string url, ServiceAnswer<std::vector<ServerEndpoint>> answer) override;

private:
    struct Discovery {
        std::future<Result<std::vector<ServerEndpoint>>> future;
        ServiceAnswer<std::vector<ServerEndpoint>> answer;

        void finish();
    };
    /// Run with false where the program stops.
    using Task = std::function<void(bool running)>;

    template <class T>
    void post(const ServiceAnswer<T>& answer, std::function<ServiceResult<T>()> work);
    void work(const std::stop_token& stop);
    void takeDiscovered();
    [[nodiscard]] CertificateOverview overview() const;

    const PkiFolder folder_;
    Doorbell bell_;
    Mailbox<Task> tasks_{kMaxWaiting, [this] { bell_.ring(); }};
    std::vector<Discovery> discoveries_;
    std::stop_source discoveriesEnd_;
    std::jthread thread_;
};

}  // namespace tagwire::source::opcua
