// Bodies of requests are bytes from outside. The first byte says which of them the rest is.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "wire/body_parser.h"
#include "wire/generated/protocol.h"

namespace {

template <class Body>
void parse(std::string_view text) {
    const auto body = tagwire::wire::parseBody<Body>(text);
    if (!body && body.error().message.empty()) __builtin_trap();
}

using namespace tagwire::wire;

constexpr std::array kBodies{&parse<Login>,         &parse<SetUp>,    &parse<PasswordChange>,
                             &parse<NewToken>,      &parse<NewUser>,  &parse<UserChange>,
                             &parse<NewSource>,     &parse<MoreTags>, &parse<CertificateChoice>,
                             &parse<ConditionOrder>};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    kBodies[data[0] % kBodies.size()]({reinterpret_cast<const char*>(data) + 1, size - 1});
    return 0;
}
