/// Names of the event and condition types that the standard defines (OPC 10000-5, 6.4; OPC 10000-9, 5).
/// Thread: any. Lifetime: functions.
#pragma once

#include <cstdint>
#include <string_view>

namespace tagwire::source::opcua {

/// Of the type with this numeric node id in namespace 0, such as `ExclusiveLevelAlarmType`; empty where it is
/// none of them.
[[nodiscard]] std::string_view eventTypeName(std::uint32_t id) noexcept;

}  // namespace tagwire::source::opcua
