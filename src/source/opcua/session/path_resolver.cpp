#include "source/opcua/session/path_resolver.h"

#include <utility>

#include "base/log.h"
#include "source/opcua/services/browse_path.h"

namespace tagwire::source::opcua {

NodeLocator locatorOf(const ItemAddress& address) {
    if (const auto* node = std::get_if<NodeAddress>(&address)) return *node;
    auto locator = parseNodeLocator(std::get<BrowseAddress>(address).text);
    // The configuration was checked; what is no path is found nowhere.
    return locator ? std::move(*locator) : NodeLocator{BrowsePathText{}};
}

void PathResolver::resolve(UaClient& client, NamespaceArray namespaces, std::vector<std::string> places,
                           std::function<void(Nodes&)> done) {
    std::vector<NodeLocator> locators;
    locators.reserve(places.size());
    for (const std::string& place : places) locators.push_back(locatorOf(BrowseAddress{place}));
    // The server's limit is found out by halving where it is exceeded.
    locateNodes({client, {}, namespaces}, locators,
                [places = std::move(places), done = std::move(done)](std::vector<LocatedNode> found) {
                    Nodes nodes;
                    for (std::size_t i = 0; i < found.size(); ++i) {
                        if (found[i].status.isBad()) {
                            log::warning("opcua", "{}: {}", places[i], found[i].reason);
                            nodes.emplace_back(tl::unexpected(found[i].status));
                        } else {
                            nodes.emplace_back(std::move(found[i].id));
                        }
                    }
                    done(nodes);
                });
}

}  // namespace tagwire::source::opcua
