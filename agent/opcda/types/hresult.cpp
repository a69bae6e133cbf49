#include "types/hresult.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace tagwire::da {
namespace {

struct KnownCode {
    std::uint32_t code;
    std::string_view text;
};

constexpr std::array kKnown{
    KnownCode{0x00000000, "done"},
    KnownCode{0x00000001, "done, with an exception"},
    KnownCode{0x0004000D, "the server does not have the rate that was asked for, and took another"},
    KnownCode{0x0004000E, "the value was clamped to the item's range"},
    KnownCode{0x0004000F, "the group is removed when its last user has gone"},
    // OPC DA
    KnownCode{0xC0040001, "invalid handle: the server has forgotten the group or item"},
    KnownCode{0xC0040004, "bad type: the server cannot convert the item to or from this type"},
    KnownCode{0xC0040005, "not possible for a public group"},
    KnownCode{0xC0040006, "the item's access rights do not allow this"},
    KnownCode{0xC0040007,
              "unknown item: the server has none of this id; `tagwire-da-agent list` shows those it has"},
    KnownCode{0xC0040008, "invalid item: the id is not written as the server wants it"},
    KnownCode{0xC0040009, "invalid filter"},
    KnownCode{0xC004000A, "unknown access path"},
    KnownCode{0xC004000B, "the value is not within the item's range"},
    KnownCode{0xC004000C, "a group of this name exists already"},
    KnownCode{0xC0040010, "the server's configuration file has an unknown format"},
    KnownCode{0xC0040011, "not found"},
    KnownCode{0xC0040203, "the item has no such property"},
    KnownCode{0xC0040403, "invalid continuation: the list has to be begun anew"},
    KnownCode{0xC0040406, "the server cannot write qualities or times"},
    // COM
    KnownCode{0x80004001, "the server has not implemented this"},
    KnownCode{0x80004002,
              "no such interface: where that concerns all of OPC, install the OPC Core Components"},
    KnownCode{0x80004005, "unspecified failure in the server"},
    KnownCode{0x80070057, "invalid argument"},
    KnownCode{0x8007000E, "out of memory"},
    KnownCode{0x80020005, "the value cannot be converted to the item's type"},
    KnownCode{0x8002000A, "the value is not within the range of the item's type"},
    KnownCode{0x80040200, "the server knows no such call-back"},
    KnownCode{0x80040201, "the server takes no more call-backs"},
    KnownCode{
        0x80040202,
        "the server cannot call back: allow its user to access the agent (dcomcnfg, access permissions)"},
    // activation
    KnownCode{0x800401F3,
              "no server of this name is registered; `tagwire-da-agent servers` lists those of this machine"},
    KnownCode{0x80040154,
              "class not registered: register the server; one that exists only as a 32-bit DLL needs the "
              "32-bit agent"},
    KnownCode{0x80040155, "interface not registered: install the OPC Core Components, 32-bit and 64-bit"},
    KnownCode{0x80070002, "the server's program file is missing: install the server again"},
    KnownCode{0x80080004, "the registered path of the server's program is wrong: register the server again"},
    KnownCode{0x80080005,
              "the server's program did not start within its time: start it by hand and see what it says, "
              "and check the user it runs as (dcomcnfg, Identity)"},
    KnownCode{0x80070422, "the server's service is disabled: enable it (services.msc)"},
    KnownCode{0x8007042D,
              "the server's service could not log on: check its user and password (services.msc)"},
    KnownCode{0x8000401A,
              "the server runs as the interactive user, and nobody is logged on: choose a user for it "
              "(dcomcnfg, Identity)"},
    KnownCode{0x80080017,
              "the server must be started by another user than the agent's: check its identity (dcomcnfg)"},
    // access and connection
    KnownCode{0x80070005,
              "access denied: allow the agent's user to launch, activate and access the server (dcomcnfg), "
              "and the server's user to call back"},
    KnownCode{0x8001011B, "access denied by the security settings of the server's program (dcomcnfg)"},
    KnownCode{0x80070721,
              "Windows could not agree on how to authenticate: the server's authentication level is below "
              "packet integrity, or the users do not know each other"},
    KnownCode{0x800706BA, "the RPC server is unavailable: the server has ended"},
    KnownCode{0x800706BE, "the call failed: the server ended while it worked on it"},
    KnownCode{0x800706BF, "the call failed and was not run"},
    KnownCode{0x80010007, "the server has ended"},
    KnownCode{0x80010012, "the server ended, and it is not known whether the call was run"},
    KnownCode{0x80010105, "the server failed within the call"},
    KnownCode{0x80010108, "the server has cut the connection"},
    KnownCode{0x800401FD, "the server has cut the connection"},
    KnownCode{0x80010001, "the server refuses calls at the moment"},
    KnownCode{0x8001010A, "the server is busy"},
};

std::string withNumber(std::uint32_t code, std::string_view text) {
    return text.empty() ? fmt::format("0x{:08X}", code) : fmt::format("0x{:08X} {}", code, text);
}

}  // namespace

std::string hresultText(std::uint32_t code, std::string_view serverText) {
    const auto found = std::ranges::find(kKnown, code, &KnownCode::code);
    if (found != kKnown.end()) return withNumber(code, found->text);
    const auto end = serverText.find_last_not_of(" \r\n\t");
    return withNumber(code,
                      end == std::string_view::npos ? std::string_view{} : serverText.substr(0, end + 1));
}

StatusCode statusOfFailure(std::uint32_t code) noexcept {
    switch (code) {
        case 0xC0040007:
        case 0xC0040008: return StatusCode{0x80340000};  // BadNodeIdUnknown
        case 0xC0040006: return StatusCode{0x803A0000};  // BadNotReadable
        case 0xC0040004: return StatusCode{0x80740000};  // BadTypeMismatch
        default: return StatusCode{0x80000000};          // Bad
    }
}

StatusCode statusOfWrite(std::uint32_t code) noexcept {
    switch (code) {
        case 0x0004000E: return StatusCode{0x00300000};  // GoodClamped
        case 0xC0040006: return StatusCode{0x803B0000};  // BadNotWritable
        case 0x80020005: return StatusCode{0x80740000};  // BadTypeMismatch
        case 0xC004000B:
        case 0x8002000A: return StatusCode{0x803C0000};  // BadOutOfRange
        case 0x80070005:
        case 0x8001011B: return StatusCode{0x801F0000};  // BadUserAccessDenied
        case 0xC0040406:
        case 0x80004001: return StatusCode{0x803D0000};  // BadNotSupported
        case 0x800706BA:
        case 0x800706BE:
        case 0x800706BF:
        case 0x80010007:
        case 0x80010012:
        case 0x80010105:
        case 0x80010108:
        case 0x800401FD: return StatusCode{0x80050000};  // BadCommunicationError
        default: return isFailure(code) ? statusOfFailure(code) : StatusCode{};
    }
}

std::string hresultText(std::uint32_t code) { return hresultText(code, {}); }

}  // namespace tagwire::da
