/// Bodies of the routes about certificates and endpoints of OPC UA, as text.
/// Thread: any. Lifetime: functions. All append to `out`.
#pragma once

#include <string>
#include <vector>

#include "model/certificate_services.h"

namespace tagwire::wire {

void appendCertificates(std::string& out, const CertificateOverview& overview);
void appendEndpoints(std::string& out, const std::vector<ServerEndpoint>& endpoints);

}  // namespace tagwire::wire
