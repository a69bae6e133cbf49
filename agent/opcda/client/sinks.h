/// What an OPC DA server calls back, and the connection points by which it knows whom.
/// Thread: calls come on threads of COM. Lifetime: sinks are shared with the server; an Advice ends that.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "client/da_server.h"
#include "client/reading.h"
#include "com/com_object.h"
#include "com/com_ptr.h"
#include "com/platform.h"
#include "com/text.h"
#include "opcda.h"

namespace tagwire::da {

/// An advised sink; unadvised when it goes. Empty where the server has no such connection point.
class Advice {
public:
    Advice() = default;
    Advice(const Advice&) = delete;
    Advice& operator=(const Advice&) = delete;
    Advice(Advice&& other) noexcept
        : point_(std::move(other.point_)), cookie_(std::exchange(other.cookie_, 0)) {}
    Advice& operator=(Advice&&) = delete;
    ~Advice() {
        if (point_) point_->Unadvise(cookie_);
    }

    template <class Sink>
    [[nodiscard]] static HRESULT make(const ComPtr<IConnectionPointContainer>& container, Sink* sink,
                                      std::unique_ptr<Advice>& out) {
        if (!container) return E_NOINTERFACE;
        auto advice = std::make_unique<Advice>();
        ComPtr<IConnectionPoint> point;
        HRESULT result = container->FindConnectionPoint(__uuidof(Sink), point.out());
        if (FAILED(result)) return result;
        result = point->Advise(sink, &advice->cookie_);
        if (FAILED(result)) return result;
        advice->point_ = std::move(point);
        out = std::move(advice);
        return S_OK;
    }

private:
    ComPtr<IConnectionPoint> point_;
    DWORD cookie_ = 0;
};

class ShutdownSink final : public ComObject<IOPCShutdown> {
public:
    explicit ShutdownSink(std::function<void(std::string)> tell) : tell_(std::move(tell)) {}
    HRESULT STDMETHODCALLTYPE ShutdownRequest(LPCWSTR reason) override {
        tell_(utf8Of(reason));
        return S_OK;
    }

private:
    std::function<void(std::string)> tell_;
};

class DataSink final : public ComObject<IOPCDataCallback> {
public:
    explicit DataSink(std::function<void(std::size_t, const ItemReading&)> tell) : tell_(std::move(tell)) {}

    HRESULT STDMETHODCALLTYPE OnDataChange(DWORD, HND, HRESULT, HRESULT, DWORD n, HND* clients,
                                           VARIANT* values, WORD* qualities, FILETIME* times,
                                           HRESULT* errors) override {
        for (DWORD i = 0; i < n; ++i)
            tell_(clients[i], readingOf(values[i], qualities[i], times[i], errors[i]));
        return S_OK;
    }
    // Only what was asked asynchronously is answered by these, and we never ask so.
    HRESULT STDMETHODCALLTYPE OnReadComplete(DWORD, HND, HRESULT, HRESULT, DWORD, HND*, VARIANT*, WORD*,
                                             FILETIME*, HRESULT*) override {
        return S_OK;
    }
    HRESULT STDMETHODCALLTYPE OnWriteComplete(DWORD, HND, HRESULT, DWORD, HND*, HRESULT*) override {
        return S_OK;
    }
    HRESULT STDMETHODCALLTYPE OnCancelComplete(DWORD, HND) override { return S_OK; }

private:
    std::function<void(std::size_t, const ItemReading&)> tell_;
};

}  // namespace tagwire::da
