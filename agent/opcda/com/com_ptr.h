/// Ownership of COM references and of memory of the COM allocator.
/// Thread: any thread of the process's one multi-threaded apartment. Lifetime: value types.
#pragma once

#include <cstddef>
#include <utility>

#include "com/platform.h"

namespace tagwire::da {

/// One reference to a COM object, or none.
template <class T>
class ComPtr {
public:
    ComPtr() noexcept = default;
    /// Adds a reference of its own.
    explicit ComPtr(T* object) noexcept : object_(object) {
        if (object_ != nullptr) object_->AddRef();
    }
    ComPtr(const ComPtr& other) noexcept : ComPtr(other.object_) {}
    ComPtr(ComPtr&& other) noexcept : object_(std::exchange(other.object_, nullptr)) {}
    ComPtr& operator=(ComPtr other) noexcept {
        std::swap(object_, other.object_);
        return *this;
    }
    ~ComPtr() {
        if (object_ != nullptr) object_->Release();
    }

    /// Takes over a reference that the caller has.
    [[nodiscard]] static ComPtr attach(T* object) noexcept {
        ComPtr owner;
        owner.object_ = object;
        return owner;
    }

    [[nodiscard]] T* get() const noexcept { return object_; }
    T* operator->() const noexcept { return object_; }
    explicit operator bool() const noexcept { return object_ != nullptr; }

    /// For a function that returns a reference through an argument.
    [[nodiscard]] T** out() noexcept {
        *this = ComPtr{};
        return &object_;
    }
    [[nodiscard]] void** outVoid() noexcept {
        void* address = out();
        return static_cast<void**>(address);
    }

    /// The same object by another interface; empty where it has none.
    template <class Other>
    [[nodiscard]] ComPtr<Other> as() const noexcept {
        ComPtr<Other> other;
        if (object_ != nullptr && FAILED(object_->QueryInterface(__uuidof(Other), other.outVoid())))
            return {};
        return other;
    }

private:
    T* object_ = nullptr;
};

/// An array, structure or string that the other side allocated with CoTaskMemAlloc.
template <class T>
class TaskMemory {
public:
    TaskMemory() noexcept = default;
    TaskMemory(const TaskMemory&) = delete;
    TaskMemory& operator=(const TaskMemory&) = delete;
    ~TaskMemory() { CoTaskMemFree(memory_); }

    [[nodiscard]] T** out() noexcept { return &memory_; }
    [[nodiscard]] T* get() const noexcept { return memory_; }
    T* operator->() const noexcept { return memory_; }
    T& operator[](std::size_t index) const noexcept { return memory_[index]; }
    explicit operator bool() const noexcept { return memory_ != nullptr; }

private:
    T* memory_ = nullptr;
};

/// Zeroed memory of the COM allocator for `count` of T; null when there is none.
template <class T>
[[nodiscard]] T* allocateTask(std::size_t count) noexcept {
    void* memory = CoTaskMemAlloc(count == 0 ? sizeof(T) : count * sizeof(T));
    if (memory != nullptr) ZeroMemory(memory, count == 0 ? sizeof(T) : count * sizeof(T));
    return static_cast<T*>(memory);
}

}  // namespace tagwire::da
