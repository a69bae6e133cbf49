/// Walks an address space breadth first along its hierarchical references. Every node is met once, whatever
/// cycles and second ways the references make; nodes, depth and time are bounded. References to other servers
/// are shown to the visitor and not followed. Thread: the source's. Lifetime: functions; as batched_call.h.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

#include "base/time.h"
#include "model/status_code.h"
#include "source/opcua/services/operation.h"
#include "source/opcua/services/server_view.h"
#include "source/opcua/text/browse_path_text.h"
#include "source/opcua/values/ua_types.h"

namespace tagwire::source::opcua {

struct WalkBounds {
    /// Nodes that are met, besides the first.
    std::size_t maxNodes = 100'000;
    /// Of children of the first node it is 1.
    std::size_t maxDepth = 64;
    std::chrono::milliseconds maxTime{30'000};
    /// Classes that are met, as UA_NODECLASS_*; 0 for all.
    UA_UInt32 nodeClassMask = 0;
};

enum class WalkStop : std::uint8_t { Complete, NodeLimit, TimeLimit, Visitor, Failed };

/// How far a walk came.
struct WalkEnd {
    WalkStop stop = WalkStop::Complete;
    /// Why it failed: of the connection, or of the first node. Good otherwise.
    StatusCode status;
    std::size_t nodes = 0;
    /// Nodes whose references the server did not give, or not all of them; and why not those of the first.
    std::size_t failedNodes = 0;
    StatusCode firstFailure;
    /// In words; null where nothing was cut off.
    const char* cutOff = nullptr;
    /// There was more below maxDepth.
    bool depthReached = false;

    /// All there is was met.
    [[nodiscard]] bool complete() const noexcept {
        return stop == WalkStop::Complete && failedNodes == 0 && cutOff == nullptr;
    }
    /// What an administrator has to know; empty when everything was met.
    [[nodiscard]] std::string words() const;
};

/// The way to a node that was met, for as long as the visitor is called.
class WalkPath {
public:
    WalkPath() = default;
    WalkPath(const WalkPath&) = delete;
    WalkPath& operator=(const WalkPath&) = delete;
    virtual ~WalkPath() = default;

    /// Browse names from the child of the first node to this one, in their order.
    virtual void forEach(const std::function<void(const QualifiedName&)>& take) const = 0;
    [[nodiscard]] virtual std::size_t depth() const noexcept = 0;
};

enum class Visit : std::uint8_t { Descend, Skip, Stop };

struct WalkCallbacks {
    /// A node that has not been met before. `reference` is the library's, for the moment.
    std::function<Visit(const UA_ReferenceDescription& reference, const WalkPath& path, bool remote)> visit;
    /// After every answer of the server; may be empty.
    std::function<void()> onProgress;
    std::function<void(const WalkEnd& end)> onDone;
};

Operation walkAddressSpace(const ServerView& server, Ua<UA_NodeId> start, const WalkBounds& bounds,
                           WalkCallbacks callbacks);

}  // namespace tagwire::source::opcua
