/// Looks around at the server for people, over the connection that brings the values.
/// Thread: the source's. Lifetime: outlives the session.
#pragma once

#include <optional>
#include <string>

#include "model/source_services.h"
#include "source/opcua/services/browser.h"
#include "source/opcua/session/connection_part.h"

namespace tagwire::source::opcua {

class BrowsePart final : public ConnectionPart {
public:
    // Every question is answered once: with BadNotConnected while there is no connection, and with
    // BadConnectionClosed when it breaks before the server has answered.

    void browse(const BrowseQuestion& question, ServiceAnswer<BrowsePage> answer);
    void attributes(const std::string& node, ServiceAnswer<NodeAttributes> answer);
    void search(const SearchQuestion& question, ServiceAnswer<SearchAnswer> answer);

    void onOpened(Generation& generation) override;
    void onTurn(Generation& generation, SteadyTime now) override;
    void onClosed() override;

private:
    /// Finds the node that people mean, then goes on with `begin(address, answer)`.
    template <class T, class Begin>
    void locate(const std::string& node, ServiceAnswer<T> answer, Begin begin);

    Generation* generation_ = nullptr;
    std::optional<Browser> browser_;
};

}  // namespace tagwire::source::opcua
