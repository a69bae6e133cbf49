/// Entries of the simulator in the registry: ProgID, CLSID, categories.
/// Thread: any. Lifetime: functions.
#pragma once

#include "com/platform.h"

namespace tagwire::da {

/// {9A4E7F0C-52D1-4B7E-9C36-1D0B8E5A7F21}, ours.
inline constexpr CLSID kSimulatorClass{
    0x9A4E7F0C, 0x52D1, 0x4B7E, {0x9C, 0x36, 0x1D, 0x0B, 0x8E, 0x5A, 0x7F, 0x21}};
inline constexpr const wchar_t* kSimulatorProgId = L"Tagwire.DA.Simulation.1";
inline constexpr const wchar_t* kSimulatorIndependentProgId = L"Tagwire.DA.Simulation";

/// The same tags in no branches, as simple servers have them: {9A4E7F0D-52D1-4B7E-9C36-1D0B8E5A7F21}, ours.
inline constexpr CLSID kFlatSimulatorClass{
    0x9A4E7F0D, 0x52D1, 0x4B7E, {0x9C, 0x36, 0x1D, 0x0B, 0x8E, 0x5A, 0x7F, 0x21}};
inline constexpr const wchar_t* kFlatSimulatorProgId = L"Tagwire.DA.FlatSimulation.1";
inline constexpr const wchar_t* kFlatSimulatorIndependentProgId = L"Tagwire.DA.FlatSimulation";

/// The first one's tags, by the interfaces of DA 3 as well: {9A4E7F0E-52D1-4B7E-9C36-1D0B8E5A7F21}, ours.
inline constexpr CLSID kDa3SimulatorClass{
    0x9A4E7F0E, 0x52D1, 0x4B7E, {0x9C, 0x36, 0x1D, 0x0B, 0x8E, 0x5A, 0x7F, 0x21}};
inline constexpr const wchar_t* kDa3SimulatorProgId = L"Tagwire.DA3.Simulation.1";
inline constexpr const wchar_t* kDa3SimulatorIndependentProgId = L"Tagwire.DA3.Simulation";

/// As a local server at this program's path, for all users, or for this one where that is not allowed.
[[nodiscard]] bool registerServer();
void unregisterServer();

}  // namespace tagwire::da
