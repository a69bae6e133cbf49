/// Codes of OPC DA that the simulator answers with.
/// Thread: any. Lifetime: constants.
#pragma once

#include "com/platform.h"

namespace tagwire::da {

[[nodiscard]] constexpr HRESULT opcCode(unsigned code) noexcept { return static_cast<HRESULT>(code); }

inline constexpr HRESULT kOpcInvalidHandle = opcCode(0xC0040001U);
inline constexpr HRESULT kOpcBadType = opcCode(0xC0040004U);
inline constexpr HRESULT kOpcBadRights = opcCode(0xC0040006U);
inline constexpr HRESULT kOpcUnknownItem = opcCode(0xC0040007U);
inline constexpr HRESULT kOpcRange = opcCode(0xC004000BU);
inline constexpr HRESULT kOpcDuplicateName = opcCode(0xC004000CU);
inline constexpr HRESULT kOpcInvalidProperty = opcCode(0xC0040203U);
inline constexpr HRESULT kOpcUnsupportedRate = opcCode(0x0004000DU);

inline constexpr DWORD kReadable = 1;
inline constexpr DWORD kWriteable = 2;

}  // namespace tagwire::da
