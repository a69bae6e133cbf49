#include "source/simulator/options.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "model/tag_path.h"
#include "model/tag_patterns.h"

namespace tagwire::source::simulator {
namespace {

constexpr std::array<std::string_view, 11> kMatrikonRoots{
    "#MonitorACLFile",   "@ClientCount", "@Clients",       "Bucket Brigade", "Random",    "Read Error",
    "Saw-toothed Waves", "Square Waves", "Triangle Waves", "Write Error",    "Write Only"};

}  // namespace

void SimulatorOptions::check(OptionErrors& errors) const {
    if (!prefix.empty()) {
        if (const auto path = TagPath::parse(prefix); !path) errors.add("prefix", path.error().message);
    }
    checkPatterns("writable", writable, errors);
    const double scansPerSecond = 1000.0 / static_cast<double>(scan.count());
    if (loadTags > 0 && loadRateHz > scansPerSecond) {
        errors.add("load_rate_hz",
                   fmt::format(
                       "must be at most {} Hz, because values change at most once a scan of {} ms, but is {}",
                       scansPerSecond, scan.count(), loadRateHz));
    }
}

bool claims(const SimulatorOptions& options, std::string_view path) noexcept {
    if (!options.prefix.empty()) {
        if (!path.starts_with(options.prefix)) return false;
        path.remove_prefix(options.prefix.size());
        if (path.empty()) return true;
        if (path.front() != '.') return false;
        path.remove_prefix(1);
    }
    const std::string_view root = path.substr(0, path.find('.'));
    if (root == "Plant") return options.plant;
    if (root == "Load") return options.loadTags > 0;
    return options.matrikon && std::ranges::find(kMatrikonRoots, root) != kMatrikonRoots.end();
}

}  // namespace tagwire::source::simulator
