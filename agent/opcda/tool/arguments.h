/// The command line of tagwire-da-agent.
/// Thread: any. Lifetime: value type.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"

namespace tagwire::da {

struct Arguments {
    std::string command;
    std::string server;              ///< of bridge: the gateway
    std::vector<std::string> words;  ///< items, a pattern, a value
    bool json = false;
    bool flat = false;
    bool cache = false;
    std::uint32_t rateMs = 1000;
    float deadband = 0;         ///< percent of the item's range
    std::uint32_t seconds = 0;  ///< of a watch; 0: without an end
    std::string tokenFile;
    std::string gatewaySha256;
    bool allowPlain = false;
    std::string keepFolder;
    std::uint32_t keepMegabytes = 64;
};

[[nodiscard]] Result<Arguments> parseArguments(const std::vector<std::string>& words);

}  // namespace tagwire::da
