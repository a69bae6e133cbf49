/// What one connection writes, and the buttons it holds: when it ends, they are let go.
/// Thread: the shard's; the desk answers from its own. Lifetime: owned by the session; what is answered after
/// its end finds nobody.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "serve/write_order.h"
#include "wire/generated/protocol.h"

namespace tagwire::serve {

class WriteRequests {
public:
    struct Outlet {
        std::function<void(wire::RequestId, const std::vector<wire::WriteRow>&)> send;
        std::function<void(wire::RequestId, const WriteRefusal&)> refuse;
    };

    WriteRequests(Shard& shard, Outlet outlet);
    ~WriteRequests();
    WriteRequests(const WriteRequests&) = delete;
    WriteRequests& operator=(const WriteRequests&) = delete;

    /// At most wire::kMaxWriteRequests wait for their answers, or are held.
    void write(const wire::WriteFrame& request, const Caller& caller);
    void press(const wire::PressFrame& request, const Caller& caller);
    void hold(const wire::HoldFrame& request);
    void release(const wire::ReleaseFrame& request);
    /// Every button.
    void letGo(ReleaseCause cause);

private:
    struct Shared;

    /// Nothing: there is room for one more.
    [[nodiscard]] std::optional<WriteRefusal> noRoom() const;

    std::shared_ptr<Shared> shared_;
};

}  // namespace tagwire::serve
