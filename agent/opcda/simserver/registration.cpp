#include "simserver/registration.h"

#include <array>
#include <string>

#include "com/text.h"

namespace tagwire::da {
namespace {

constexpr const wchar_t* kDa2Category = L"{63D5F432-CFE4-11D1-B2C8-0060083BA1FB}";
constexpr const wchar_t* kDa3Category = L"{CC603642-66D7-48F1-B69A-B625E73652D7}";

bool set(HKEY root, const std::wstring& path, const wchar_t* name, const std::wstring& text) {
    HKEY key = nullptr;
    const auto full = L"Software\\Classes\\" + path;
    if (RegCreateKeyExW(root, full.c_str(), 0, nullptr, 0, KEY_WRITE, nullptr, &key, nullptr) !=
        ERROR_SUCCESS)
        return false;
    const auto* bytes = reinterpret_cast<const BYTE*>(text.c_str());  // the registry wants bytes
    const auto size = static_cast<DWORD>((text.size() + 1) * sizeof(wchar_t));
    const bool done = RegSetValueExW(key, name, 0, REG_SZ, bytes, size) == ERROR_SUCCESS;
    RegCloseKey(key);
    return done;
}

struct Identity {
    const CLSID& clsid;
    const wchar_t* progId;
    const wchar_t* independentProgId;
    const wchar_t* title;
    bool da3 = false;
};
constexpr std::array kIdentities{
    Identity{.clsid = kSimulatorClass,
             .progId = kSimulatorProgId,
             .independentProgId = kSimulatorIndependentProgId,
             .title = L"Tagwire OPC DA simulator"},
    Identity{.clsid = kFlatSimulatorClass,
             .progId = kFlatSimulatorProgId,
             .independentProgId = kFlatSimulatorIndependentProgId,
             .title = L"Tagwire OPC DA simulator without branches"},
    Identity{.clsid = kDa3SimulatorClass,
             .progId = kDa3SimulatorProgId,
             .independentProgId = kDa3SimulatorIndependentProgId,
             .title = L"Tagwire OPC DA 3 simulator",
             .da3 = true},
};

bool registerIn(HKEY root, const Identity& identity, const std::wstring& program) {
    const auto clsid = guidText(identity.clsid);
    const auto key = L"CLSID\\" + clsid;
    bool done = set(root, key, nullptr, identity.title);
    done = done && set(root, key + L"\\LocalServer32", nullptr, L"\"" + program + L"\"");
    done = done && set(root, key + L"\\ProgID", nullptr, identity.progId);
    done = done && set(root, key + L"\\VersionIndependentProgID", nullptr, identity.independentProgId);
    done = done && set(root, key + L"\\Implemented Categories\\" + kDa2Category, nullptr, L"");
    if (identity.da3)
        done = done && set(root, key + L"\\Implemented Categories\\" + kDa3Category, nullptr, L"");
    for (const auto* progId : {identity.progId, identity.independentProgId}) {
        done = done && set(root, progId, nullptr, identity.title);
        done = done && set(root, std::wstring(progId) + L"\\CLSID", nullptr, clsid);
        done = done && set(root, std::wstring(progId) + L"\\OPC\\Vendor", nullptr, L"Tagwire");
    }
    return done;
}

bool registerIn(HKEY root) {
    std::array<wchar_t, 1024> path{};
    if (GetModuleFileNameW(nullptr, path.data(), static_cast<DWORD>(path.size())) >= path.size())
        return false;
    bool done = set(root, std::wstring(L"Component Categories\\") + kDa2Category, L"409",
                    L"OPC Data Access Servers Version 2.0") &&
                set(root, std::wstring(L"Component Categories\\") + kDa3Category, L"409",
                    L"OPC Data Access Servers Version 3.0");
    for (const auto& identity : kIdentities) done = done && registerIn(root, identity, path.data());
    return done;
}

}  // namespace

bool registerServer() { return registerIn(HKEY_LOCAL_MACHINE) || registerIn(HKEY_CURRENT_USER); }

void unregisterServer() {
    for (HKEY root : {HKEY_LOCAL_MACHINE, HKEY_CURRENT_USER}) {
        for (const auto& identity : kIdentities) {
            for (const auto& path : {L"CLSID\\" + guidText(identity.clsid), std::wstring(identity.progId),
                                     std::wstring(identity.independentProgId)}) {
                RegDeleteTreeW(root, (L"Software\\Classes\\" + path).c_str());
            }
        }
    }
}

}  // namespace tagwire::da
