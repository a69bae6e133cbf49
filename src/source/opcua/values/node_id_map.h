/// Hash maps with node ids of the library as keys, looked up without copying the id.
/// Thread: the owner's. Lifetime: value types.
#pragma once

#include <cstddef>
#include <new>
#include <unordered_map>

#include <open62541/types_generated_handling.h>

#include "source/opcua/values/ua_types.h"

namespace tagwire::source::opcua {

struct NodeIdHash {
    using is_transparent = void;
    std::size_t operator()(const UA_NodeId& id) const noexcept { return UA_NodeId_hash(&id); }
    std::size_t operator()(const Ua<UA_NodeId>& id) const noexcept { return (*this)(id.get()); }
};

struct NodeIdEqual {
    using is_transparent = void;
    static const UA_NodeId* plain(const UA_NodeId& id) noexcept { return &id; }
    static const UA_NodeId* plain(const Ua<UA_NodeId>& id) noexcept { return &id.get(); }
    template <class A, class B>
    bool operator()(const A& a, const B& b) const noexcept {
        return UA_order(plain(a), plain(b), &dataTypeOf<UA_NodeId>()) == UA_ORDER_EQ;
    }
};

template <class T>
using NodeIdMap = std::unordered_map<Ua<UA_NodeId>, T, NodeIdHash, NodeIdEqual>;

[[nodiscard]] inline Ua<UA_NodeId> copyOf(const UA_NodeId& id) {
    Ua<UA_NodeId> copy;
    if (UA_NodeId_copy(&id, &copy.get()) != UA_STATUSCODE_GOOD) throw std::bad_alloc();
    return copy;
}

[[nodiscard]] inline UA_NodeId standardNode(UA_UInt32 number) noexcept {
    UA_NodeId id{};
    id.identifier.numeric = number;
    return id;
}

}  // namespace tagwire::source::opcua
