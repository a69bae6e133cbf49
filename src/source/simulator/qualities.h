/// OPC DA qualities and the statuses they stand for (OPC 10000-8, Table A.61).
/// Thread: any. Lifetime: constants.
#pragma once

#include <array>
#include <cstdint>

#include "model/generated/status_codes.h"
#include "model/status_code.h"

namespace tagwire::source::simulator {

/// An OPC DA quality (QQSSSSLL) and the status it stands for.
struct DaQuality {
    std::uint16_t quality = 0;
    StatusCode status;
};

inline constexpr std::array<DaQuality, 15> kDaQualities{{
    {0xC0, StatusCode{0x00000000}},     // Good
    {0xD8, kGoodLocalOverride},         //
    {0x40, StatusCode{0x40000000}},     // Uncertain
    {0x44, kUncertainLastUsableValue},  //
    {0x50, kUncertainSensorNotAccurate},
    {0x54, StatusCode{0x40940000}},  // UncertainEngineeringUnitsExceeded
    {0x58, kUncertainSubNormal},     //
    {0x00, StatusCode{0x80000000}},  // Bad
    {0x04, StatusCode{0x80890000}},  // BadConfigurationError
    {0x08, StatusCode{0x808A0000}},  // BadNotConnected
    {0x0C, kBadDeviceFailure},
    {0x10, kBadSensorFailure},
    {0x18, StatusCode{0x80310000}},  // BadNoCommunication
    {0x1C, StatusCode{0x808D0000}},  // BadOutOfService
    {0x20, StatusCode{0x80320000}},  // BadWaitingForInitialData
}};

}  // namespace tagwire::source::simulator
