/// The values of one connection: converts each, and keeps those whose types still have to be read from the
/// server until they can be converted whole. Thread: the source's. Lifetime: one generation.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/time.h"
#include "model/data_value.h"
#include "source/opcua/values/value_convert.h"

namespace tagwire::source::opcua {

class ValueDecoder {
public:
    /// Of all values that wait for their types. Where it is used up, a value stays opaque until its next
    /// change.
    static constexpr std::size_t kMaxWaitingBytes = 16'777'216;

    /// The namespaces outlive it, and are complete before the first value comes in.
    explicit ValueDecoder(const std::vector<std::string>& namespaces) : types_(namespaces) {}

    /// The value of the item with this clientHandle. When parts of it are opaque because their types are
    /// being read, it comes again from retry().
    [[nodiscard]] DataValue decode(const UA_DataValue& value, std::uint32_t handle, Timestamp received) {
        ConvertContext context{.namespaces = types_.namespaces(), .types = &types_};
        DataValue out = convert(value, context, received);
        if (context.awaitsTypes || !waiting_.empty())
            keepLatest(value, handle, received, context.awaitsTypes);
        return out;
    }

    /// The same for a value that stands as the server has encoded it. What cannot be decoded is Bad.
    [[nodiscard]] DataValue decode(std::string_view encoded, std::uint32_t handle, Timestamp received);
    /// A value that needs no types: it takes the place of one that still waits for them.
    void passedBy(std::uint32_t handle) {
        if (!waiting_.empty()) forget(handle);
    }

    struct Decoded {
        std::uint32_t handle = 0;
        DataValue value;
    };
    /// The last values of items that were opaque, now that more types are known. Those that still lack types
    /// go on waiting.
    [[nodiscard]] std::vector<Decoded> retry();

    [[nodiscard]] StructureTypes& types() noexcept { return types_; }
    [[nodiscard]] NamespaceArray namespaces() const noexcept { return types_.namespaces(); }

private:
    struct Waiting {
        Ua<UA_DataValue> value;
        std::size_t bytes = 0;
        Timestamp received;
    };

    void keepLatest(const UA_DataValue& value, std::uint32_t handle, Timestamp received, bool awaitsTypes);
    void forget(std::uint32_t handle);

    StructureTypes types_;
    std::unordered_map<std::uint32_t, Waiting> waiting_;
    std::size_t waitingBytes_ = 0;
};

}  // namespace tagwire::source::opcua
