#include "simserver/sim_server.h"

#include <algorithm>
#include <array>

#include "com/text.h"
#include "simserver/opc_codes.h"
#include "simserver/sim_properties.h"
#include "simserver/string_enumerator.h"
#include "types/hresult.h"
#include "types/wildcard.h"

namespace tagwire::da {
namespace {

HRESULT textOut(std::wstring_view text, LPWSTR* out) {
    *out = taskCopyOf(text);
    return *out == nullptr ? E_OUTOFMEMORY : S_OK;
}

HRESULT pass(const ComPtr<SimGroup>& group, REFIID iid, IUnknown** out) {
    void* found = nullptr;
    const HRESULT result = group->QueryInterface(iid, &found);
    *out = static_cast<IUnknown*>(found);
    return result;
}

}  // namespace

Simulation::Simulation(std::function<void()> onIdle, std::function<void()> onShutdown)
    : onIdle_(std::move(onIdle)),
      onShutdown_(std::move(onShutdown)),
      scanner_([this](const std::stop_token& stop) { run(stop); }) {}

Simulation::~Simulation() {
    scanner_.request_stop();
    scanner_.join();
}

void Simulation::join(SimServer* server) {
    const std::lock_guard lock(mutex_);
    clients_.push_back({.server = server, .name = L"(unnamed)"});
    listClients();
}

void Simulation::leave(SimServer* server) {
    bool idle = false;
    {
        const std::lock_guard lock(mutex_);
        std::erase_if(clients_, [server](const Client& client) { return client.server == server; });
        listClients();
        idle = clients_.empty();
    }
    if (idle) onIdle_();
}

void Simulation::rename(const SimServer* server, std::wstring name) {
    const std::lock_guard lock(mutex_);
    for (auto& client : clients_) {
        if (client.server == server) client.name = name;
    }
    listClients();
}

bool Simulation::isIdle() {
    const std::lock_guard lock(mutex_);
    return clients_.empty();
}

void Simulation::listClients() {
    std::vector<std::wstring> names;
    for (const auto& client : clients_) names.push_back(client.name);
    tags_.setClients(std::move(names));
}

void Simulation::addGroup(const ComPtr<SimGroup>& group) {
    const std::lock_guard lock(mutex_);
    groups_.push_back(group);
}

void Simulation::removeGroup(const SimGroup* group) {
    ComPtr<SimGroup> last;
    const std::lock_guard lock(mutex_);
    for (auto& held : groups_) {
        if (held.get() == group) last = held;
    }
    std::erase_if(groups_, [group](const auto& held) { return held.get() == group; });
}

void Simulation::run(const std::stop_token& stop) {
    CoInitializeEx(nullptr, COINIT_MULTITHREADED);
    while (!stop.stop_requested()) {
        std::this_thread::sleep_for(std::chrono::milliseconds(25));
        std::vector<ComPtr<SimGroup>> groups;
        {
            const std::lock_guard lock(mutex_);
            groups = groups_;
        }
        for (const auto& group : groups) group->scan(SteadyClock::now());
        checkShutdown();
    }
    CoUninitialize();
}

/// What was written to @Shutdown is the reason that clients are told.
void Simulation::checkShutdown() {
    const auto reason = tags_.takeShutdown();
    if (!reason) return;
    std::vector<ComPtr<IOPCShutdown>> sinks;
    {
        const std::lock_guard lock(mutex_);
        for (const auto& client : clients_) {
            for (const auto& [cookie, sink] : client.server->shutdownSinks()) sinks.push_back(sink);
        }
    }
    for (const auto& sink : sinks) sink->ShutdownRequest(reason->c_str());
    onShutdown_();
}

SimServer::SimServer(Simulation& simulation, SimKind kind)
    : simulation_(simulation),
      organization_(kind.organization),
      offersDa3_(kind.da3),
      shutdown_(makeCom<ConnectionPoint<IOPCShutdown>>(this)) {
    simulation_.join(this);
}

SimServer::~SimServer() {
    shutdown_->detach();
    for (const auto& [handle, group] : groups_) simulation_.removeGroup(group.get());
    simulation_.leave(this);
}

HRESULT SimServer::QueryInterface(REFIID iid, void** out) {
    const bool isDa3 = iid == __uuidof(IOPCBrowse) || iid == __uuidof(IOPCItemIO);
    if (!isDa3 || offersDa3_) return ComObject::QueryInterface(iid, out);
    if (out == nullptr) return E_POINTER;
    *out = nullptr;
    return E_NOINTERFACE;
}

HRESULT SimServer::AddGroup(LPCWSTR name, BOOL active, DWORD rate, HND client, LONG* bias, FLOAT* deadband,
                            DWORD lcid, HND* server, DWORD* revised, REFIID iid, IUnknown** out) {
    *out = nullptr;
    if (deadband != nullptr && (*deadband < 0 || *deadband > 100)) return E_INVALIDARG;
    const std::lock_guard lock(mutex_);
    const std::wstring asked = name == nullptr ? L"" : name;
    for (const auto& [handle, group] : groups_) {
        if (!asked.empty() && group->name() == asked) return kOpcDuplicateName;
    }
    const HND handle = ++lastGroup_;
    const GroupState state{.name = asked.empty() ? L"Group" + std::to_wstring(handle) : asked,
                           .active = active != FALSE,
                           .rateMs = SimGroup::revisedRate(rate),
                           .deadbandPercent = deadband == nullptr ? 0 : *deadband,
                           .bias = bias == nullptr ? 0 : *bias,
                           .lcid = lcid,
                           .clientHandle = client,
                           .serverHandle = handle};
    const auto group = makeCom<SimGroup>(simulation_.tags(), state);
    const HRESULT result = pass(group, iid, out);
    if (FAILED(result)) return result;
    groups_.emplace(handle, group);
    simulation_.addGroup(group);
    *server = handle;
    *revised = state.rateMs;
    return state.rateMs == rate ? S_OK : kOpcUnsupportedRate;
}

HRESULT SimServer::GetErrorString(HRESULT error, LCID, LPWSTR* text) {
    return textOut(utf16Of(hresultText(static_cast<std::uint32_t>(error))), text);
}

HRESULT SimServer::GetErrorString(HRESULT error, LPWSTR* text) {
    return GetErrorString(error, LOCALE_INVARIANT, text);
}

HRESULT SimServer::GetGroupByName(LPCWSTR name, REFIID iid, IUnknown** out) {
    *out = nullptr;
    const std::lock_guard lock(mutex_);
    for (const auto& [handle, group] : groups_) {
        if (group->name() == name) return pass(group, iid, out);
    }
    return opcCode(0xC0040011U);
}

HRESULT SimServer::GetStatus(DASERVERSTATUS** status) {
    *status = allocateTask<DASERVERSTATUS>(1);
    if (*status == nullptr) return E_OUTOFMEMORY;
    auto& out = **status;
    const std::lock_guard lock(mutex_);
    out.start = fileTimeStruct(simulation_.startTime());
    out.now = fileTimeStruct(wallClockNow());
    out.lastUpdate = out.now;
    out.state = ST_RUNNING;
    out.groups = static_cast<DWORD>(groups_.size());
    out.bandwidth = 0xFFFFFFFFU;
    out.major = 1;
    return textOut(L"Tagwire OPC DA simulator", &out.vendor);
}

HRESULT SimServer::RemoveGroup(HND handle, BOOL) {
    const std::lock_guard lock(mutex_);
    const auto found = groups_.find(handle);
    if (found == groups_.end()) return kOpcInvalidHandle;
    simulation_.removeGroup(found->second.get());
    groups_.erase(found);
    return S_OK;
}

HRESULT SimServer::QueryOrganization(DANSTYPE* type) {
    *type = organization_;
    return S_OK;
}

HRESULT SimServer::ChangeBrowsePosition(DABROWSEDIR direction, LPCWSTR text) {
    if (organization_ == NS_FLAT) return E_FAIL;
    const std::lock_guard lock(mutex_);
    const std::wstring_view name = text == nullptr ? std::wstring_view{} : text;
    const auto branches = simulation_.tags().branches();
    if (direction == BD_UP) {
        if (!position_.inItems) return E_FAIL;
        position_ = position_.branch.empty() ? Position{} : Position{.inItems = true, .branch = {}};
        return S_OK;
    }
    if (name.empty() && direction == BD_TO) {
        position_ = {};
        return S_OK;
    }
    if (name == kSimItemsBranch && (direction == BD_TO || !position_.inItems)) {
        position_ = {.inItems = true, .branch = {}};
        return S_OK;
    }
    const bool reachable = direction == BD_TO || (position_.inItems && position_.branch.empty());
    if (!reachable || std::ranges::find(branches, name) == branches.end()) return E_INVALIDARG;
    position_ = {.inItems = true, .branch = std::wstring(name)};
    return S_OK;
}

std::vector<std::wstring> SimServer::namesAt(const Position& position, DABROWSETYPE type, VARTYPE vt,
                                             DWORD access) const {
    if (type == BT_BRANCH) {
        if (!position.inItems) return {std::wstring(kSimItemsBranch)};
        return position.branch.empty() ? simulation_.tags().branches() : std::vector<std::wstring>{};
    }
    std::vector<std::wstring> names;
    for (const auto& tag : simulation_.tags().tags()) {
        if (vt != VT_EMPTY && tag.type != vt) continue;
        if (access != 0 && (tag.accessRights() & access) == 0) continue;
        const bool here =
            position.inItems ? !position.branch.empty() && tag.branch == position.branch : tag.branch.empty();
        const bool below = !position.inItems || (position.branch.empty() ? !tag.branch.empty() : here);
        if (type == BT_FLAT && below) names.push_back(tag.id());
        if (type == BT_LEAF && here) names.push_back(tag.leaf);
    }
    return names;
}

HRESULT SimServer::BrowseOPCItemIDs(DABROWSETYPE type, LPCWSTR filter, VARTYPE vt, DWORD access,
                                    IEnumString** out) {
    *out = nullptr;
    if (organization_ == NS_FLAT && type == BT_BRANCH) return E_INVALIDARG;
    const std::lock_guard lock(mutex_);
    auto names = namesAt(position_, organization_ == NS_FLAT ? BT_FLAT : type, vt, access);
    const std::wstring_view pattern = filter == nullptr ? std::wstring_view{} : filter;
    std::erase_if(names, [pattern](const std::wstring& name) {
        return !matchesWildcard(std::wstring_view(name), pattern);
    });
    const bool empty = names.empty();
    const auto enumerator = makeCom<StringEnumerator>(std::move(names));
    enumerator->AddRef();
    *out = enumerator.get();
    return empty ? S_FALSE : S_OK;
}

HRESULT SimServer::GetItemID(LPWSTR leaf, LPWSTR* id) {
    *id = nullptr;
    const std::lock_guard lock(mutex_);
    const std::wstring name = leaf == nullptr ? L"" : leaf;
    const auto full = position_.branch.empty() ? name : position_.branch + L"." + name;
    const SimTag* tag = simulation_.tags().find(full);
    return tag == nullptr ? kOpcUnknownItem : textOut(tag->id(), id);
}

HRESULT SimServer::QueryAvailableProperties(LPWSTR id, DWORD* n, DWORD** ids, LPWSTR** texts,
                                            VARTYPE** types) {
    *n = 0;
    *ids = nullptr;
    *texts = nullptr;
    *types = nullptr;
    const SimTag* tag = simulation_.tags().find(id);
    if (tag == nullptr) return kOpcUnknownItem;
    const auto properties = simPropertiesOf(*tag);
    *ids = allocateTask<DWORD>(properties.size());
    *texts = allocateTask<LPWSTR>(properties.size());
    *types = allocateTask<VARTYPE>(properties.size());
    if (*ids == nullptr || *texts == nullptr || *types == nullptr) return E_OUTOFMEMORY;
    for (const auto& property : properties) {
        (*ids)[*n] = property.id;
        (*texts)[*n] = taskCopyOf(property.text);
        (*types)[*n] = property.type;
        ++*n;
    }
    return S_OK;
}

HRESULT SimServer::GetItemProperties(LPWSTR id, DWORD n, DWORD* ids, VARIANT** values, HRESULT** errors) {
    *values = nullptr;
    *errors = nullptr;
    const SimTag* tag = simulation_.tags().find(id);
    if (tag == nullptr) return kOpcUnknownItem;
    *values = allocateTask<VARIANT>(n);
    *errors = allocateTask<HRESULT>(n);
    if (*values == nullptr || *errors == nullptr) return E_OUTOFMEMORY;
    HRESULT result = S_OK;
    for (DWORD i = 0; i < n; ++i) {
        Variant value;
        (*errors)[i] = simPropertyOf(simulation_.tags(), *tag, ids[i], value);
        if ((*errors)[i] != S_OK) result = S_FALSE;
        copyVariant((*values)[i], value.get());
    }
    return result;
}

HRESULT SimServer::LookupItemIDs(LPWSTR id, DWORD n, DWORD*, LPWSTR** items, HRESULT** errors) {
    *items = nullptr;
    *errors = nullptr;
    if (simulation_.tags().find(id) == nullptr) return kOpcUnknownItem;
    *items = allocateTask<LPWSTR>(n);
    *errors = allocateTask<HRESULT>(n);
    if (*items == nullptr || *errors == nullptr) return E_OUTOFMEMORY;
    for (DWORD i = 0; i < n; ++i) (*errors)[i] = kOpcInvalidProperty;  // no property is an item of its own
    return S_FALSE;
}

HRESULT SimServer::SetLocaleID(LCID lcid) {
    const std::lock_guard lock(mutex_);
    if (lcid != LOCALE_INVARIANT && lcid != LOCALE_SYSTEM_DEFAULT && lcid != LOCALE_USER_DEFAULT)
        return E_INVALIDARG;
    lcid_ = lcid;
    return S_OK;
}

HRESULT SimServer::GetLocaleID(LCID* lcid) {
    const std::lock_guard lock(mutex_);
    *lcid = lcid_;
    return S_OK;
}

HRESULT SimServer::QueryAvailableLocaleIDs(DWORD* n, LCID** lcids) {
    *n = 0;
    *lcids = allocateTask<LCID>(1);
    if (*lcids == nullptr) return E_OUTOFMEMORY;
    (*lcids)[0] = LOCALE_INVARIANT;
    *n = 1;
    return S_OK;
}

HRESULT SimServer::SetClientName(LPCWSTR name) {
    simulation_.rename(this, name);
    return S_OK;
}

HRESULT SimServer::FindConnectionPoint(REFIID iid, IConnectionPoint** out) {
    *out = nullptr;
    if (iid != __uuidof(IOPCShutdown)) return static_cast<HRESULT>(0x80040200U);
    shutdown_->AddRef();
    *out = shutdown_.get();
    return S_OK;
}

}  // namespace tagwire::da
