/// What an administrator can do with the certificates of OPC UA, and ask of servers before any is configured.
/// Thread: any may ask; the answer comes once, from another thread. Lifetime: outlives whoever asks.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/certificate_info.h"
#include "model/server_endpoint.h"
#include "model/service_answer.h"

namespace tagwire {

struct CertificateOverview {
    std::optional<CertificateInfo> own;
    /// Why our own cannot be used, and what to do; empty when it can.
    std::string problem;
    /// Of the files.
    std::string folder;
    std::vector<CertificateInfo> trusted;
    /// The latest first.
    std::vector<CertificateInfo> rejected;
};

enum class CertificateDecision : std::uint8_t { Trust, Reject, Remove };

class CertificateServices {
public:
    CertificateServices() = default;
    CertificateServices(const CertificateServices&) = delete;
    CertificateServices& operator=(const CertificateServices&) = delete;
    virtual ~CertificateServices() = default;

    virtual void list(ServiceAnswer<CertificateOverview> answer) = 0;
    /// `fingerprint` is a certificate's SHA-256 or SHA-1 in hexadecimal. Answers with how it is then;
    /// BadNotFound where there is no such certificate.
    virtual void decide(CertificateDecision decision, std::string fingerprint,
                        ServiceAnswer<CertificateOverview> answer) = 0;
    /// Our own certificate in DER form.
    virtual void ownCertificate(ServiceAnswer<std::string> answer) = 0;
    /// Asks the server at `url` how it can be connected to, the strongest way first.
    virtual void endpoints(std::string url, ServiceAnswer<std::vector<ServerEndpoint>> answer) = 0;
};

}  // namespace tagwire
