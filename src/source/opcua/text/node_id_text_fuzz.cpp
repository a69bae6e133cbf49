// Whatever is taken as a node id is written back in a form that means the same.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "source/opcua/text/node_id_text.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using tagwire::source::opcua::NodeAddress;
    const auto address = NodeAddress::parse({reinterpret_cast<const char*>(data), size});
    if (!address) {
        if (address.error().message.empty()) std::abort();
        return 0;
    }
    const auto again = NodeAddress::parse(address->text());
    if (!again || *again != *address) std::abort();
    return 0;
}
