/// One connection point and its sinks.
/// Thread: any. Lifetime: shared; the container detaches itself when it goes.
#pragma once

#include <map>
#include <mutex>
#include <vector>

#include "com/com_object.h"
#include "com/platform.h"

namespace tagwire::da {

/// `Sink` is the interface that clients bring.
template <class Sink>
class ConnectionPoint : public ComObject<IConnectionPoint> {
public:
    explicit ConnectionPoint(IConnectionPointContainer* container) : container_(container) {}

    void detach() {
        const std::lock_guard lock(mutex_);
        container_ = nullptr;
        sinks_.clear();
    }

    [[nodiscard]] std::map<DWORD, ComPtr<Sink>> sinks() const {
        const std::lock_guard lock(mutex_);
        return sinks_;
    }

    HRESULT STDMETHODCALLTYPE GetConnectionInterface(IID* iid) override {
        *iid = __uuidof(Sink);
        return S_OK;
    }
    HRESULT STDMETHODCALLTYPE GetConnectionPointContainer(IConnectionPointContainer** out) override {
        const std::lock_guard lock(mutex_);
        *out = container_;
        if (container_ == nullptr) return E_UNEXPECTED;
        container_->AddRef();
        return S_OK;
    }
    HRESULT STDMETHODCALLTYPE Advise(IUnknown* unknown, DWORD* cookie) override {
        constexpr std::size_t kMaxSinks = 16;
        const auto sink = ComPtr<IUnknown>(unknown).as<Sink>();
        if (!sink) return static_cast<HRESULT>(0x80040202U);  // CONNECT_E_CANNOTCONNECT
        const std::lock_guard lock(mutex_);
        if (sinks_.size() >= kMaxSinks) return static_cast<HRESULT>(0x80040201U);  // CONNECT_E_ADVISELIMIT
        *cookie = ++lastCookie_;
        sinks_.emplace(*cookie, sink);
        return S_OK;
    }
    HRESULT STDMETHODCALLTYPE Unadvise(DWORD cookie) override {
        ComPtr<Sink> gone;  // released after the lock: that may be a call to another process
        const std::lock_guard lock(mutex_);
        const auto found = sinks_.find(cookie);
        if (found == sinks_.end()) return static_cast<HRESULT>(0x80040200U);  // CONNECT_E_NOCONNECTION
        gone = found->second;
        sinks_.erase(found);
        return S_OK;
    }
    HRESULT STDMETHODCALLTYPE EnumConnections(IEnumConnections**) override { return E_NOTIMPL; }

private:
    mutable std::mutex mutex_;
    IConnectionPointContainer* container_;
    std::map<DWORD, ComPtr<Sink>> sinks_;
    DWORD lastCookie_ = 0;
};

}  // namespace tagwire::da
