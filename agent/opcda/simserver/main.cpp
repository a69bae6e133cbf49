/// tagwire-da-simserver: a local OPC DA 2 server with simulated tags.
///   -regserver, -unregserver   registers or removes it
///   (none)                     runs until the last client has gone; COM starts it so
///   -stay                      runs until it is stopped
#include <array>
#include <cstdio>
#include <string_view>

#include "simserver/registration.h"
#include "simserver/sim_server.h"

namespace {

using namespace tagwire::da;

class Factory final : public ComObject<IClassFactory> {
public:
    explicit Factory(Simulation& simulation) : simulation_(simulation) {}

    HRESULT STDMETHODCALLTYPE CreateInstance(IUnknown* outer, REFIID iid, void** out) override {
        *out = nullptr;
        if (outer != nullptr) return CLASS_E_NOAGGREGATION;
        return makeCom<SimServer>(simulation_)->QueryInterface(iid, out);
    }
    HRESULT STDMETHODCALLTYPE LockServer(BOOL) override { return S_OK; }

private:
    Simulation& simulation_;
};

/// Until the last client has been away for a while, because the next one often follows at once; or until a
/// client asked for the end: then those that are here have a moment to leave, and new ones get a new process.
void wait(Simulation& simulation, HANDLE idle, HANDLE shutdown, DWORD registration) {
    constexpr DWORD kIdleMs = 3000;
    constexpr DWORD kLeaveMs = 2000;
    const std::array events{shutdown, idle};
    for (;;) {
        const DWORD which = WaitForMultipleObjects(2, events.data(), FALSE, INFINITE);
        if (which == WAIT_OBJECT_0) {
            CoRevokeClassObject(registration);
            Sleep(kLeaveMs);
            return;
        }
        if (WaitForSingleObject(shutdown, kIdleMs) == WAIT_OBJECT_0) SetEvent(shutdown);
        if (!simulation.isIdle()) continue;
        CoRevokeClassObject(registration);
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
    DWORD registration = 0;
    const auto factory = makeCom<Factory>(simulation);
    const HRESULT result = CoRegisterClassObject(kSimulatorClass, factory.get(), CLSCTX_LOCAL_SERVER,
                                                 REGCLS_MULTIPLEUSE, &registration);
    if (FAILED(result)) {
        std::fprintf(stderr, "cannot register the class object: 0x%08lx\n",
                     static_cast<unsigned long>(result));
        return 1;
    }
    wait(simulation, idle, shutdown, registration);
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
