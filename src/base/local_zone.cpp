#include "base/local_zone.h"

#include <cstdlib>
#include <filesystem>
#include <string_view>
#include <system_error>

namespace tagwire {

std::string localZoneName() {
    // NOLINTNEXTLINE(concurrency-mt-unsafe): nobody sets variables in this process
    if (const char* set = std::getenv("TZ"); set != nullptr) {
        std::string_view name = set;
        if (name.starts_with(':')) name.remove_prefix(1);
        // A rule such as `CST-8` names no place.
        const bool named = name.find('/') != std::string_view::npos && !name.starts_with('/');
        return named || name == "UTC" ? std::string(name) : "";
    }
    std::error_code failed;
    const auto target = std::filesystem::canonical("/etc/localtime", failed).string();
    constexpr std::string_view kFolder = "/zoneinfo/";
    const auto found = target.find(kFolder);
    if (failed || found == std::string::npos) return "";
    return target.substr(found + kFolder.size());
}

}  // namespace tagwire
