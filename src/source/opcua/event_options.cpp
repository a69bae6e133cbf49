#include "source/opcua/event_options.h"

#include <unordered_map>

#include <fmt/format.h>

#include "source/opcua/text/node_id_text.h"

namespace tagwire::source::opcua {

void EventOptions::check(OptionErrors& errors) const {
    std::unordered_map<std::string, std::size_t> indexOfNode;
    for (std::size_t i = 0; i < notifiers.size(); ++i) {
        const auto key = fmt::format("notifiers[{}]", i);
        const auto node = NodeAddress::parse(notifiers[i]);
        if (!node) {
            errors.add(key, node.error().message);
        } else if (const auto [first, isNew] = indexOfNode.emplace(node->text(), i); !isNew) {
            errors.add(key, fmt::format("`{}` is notifiers[{}] already: its events would come twice",
                                        notifiers[i], first->second));
        }
    }
}

}  // namespace tagwire::source::opcua
