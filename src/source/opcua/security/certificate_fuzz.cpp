// Certificates come from servers, and from files that anybody may have put there.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "source/opcua/security/certificate.h"
#include "source/opcua/security/trust_store.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace tagwire::source::opcua;
    const auto chain = Certificate::parseChain({reinterpret_cast<const char*>(data), size});
    if (!chain) return 0;
    for (const Certificate& certificate : *chain) {
        const auto& info = certificate.info();
        const bool sound = info.fingerprint.size() == 64 && info.thumbprint.size() == 40 &&
                           info.subject.find('\n') == std::string::npos &&
                           certificateFileName(info).find('/') == std::string::npos &&
                           !nameOf(info).empty() && !dateText(info.validTo).empty();
        const auto again = Certificate::parse(certificate.der());
        if (!sound || !again || !(*again == certificate)) __builtin_trap();
    }
    return 0;
}
