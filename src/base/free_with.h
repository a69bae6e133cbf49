/// A deleter for std::unique_ptr over objects of C libraries, which a function frees.
/// Thread: any. Lifetime: value type.
#pragma once

namespace tagwire {

template <auto Free>
struct FreeWith {
    template <class T>
    void operator()(T* object) const noexcept {
        Free(object);
    }
};

}  // namespace tagwire
