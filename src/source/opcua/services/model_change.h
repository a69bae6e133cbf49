/// Events by which a server tells that its address space has changed (OPC 10000-3, 9.32; OPC
/// 10000-5, 6.4.32). Thread: any. Lifetime: value types and functions.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "source/opcua/values/node_id.h"

namespace tagwire::source::opcua {

struct ModelChange {
    static constexpr std::uint8_t kNodeAdded = 0x01;
    static constexpr std::uint8_t kNodeDeleted = 0x02;
    static constexpr std::uint8_t kReferenceAdded = 0x04;
    static constexpr std::uint8_t kReferenceDeleted = 0x08;
    static constexpr std::uint8_t kDataTypeChanged = 0x10;

    /// The node concerned.
    NodeAddress node;
    /// Its type definition; nothing for what is no object and no variable.
    std::optional<NodeAddress> type;
    std::uint8_t verb = 0;

    friend bool operator==(const ModelChange&, const ModelChange&) = default;
};

/// More changes than this in one event are not listed: it is "anything".
inline constexpr std::size_t kMaxModelChanges = 10'000;

/// What the field Changes of a GeneralModelChangeEventType says; null where the event has no such field. An
/// empty list where anything may have changed.
[[nodiscard]] std::vector<ModelChange> modelChangesIn(const UA_Variant* field, NamespaceArray namespaces);

/// Wants to know when the address space changes. Thread: the source's.
class ModelChangeListener {
public:
    ModelChangeListener() = default;
    ModelChangeListener(const ModelChangeListener&) = delete;
    ModelChangeListener& operator=(const ModelChangeListener&) = delete;

    /// Empty: anything may have changed.
    virtual void onModelChanges(std::span<const ModelChange> changes) = 0;

protected:
    ~ModelChangeListener() = default;
};

}  // namespace tagwire::source::opcua
