#include "client/tree.h"

#include <string>
#include <vector>

#include <fmt/format.h>

namespace tagwire::da {
namespace {

constexpr std::size_t kMaxDepth = 32;
constexpr std::size_t kMaxItems = 1'000'000;

struct Walk {
    DaServer& server;
    const TellEntry& tell;
    std::size_t items = 0;
    bool stopped = false;

    Result<void> below(const std::vector<std::string>& path) {
        const auto entries = server.browse(path);
        if (!entries) return tl::unexpected(entries.error());
        for (const auto& entry : *entries) {
            if (!tell(entry, path)) {
                stopped = true;
                return {};
            }
            if (!entry.itemId.empty() && ++items > kMaxItems)
                return fail("the server has more than a million items");
            if (!entry.isBranch) continue;
            if (path.size() >= kMaxDepth)
                return fail(fmt::format("the branches are nested deeper than {}: {}", kMaxDepth, entry.name));
            auto next = path;
            next.push_back(entry.step);
            if (auto done = below(next); !done || stopped) return done;
        }
        return {};
    }
};

}  // namespace

Result<void> walkTree(DaServer& server, const TellEntry& tell) {
    return Walk{.server = server, .tell = tell}.below({});
}

}  // namespace tagwire::da
