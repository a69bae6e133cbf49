/// Units and ranges of analog values.
/// Thread: any. Lifetime: value types.
#pragma once

#include <cstdint>
#include <string>

namespace tagwire {

/// OPC 10000-8, 5.6.4.3. `symbol` is what is displayed ("°C"); `unitId` the UNECE code as OPC UA packs it, or
/// -1.
struct EngineeringUnits {
    std::string symbol;
    std::string description;
    std::int32_t unitId = -1;
    friend bool operator==(const EngineeringUnits&, const EngineeringUnits&) = default;
};

/// The normal range of the value in engineering units (OPC 10000-8, 5.6.2).
struct EURange {
    double low = 0;
    double high = 0;
    friend bool operator==(const EURange&, const EURange&) = default;
};

}  // namespace tagwire
