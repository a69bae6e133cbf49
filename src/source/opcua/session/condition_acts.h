/// Acknowledges and confirms at the server, over the source's open connection.
/// Thread: the source's. Lifetime: outlives the connections.
#pragma once

#include <cstddef>
#include <memory>

#include "model/condition_services.h"

namespace tagwire::source::opcua {

class Generation;

class ConditionActs {
public:
    /// Calls that wait for the server's answer. One more is refused.
    static constexpr std::size_t kMaxOpen = 64;

    /// Answered once, whatever becomes of the connection; `connection` null: there is none.
    void begin(Generation* connection, const ConditionOrder& order, SteadyTime deadline,
               ServiceAnswer<ConditionAnswer> answer);

private:
    /// Held by each open call.
    std::shared_ptr<const int> open_ = std::make_shared<const int>();
};

}  // namespace tagwire::source::opcua
