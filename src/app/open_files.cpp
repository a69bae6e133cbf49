#include "app/open_files.h"

#include <sys/resource.h>

#include "base/log.h"

namespace tagwire::app {
namespace {

/// For all that is no client.
constexpr rlim_t kOthers = 512;

}  // namespace

void raiseOpenFileLimit(std::uint32_t connections) {
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    if (limit.rlim_max != RLIM_INFINITY && limit.rlim_max < connections + kOthers) {
        log::warning(
            "app",
            "the system lets this process have {} open files, too few for server.max_connections = {}: raise "
            "the limit (systemd: LimitNOFILE), or lower the option",
            limit.rlim_max, connections);
    }
}

}  // namespace tagwire::app
