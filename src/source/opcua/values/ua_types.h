/// RAII and type descriptions for open62541's C structures.
/// Thread: any. Lifetime: value types.
#pragma once

#include <cstddef>
#include <new>
#include <string>
#include <string_view>
#include <utility>

#include <open62541/types.h>

#include "base/time.h"
#include "source/opcua/values/ua_data_types.h"

namespace tagwire::source::opcua {

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

/// Owns an array of the library's structures; the elements are empty at first.
template <class T>
class UaArray {
public:
    UaArray() noexcept = default;
    explicit UaArray(std::size_t size)
        : data_(static_cast<T*>(UA_Array_new(size, &dataTypeOf<T>()))), size_(size) {
        if (data_ == nullptr) throw std::bad_alloc();
    }
    UaArray(UaArray&& other) noexcept
        : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}
    UaArray& operator=(UaArray&& other) noexcept {
        std::swap(data_, other.data_);
        std::swap(size_, other.size_);
        return *this;
    }
    UaArray(const UaArray&) = delete;
    UaArray& operator=(const UaArray&) = delete;
    ~UaArray() { UA_Array_delete(data_, size_, &dataTypeOf<T>()); }

    /// For a structure that owns the array from now on.
    [[nodiscard]] T* release() noexcept {
        size_ = 0;
        return std::exchange(data_, nullptr);
    }

    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    [[nodiscard]] T* data() noexcept { return data_; }
    [[nodiscard]] T& operator[](std::size_t index) noexcept { return data_[index]; }
    [[nodiscard]] const T& operator[](std::size_t index) const noexcept { return data_[index]; }

private:
    T* data_ = nullptr;
    std::size_t size_ = 0;
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

/// DateTimes from 9999-12-31T23:59:59Z on, and up to 1601, mean that the time is not known (OPC 10000-6,
/// 5.2.2.5).
[[nodiscard]] constexpr bool isKnown(UA_DateTime time) noexcept {
    constexpr UA_DateTime kEndOfTime = 2'650'467'743'990'000'000;
    return time > 0 && time < kEndOfTime;
}

/// From 100 ns ticks since 1601 (OPC 10000-6, 5.2.2.5); the ends of the range stay where they are.
[[nodiscard]] constexpr Timestamp timestampOf(UA_DateTime time) noexcept {
    constexpr std::int64_t kUnixEpoch = 116'444'736'000'000'000;
    constexpr std::int64_t kMin = INT64_MIN + kUnixEpoch;
    return Timestamp{Ticks{(time < kMin ? kMin : time) - kUnixEpoch}};
}

/// `otherwise` where the time is not known.
[[nodiscard]] constexpr Timestamp timestampOr(UA_DateTime time, Timestamp otherwise) noexcept {
    return isKnown(time) ? timestampOf(time) : otherwise;
}

/// Opposite of timestampOf().
[[nodiscard]] constexpr UA_DateTime dateTimeOf(Timestamp time) noexcept {
    constexpr std::int64_t kUnixEpoch = -timestampOf(0).time_since_epoch().count();
    const std::int64_t ticks = time.time_since_epoch().count();
    return ticks > INT64_MAX - kUnixEpoch ? INT64_MAX : ticks + kUnixEpoch;
}

}  // namespace tagwire::source::opcua
