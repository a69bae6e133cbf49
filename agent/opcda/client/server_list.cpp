#include "client/server_list.h"

#include <algorithm>
#include <array>

#include "com/com_ptr.h"
#include "com/text.h"
#include "opcda.h"
#include "types/hresult.h"

namespace tagwire::da {
namespace {

constexpr CLSID kOpcEnum{0x13486D51, 0x4821, 0x11D2, {0xA4, 0x94, 0x3C, 0xB3, 0x06, 0xC1, 0x00, 0x00}};
constexpr CLSID kCategoryManager{
    0x0002E005, 0x0000, 0x0000, {0xC0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46}};
constexpr std::array<CATID, 3> kCategories{
    CATID{0x63D5F430, 0xCFE4, 0x11D1, {0xB2, 0xC8, 0x00, 0x60, 0x08, 0x3B, 0xA1, 0xFB}},
    CATID{0x63D5F432, 0xCFE4, 0x11D1, {0xB2, 0xC8, 0x00, 0x60, 0x08, 0x3B, 0xA1, 0xFB}},
    CATID{0xCC603642, 0x66D7, 0x48F1, {0xB6, 0x9A, 0xB6, 0x25, 0xE7, 0x36, 0x52, 0xD7}},
};

/// All of an IEnumGUID or IOPCEnumGUID.
template <class Enumerator>
std::vector<CLSID> allOf(Enumerator* enumerator) {
    std::vector<CLSID> classes;
    CLSID one{};
    ULONG got = 0;
    while (enumerator->Next(1, &one, &got) == S_OK && got == 1) classes.push_back(one);
    return classes;
}

InstalledServer describe(const CLSID& clsid) {
    TaskMemory<wchar_t> progId;
    TaskMemory<wchar_t> title;
    ProgIDFromCLSID(clsid, progId.out());
    OleRegGetUserType(clsid, USERCLASSTYPE_FULL, title.out());
    return {.progId = utf8Of(progId.get()), .title = utf8Of(title.get()), .clsid = utf8Of(guidText(clsid))};
}

/// One category at a time: some OpcEnum want all of those that are listed together.
std::vector<InstalledServer> fromOpcEnum() {
    std::vector<InstalledServer> servers;
    ComPtr<IOPCServerList2> list;
    if (FAILED(CoCreateInstance(kOpcEnum, nullptr, CLSCTX_LOCAL_SERVER, __uuidof(IOPCServerList2),
                                list.outVoid())))
        return servers;
    for (auto category : kCategories) {
        ComPtr<IOPCEnumGUID> classes;
        if (FAILED(list->EnumClassesOfCategories(1, &category, 0, nullptr, classes.out())) || !classes)
            continue;
        for (const auto& clsid : allOf(classes.get())) {
            TaskMemory<wchar_t> progId;
            TaskMemory<wchar_t> title;
            TaskMemory<wchar_t> independent;
            if (FAILED(list->GetClassDetails(clsid, progId.out(), title.out(), independent.out()))) continue;
            servers.push_back({.progId = utf8Of(progId.get()),
                               .title = utf8Of(title.get()),
                               .clsid = utf8Of(guidText(clsid))});
        }
    }
    return servers;
}

HRESULT fromCategories(std::vector<InstalledServer>& servers) {
    ComPtr<ICatInformation> information;
    const HRESULT made = CoCreateInstance(kCategoryManager, nullptr, CLSCTX_INPROC_SERVER,
                                          __uuidof(ICatInformation), information.outVoid());
    if (FAILED(made)) return made;
    for (auto category : kCategories) {
        ComPtr<IEnumGUID> classes;
        if (FAILED(information->EnumClassesOfCategories(1, &category, 0, nullptr, classes.out())) || !classes)
            continue;
        for (const auto& clsid : allOf(classes.get())) servers.push_back(describe(clsid));
    }
    return S_OK;
}

}  // namespace

Result<std::vector<InstalledServer>> installedServers() {
    auto servers = fromOpcEnum();
    const HRESULT result = fromCategories(servers);
    if (FAILED(result) && servers.empty()) {
        return fail("cannot list the OPC servers: " + hresultText(static_cast<std::uint32_t>(result)));
    }
    const auto key = [](const InstalledServer& server) { return server.progId + server.clsid; };
    std::ranges::sort(servers, {}, key);
    const auto [first, last] = std::ranges::unique(servers, {}, key);
    servers.erase(first, last);
    return servers;
}

Result<CLSID> classOf(const std::string& name) {
    CLSID clsid{};
    const auto wide = utf16Of(name);
    const HRESULT result =
        name.starts_with('{') ? CLSIDFromString(wide.c_str(), &clsid) : CLSIDFromProgID(wide.c_str(), &clsid);
    if (FAILED(result)) {
        return fail("no OPC server \"" + name + "\": " + hresultText(static_cast<std::uint32_t>(result)));
    }
    return clsid;
}

}  // namespace tagwire::da
