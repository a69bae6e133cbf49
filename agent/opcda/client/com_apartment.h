/// COM for the process: the multi-threaded apartment and its security.
/// Thread: made by main. Lifetime: encloses all use of COM.
#pragma once

#include "com/platform.h"

namespace tagwire::da {

/// Packet integrity, because Windows refuses less since 2022 (KB5004442); servers may identify us, not act as
/// us.
class ComApartment {
public:
    ComApartment() noexcept : result_(CoInitializeEx(nullptr, COINIT_MULTITHREADED)) {
        if (FAILED(result_)) return;
        result_ = CoInitializeSecurity(nullptr, -1, nullptr, nullptr, RPC_C_AUTHN_LEVEL_PKT_INTEGRITY,
                                       RPC_C_IMP_LEVEL_IDENTIFY, nullptr, EOAC_NONE, nullptr);
    }
    ComApartment(const ComApartment&) = delete;
    ComApartment& operator=(const ComApartment&) = delete;
    ~ComApartment() { CoUninitialize(); }

    [[nodiscard]] HRESULT result() const noexcept { return result_; }

private:
    HRESULT result_;
};

}  // namespace tagwire::da
