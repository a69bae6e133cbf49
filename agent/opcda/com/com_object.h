/// What every COM object of ours shares: the count of references and the list of interfaces.
/// Thread: any. Lifetime: lives until the last reference goes; made by makeCom().
#pragma once

#include <atomic>
#include <memory>
#include <type_traits>

#include "com/com_ptr.h"
#include "com/platform.h"

namespace tagwire::da {

template <class... Interfaces>
class ComObject : public Interfaces... {
public:
    ComObject() = default;
    ComObject(const ComObject&) = delete;
    ComObject& operator=(const ComObject&) = delete;

    HRESULT STDMETHODCALLTYPE QueryInterface(REFIID iid, void** out) override {
        if (out == nullptr) return E_POINTER;
        *out = nullptr;
        if (iid == IID_IUnknown) {
            *out = identity();
        } else {
            ((iid == __uuidof(Interfaces) ? void(*out = static_cast<Interfaces*>(this)) : void()), ...);
        }
        if (*out == nullptr) return E_NOINTERFACE;
        AddRef();
        return S_OK;
    }
    ULONG STDMETHODCALLTYPE AddRef() override { return ++references_; }
    ULONG STDMETHODCALLTYPE Release() override {
        const ULONG left = --references_;
        if (left == 0) std::default_delete<ComObject>{}(this);
        return left;
    }

protected:
    virtual ~ComObject() = default;

private:
    friend std::default_delete<ComObject>;
    template <class First, class...>
    struct FirstOf {
        using Type = First;
    };
    IUnknown* identity() noexcept { return static_cast<typename FirstOf<Interfaces...>::Type*>(this); }

    std::atomic<ULONG> references_{1};
};

/// The only way to make a COM object: its first reference has an owner at once.
template <class T, class... Arguments>
[[nodiscard]] ComPtr<T> makeCom(Arguments&&... arguments) {
    return ComPtr<T>::attach(std::make_unique<T>(std::forward<Arguments>(arguments)...).release());
}

}  // namespace tagwire::da
