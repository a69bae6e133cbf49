/// RAII and type descriptions for open62541's C structures.
/// Thread: any. Lifetime: value types.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include <open62541/types.h>
#include <open62541/types_generated.h>

#include "base/time.h"

namespace tagwire::source::opcua {

/// The library's description of the structure T; only the specialisations below exist.
template <class T>
[[nodiscard]] const UA_DataType& dataTypeOf() noexcept = delete;

template <>
[[nodiscard]] inline const UA_DataType& dataTypeOf<UA_NodeId>() noexcept {
    return UA_TYPES[UA_TYPES_NODEID];
}
template <>
[[nodiscard]] inline const UA_DataType& dataTypeOf<UA_ReadRequest>() noexcept {
    return UA_TYPES[UA_TYPES_READREQUEST];
}
template <>
[[nodiscard]] inline const UA_DataType& dataTypeOf<UA_ReadResponse>() noexcept {
    return UA_TYPES[UA_TYPES_READRESPONSE];
}
template <>
[[nodiscard]] inline const UA_DataType& dataTypeOf<UA_CreateSubscriptionRequest>() noexcept {
    return UA_TYPES[UA_TYPES_CREATESUBSCRIPTIONREQUEST];
}
template <>
[[nodiscard]] inline const UA_DataType& dataTypeOf<UA_CreateSubscriptionResponse>() noexcept {
    return UA_TYPES[UA_TYPES_CREATESUBSCRIPTIONRESPONSE];
}
template <>
[[nodiscard]] inline const UA_DataType& dataTypeOf<UA_CreateMonitoredItemsRequest>() noexcept {
    return UA_TYPES[UA_TYPES_CREATEMONITOREDITEMSREQUEST];
}
template <>
[[nodiscard]] inline const UA_DataType& dataTypeOf<UA_CreateMonitoredItemsResponse>() noexcept {
    return UA_TYPES[UA_TYPES_CREATEMONITOREDITEMSRESPONSE];
}
template <>
[[nodiscard]] inline const UA_DataType& dataTypeOf<UA_PublishRequest>() noexcept {
    return UA_TYPES[UA_TYPES_PUBLISHREQUEST];
}
template <>
[[nodiscard]] inline const UA_DataType& dataTypeOf<UA_PublishResponse>() noexcept {
    return UA_TYPES[UA_TYPES_PUBLISHRESPONSE];
}

/// Owns the members of one structure; empty at first.
template <class T>
class Ua {
public:
    Ua() noexcept { UA_init(&value_, &dataTypeOf<T>()); }
    Ua(Ua&& other) noexcept : value_(other.value_) { UA_init(&other.value_, &dataTypeOf<T>()); }
    Ua& operator=(Ua&& other) noexcept {
        std::swap(value_, other.value_);
        return *this;
    }
    Ua(const Ua&) = delete;
    Ua& operator=(const Ua&) = delete;
    ~Ua() { UA_clear(&value_, &dataTypeOf<T>()); }

    [[nodiscard]] T& get() noexcept { return value_; }
    [[nodiscard]] const T& get() const noexcept { return value_; }
    T* operator->() noexcept { return &value_; }
    const T* operator->() const noexcept { return &value_; }

private:
    T value_;
};

[[nodiscard]] inline std::string_view view(const UA_String& text) noexcept {
    return text.data == nullptr ? std::string_view{}
                                : std::string_view{reinterpret_cast<const char*>(text.data), text.length};
}

/// Points into `text`, which must outlive it; not to be cleared.
[[nodiscard]] inline UA_String borrow(std::string_view text) noexcept {
    // The library only reads what requests point to, though its structures are not const.
    return {text.size(), reinterpret_cast<UA_Byte*>(const_cast<char*>(text.data()))};
}

/// A copy that the structure it is put into owns.
[[nodiscard]] inline UA_String copyOf(std::string_view text) noexcept {
    const UA_String borrowed = borrow(text);
    UA_String copy{};
    if (UA_String_copy(&borrowed, &copy) != UA_STATUSCODE_GOOD) return UA_String{};
    return copy;
}

/// From 100 ns ticks since 1601 (OPC 10000-6, 5.2.2.5); the ends of the range stay where they are.
[[nodiscard]] constexpr Timestamp timestampOf(UA_DateTime time) noexcept {
    constexpr std::int64_t kUnixEpoch = 116'444'736'000'000'000;
    constexpr std::int64_t kMin = INT64_MIN + kUnixEpoch;
    return Timestamp{Ticks{(time < kMin ? kMin : time) - kUnixEpoch}};
}

}  // namespace tagwire::source::opcua
