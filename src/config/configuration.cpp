#include "config/configuration.h"

#include <string>
#include <unordered_map>

#include <fmt/format.h>

namespace tagwire::config {
namespace {

void checkSourceNames(const Configuration& configuration, OptionErrors& errors) {
    std::unordered_map<std::string, std::string> keyOfName;
    if (configuration.simulator.enabled) keyOfName.emplace(configuration.simulator.name, "simulator.name");
    const auto checkName = [&](const std::string& name, const std::string& key) {
        const auto [first, added] = keyOfName.emplace(name, key);
        if (added) return;
        errors.add(key,
                   fmt::format("\"{}\" is already the name of another source ({}); give each its own name",
                               name, first->second));
    };
    for (std::size_t i = 0; i < configuration.opcua.size(); ++i)
        checkName(configuration.opcua[i].name, fmt::format("opcua[{}].name", i));
    for (std::size_t i = 0; i < configuration.opcda.size(); ++i)
        checkName(configuration.opcda[i].name, fmt::format("opcda[{}].name", i));
}

/// A token opens one source, and a prefix keeps the items of one server apart from all other tags.
void checkAgents(const Configuration& configuration, OptionErrors& errors) {
    std::unordered_map<std::string, std::size_t> ownerOfToken;
    std::unordered_map<std::string, std::size_t> ownerOfPrefix;
    for (std::size_t i = 0; i < configuration.opcda.size(); ++i) {
        const auto& source = configuration.opcda[i];
        if (const auto [first, added] = ownerOfToken.emplace(source.tokenSha256, i); !added) {
            errors.add(fmt::format("opcda[{}].token_sha256", i),
                       fmt::format("is the same as that of opcda[{}]; each source has a token of its own",
                                   first->second));
        }
        const std::string key = fmt::format("opcda[{}].prefix", i);
        if (const auto [first, added] = ownerOfPrefix.emplace(source.prefix, i); !added) {
            errors.add(key, fmt::format("\"{}\" is already the prefix of opcda[{}]; give each its own",
                                        source.prefix, first->second));
        }
        if (configuration.simulator.enabled && claims(configuration.simulator, source.prefix)) {
            errors.add(key, fmt::format("\"{}\" lies among the simulator's tags; choose another prefix, or "
                                        "switch the simulator off",
                                        source.prefix));
        }
    }
}

/// Paths within one server are checked by its own options.
void checkTagPaths(const Configuration& configuration, OptionErrors& errors) {
    struct Owner {
        std::size_t server;
        std::size_t tag;
    };
    std::unordered_map<std::string, Owner> ownerOfPath;
    for (std::size_t i = 0; i < configuration.opcua.size(); ++i) {
        const auto& server = configuration.opcua[i];
        for (std::size_t t = 0; t < server.tags.size(); ++t) {
            const std::string path = source::opcua::tagPathText(server, server.tags[t]);
            const std::string key = fmt::format("opcua[{}].tags[{}].name", i, t);
            if (configuration.simulator.enabled && claims(configuration.simulator, path)) {
                errors.add(
                    key,
                    fmt::format("the tag path \"{}\" lies among the simulator's tags; set another prefix for "
                                "opcua[{}] or for the simulator, or switch the simulator off",
                                path, i));
            }
            const auto [first, added] = ownerOfPath.emplace(path, Owner{i, t});
            if (added || first->second.server == i) continue;
            errors.add(
                key,
                fmt::format("the tag path \"{}\" is already used by opcua[{}].tags[{}]; set a prefix for one "
                            "of the servers",
                            path, first->second.server, first->second.tag));
        }
    }
}

}  // namespace

void Configuration::check(OptionErrors& errors) const {
    checkSourceNames(*this, errors);
    checkTagPaths(*this, errors);
    if (postgresql.enabled() && !history.enabled)
        errors.add("postgresql.conninfo",
                   "what is sent is the record, which is switched off: set history.enabled");
    checkAgents(*this, errors);
}

}  // namespace tagwire::config
