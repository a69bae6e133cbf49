// Whatever the system's resolver takes for an address is judged as the address that it is: no way of writing
// one gets by.
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>

#include <netdb.h>

#include "source/opcua/text/asked_address.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace tagwire::source::opcua;
    const std::string text(reinterpret_cast<const char*>(data), size);
    const auto url = parseAskedUrl("opc.tcp://" + text);
    if (!url) {
        if (url.error().message.empty()) std::abort();
        return 0;
    }
    addrinfo hints{};
    hints.ai_flags = AI_NUMERICHOST;
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* raw = nullptr;
    if (getaddrinfo(url->host.c_str(), nullptr, &hints, &raw) != 0) return 0;
    const std::unique_ptr<addrinfo, void (*)(addrinfo*)> found(raw, freeaddrinfo);
    std::array<char, NI_MAXHOST> numeric{};
    if (getnameinfo(raw->ai_addr, raw->ai_addrlen, numeric.data(), numeric.size(), nullptr, 0,
                    NI_NUMERICHOST) != 0)
        return 0;
    if (forbiddenKind(numeric.data())) std::abort();
    return 0;
}
