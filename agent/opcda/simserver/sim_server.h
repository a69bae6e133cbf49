/// The server object that a client gets: groups, browsing, properties, by DA 2 and, where it offers that, by
/// DA 3. And what all of them share. Thread: any. Lifetime: SimServer as long as a client holds it;
/// Simulation outlives all.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "com/com_object.h"
#include "opcda.h"
#include "simserver/sim_group.h"

namespace tagwire::da {

class SimServer;

/// Tags, the thread that scans groups, and the list of clients.
class Simulation {
public:
    /// `onIdle` is called when the last client has gone, `onShutdown` when a client asked the server to end.
    Simulation(std::function<void()> onIdle, std::function<void()> onShutdown);
    Simulation(const Simulation&) = delete;
    Simulation& operator=(const Simulation&) = delete;
    ~Simulation();

    [[nodiscard]] TagSpace& tags() noexcept { return tags_; }
    [[nodiscard]] Timestamp startTime() const noexcept { return startTime_; }

    void join(SimServer* server);
    void leave(SimServer* server);
    void rename(const SimServer* server, std::wstring name);
    [[nodiscard]] bool isIdle();
    void addGroup(const ComPtr<SimGroup>& group);
    void removeGroup(const SimGroup* group);

private:
    void run(const std::stop_token& stop);
    void checkShutdown();
    struct Client {
        SimServer* server = nullptr;
        std::wstring name;
    };
    void listClients();  ///< with the lock held

    TagSpace tags_;
    Timestamp startTime_ = wallClockNow();
    std::function<void()> onIdle_;
    std::function<void()> onShutdown_;
    std::mutex mutex_;
    std::vector<Client> clients_;
    std::vector<ComPtr<SimGroup>> groups_;
    std::jthread scanner_;
};

struct SimKind {
    DANSTYPE organization = NS_HIER;  ///< whether its tags are in branches
    bool da3 = false;                 ///< whether it offers IOPCBrowse and IOPCItemIO
};

/// Stands above the branches of tags, and is no part of item ids.
inline constexpr std::wstring_view kSimItemsBranch = L"Simulation Items";

class SimServer final : public ComObject<IOPCServer, IOPCBrowseServerAddressSpace, IOPCItemProperties,
                                         IOPCCommon, IConnectionPointContainer, IOPCBrowse, IOPCItemIO> {
public:
    SimServer(Simulation& simulation, SimKind kind);
    ~SimServer() override;

    HRESULT STDMETHODCALLTYPE QueryInterface(REFIID iid, void** out) override;

    [[nodiscard]] std::map<DWORD, ComPtr<IOPCShutdown>> shutdownSinks() const { return shutdown_->sinks(); }

    // IOPCServer
    HRESULT STDMETHODCALLTYPE AddGroup(LPCWSTR name, BOOL active, DWORD rate, HND client, LONG* bias,
                                       FLOAT* deadband, DWORD lcid, HND* server, DWORD* revised, REFIID iid,
                                       IUnknown** out) override;
    HRESULT STDMETHODCALLTYPE GetErrorString(HRESULT error, LCID lcid, LPWSTR* text) override;
    HRESULT STDMETHODCALLTYPE GetGroupByName(LPCWSTR name, REFIID iid, IUnknown** out) override;
    HRESULT STDMETHODCALLTYPE GetStatus(DASERVERSTATUS** status) override;
    HRESULT STDMETHODCALLTYPE RemoveGroup(HND handle, BOOL force) override;
    HRESULT STDMETHODCALLTYPE CreateGroupEnumerator(DASCOPE, REFIID, IUnknown**) override {
        return E_NOTIMPL;
    }
    // IOPCBrowseServerAddressSpace
    HRESULT STDMETHODCALLTYPE QueryOrganization(DANSTYPE* type) override;
    HRESULT STDMETHODCALLTYPE ChangeBrowsePosition(DABROWSEDIR direction, LPCWSTR text) override;
    HRESULT STDMETHODCALLTYPE BrowseOPCItemIDs(DABROWSETYPE type, LPCWSTR filter, VARTYPE vt, DWORD access,
                                               IEnumString** out) override;
    HRESULT STDMETHODCALLTYPE GetItemID(LPWSTR leaf, LPWSTR* id) override;
    HRESULT STDMETHODCALLTYPE BrowseAccessPaths(LPCWSTR, IEnumString**) override { return E_NOTIMPL; }
    // IOPCItemProperties
    HRESULT STDMETHODCALLTYPE QueryAvailableProperties(LPWSTR id, DWORD* n, DWORD** ids, LPWSTR** texts,
                                                       VARTYPE** types) override;
    HRESULT STDMETHODCALLTYPE GetItemProperties(LPWSTR id, DWORD n, DWORD* ids, VARIANT** values,
                                                HRESULT** errors) override;
    HRESULT STDMETHODCALLTYPE LookupItemIDs(LPWSTR id, DWORD n, DWORD* ids, LPWSTR** items,
                                            HRESULT** errors) override;
    // IOPCCommon
    HRESULT STDMETHODCALLTYPE SetLocaleID(LCID lcid) override;
    HRESULT STDMETHODCALLTYPE GetLocaleID(LCID* lcid) override;
    HRESULT STDMETHODCALLTYPE QueryAvailableLocaleIDs(DWORD* n, LCID** lcids) override;
    HRESULT STDMETHODCALLTYPE GetErrorString(HRESULT error, LPWSTR* text) override;
    HRESULT STDMETHODCALLTYPE SetClientName(LPCWSTR name) override;
    // IConnectionPointContainer
    HRESULT STDMETHODCALLTYPE EnumConnectionPoints(IEnumConnectionPoints**) override { return E_NOTIMPL; }
    HRESULT STDMETHODCALLTYPE FindConnectionPoint(REFIID iid, IConnectionPoint** out) override;
    // IOPCBrowse: sim_server_da3.cpp
    HRESULT STDMETHODCALLTYPE GetProperties(DWORD n, LPWSTR* ids, BOOL values, DWORD nProperties,
                                            DWORD* properties, DAITEMPROPERTIES** out) override;
    HRESULT STDMETHODCALLTYPE Browse(LPWSTR id, LPWSTR* point, DWORD most, DABROWSEFILTER filter,
                                     LPWSTR nameFilter, LPWSTR vendorFilter, BOOL allProperties, BOOL values,
                                     DWORD nProperties, DWORD* properties, BOOL* more, DWORD* count,
                                     DABROWSEELEMENT** elements) override;
    // IOPCItemIO: sim_server_da3.cpp
    HRESULT STDMETHODCALLTYPE Read(DWORD n, LPWSTR* ids, DWORD* maxAges, VARIANT** values, WORD** qualities,
                                   FILETIME** times, HRESULT** errors) override;
    HRESULT STDMETHODCALLTYPE WriteVQT(DWORD n, LPWSTR* ids, DAITEMVQT* values, HRESULT** errors) override;

private:
    /// Where the client stands in the tree: the root, the branch of all items, or a branch of tags.
    struct Position {
        bool inItems = false;
        std::wstring branch;
    };
    [[nodiscard]] std::vector<std::wstring> namesAt(const Position& position, DABROWSETYPE type, VARTYPE vt,
                                                    DWORD access) const;

    Simulation& simulation_;
    const DANSTYPE organization_;
    const bool offersDa3_;
    mutable std::mutex mutex_;
    std::map<HND, ComPtr<SimGroup>> groups_;
    HND lastGroup_ = 0;
    Position position_;
    LCID lcid_ = LOCALE_INVARIANT;
    ComPtr<ConnectionPoint<IOPCShutdown>> shutdown_;
};

}  // namespace tagwire::da
