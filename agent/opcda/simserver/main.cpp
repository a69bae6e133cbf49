/// tagwire-da-simserver: a local OPC DA server with simulated tags.
///   -regserver, -unregserver   registers or removes it
///   (none)                     runs until the last client has gone; COM starts it so
///   -stay                      runs until it is stopped
#include <array>
#include <cstdio>
#include <string_view>
#include <utility>
#include <vector>

#include "simserver/registration.h"
#include "simserver/sim_server.h"

namespace {

using namespace tagwire::da;

class Factory final : public ComObject<IClassFactory> {
public:
    Factory(Simulation& simulation, SimKind kind) : simulation_(simulation), kind_(kind) {}

    HRESULT STDMETHODCALLTYPE CreateInstance(IUnknown* outer, REFIID iid, void** out) override {
        *out = nullptr;
        if (outer != nullptr) return CLASS_E_NOAGGREGATION;
        return makeCom<SimServer>(simulation_, kind_)->QueryInterface(iid, out);
    }
    HRESULT STDMETHODCALLTYPE LockServer(BOOL) override { return S_OK; }

private:
    Simulation& simulation_;
    SimKind kind_;
};

/// What COM gives to clients, by the cookies of the registrations.
void revoke(const std::vector<DWORD>& registrations) {
    for (const DWORD registration : registrations) CoRevokeClassObject(registration);
}

/// Until the last client has been away for a while, because the next one often follows at once; or until a
/// client asked for the end: then those that are here have a moment to leave, and new ones get a new process.
void wait(Simulation& simulation, HANDLE idle, HANDLE shutdown, const std::vector<DWORD>& registrations) {
    constexpr DWORD kIdleMs = 30000;
    constexpr DWORD kLeaveMs = 2000;
    const std::array events{shutdown, idle};
    for (;;) {
        const DWORD which = WaitForMultipleObjects(2, events.data(), FALSE, INFINITE);
        if (which == WAIT_OBJECT_0) {
            revoke(registrations);
            Sleep(kLeaveMs);
            return;
        }
        if (WaitForSingleObject(shutdown, kIdleMs) == WAIT_OBJECT_0) SetEvent(shutdown);
        if (!simulation.isIdle()) continue;
        if (WaitForSingleObject(idle, 0) == WAIT_OBJECT_0) {
            // Somebody came and left meanwhile: the time begins anew with that.
            SetEvent(idle);
            continue;
        }
        revoke(registrations);
        return;
    }
}

int serve(bool stay) {
    if (FAILED(CoInitializeEx(nullptr, COINIT_MULTITHREADED))) return 1;
    const HANDLE idle = CreateEventW(nullptr, FALSE, FALSE, nullptr);
    const HANDLE shutdown = CreateEventW(nullptr, FALSE, FALSE, nullptr);
    Simulation simulation(
        [=] {
            if (!stay) SetEvent(idle);
        },
        [=] { SetEvent(shutdown); });
    std::vector<DWORD> registrations;
    const std::array kinds{
        std::pair{kSimulatorClass, SimKind{.organization = NS_HIER, .da3 = false}},
        std::pair{kFlatSimulatorClass, SimKind{.organization = NS_FLAT, .da3 = false}},
        std::pair{kDa3SimulatorClass, SimKind{.organization = NS_HIER, .da3 = true}},
    };
    for (const auto& [clsid, kind] : kinds) {
        const auto factory = makeCom<Factory>(simulation, kind);
        const HRESULT result = CoRegisterClassObject(clsid, factory.get(), CLSCTX_LOCAL_SERVER,
                                                     REGCLS_MULTIPLEUSE, &registrations.emplace_back());
        if (SUCCEEDED(result)) continue;
        std::fprintf(stderr, "cannot register the class object: 0x%08lx\n",
                     static_cast<unsigned long>(result));
        return 1;
    }
    wait(simulation, idle, shutdown, registrations);
    // Clients that did not let go, and calls that are under way, hold objects of the simulation: it must not
    // go before them, so the process ends as a whole.
    ExitProcess(0);
}

}  // namespace

int wmain(int argc, wchar_t** argv) {
    const std::wstring_view option = argc > 1 ? argv[1] : L"";
    if (option == L"-regserver") {
        if (registerServer()) return 0;
        std::fputs("cannot write to the registry: run it as an administrator\n", stderr);
        return 1;
    }
    if (option == L"-unregserver") {
        unregisterServer();
        return 0;
    }
    return serve(option == L"-stay");
}
