/// A group of a client: its items, reads and writes, and the callbacks that tell of changes.
/// Thread: any; calls come from COM's threads, scan() from the scanner's. Callbacks are made without the
/// lock. Lifetime: shared by its server object, the scanner, and the client.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "com/com_object.h"
#include "opcda.h"
#include "simserver/connection_point.h"
#include "simserver/tag_space.h"

namespace tagwire::da {

struct GroupState {
    std::wstring name;
    bool active = true;
    DWORD rateMs = 1000;
    FLOAT deadbandPercent = 0;
    LONG bias = 0;
    DWORD lcid = 0;
    HND clientHandle = 0;
    HND serverHandle = 0;
};

class SimGroup final
    : public ComObject<IOPCItemMgt, IOPCGroupStateMgt, IOPCSyncIO, IOPCAsyncIO2, IConnectionPointContainer> {
public:
    static constexpr DWORD kFastestRateMs = 50;

    SimGroup(TagSpace& tags, GroupState state);
    ~SimGroup() override;

    [[nodiscard]] static DWORD revisedRate(DWORD asked) noexcept {
        return asked < kFastestRateMs ? kFastestRateMs : asked;
    }
    [[nodiscard]] std::wstring name() const;
    [[nodiscard]] HND handle() const noexcept { return state_.serverHandle; }

    /// Answers what was asked asynchronously, and tells of changes when the group's rate is due.
    void scan(SteadyTime now);

    // IOPCItemMgt
    HRESULT STDMETHODCALLTYPE AddItems(DWORD n, DAITEMDEF* defs, DAITEMRESULT** results,
                                       HRESULT** errors) override;
    HRESULT STDMETHODCALLTYPE ValidateItems(DWORD n, DAITEMDEF* defs, BOOL blob, DAITEMRESULT** results,
                                            HRESULT** errors) override;
    HRESULT STDMETHODCALLTYPE RemoveItems(DWORD n, HND* handles, HRESULT** errors) override;
    HRESULT STDMETHODCALLTYPE SetActiveState(DWORD n, HND* handles, BOOL active, HRESULT** errors) override;
    HRESULT STDMETHODCALLTYPE SetClientHandles(DWORD n, HND* handles, HND* clients,
                                               HRESULT** errors) override;
    HRESULT STDMETHODCALLTYPE SetDatatypes(DWORD n, HND* handles, VARTYPE* types, HRESULT** errors) override;
    HRESULT STDMETHODCALLTYPE CreateEnumerator(REFIID, IUnknown**) override { return E_NOTIMPL; }
    // IOPCGroupStateMgt
    HRESULT STDMETHODCALLTYPE GetState(DWORD* rate, BOOL* active, LPWSTR* name, LONG* bias, FLOAT* deadband,
                                       DWORD* lcid, HND* client, HND* server) override;
    HRESULT STDMETHODCALLTYPE SetState(DWORD* rate, DWORD* revised, BOOL* active, LONG* bias, FLOAT* deadband,
                                       DWORD* lcid, HND* client) override;
    HRESULT STDMETHODCALLTYPE SetName(LPCWSTR name) override;
    HRESULT STDMETHODCALLTYPE CloneGroup(LPCWSTR, REFIID, IUnknown**) override { return E_NOTIMPL; }
    // IOPCSyncIO
    HRESULT STDMETHODCALLTYPE Read(DASOURCE source, DWORD n, HND* handles, DAITEMSTATE** values,
                                   HRESULT** errors) override;
    HRESULT STDMETHODCALLTYPE Write(DWORD n, HND* handles, VARIANT* values, HRESULT** errors) override;
    // IOPCAsyncIO2
    HRESULT STDMETHODCALLTYPE Read(DWORD n, HND* handles, DWORD transaction, DWORD* cancel,
                                   HRESULT** errors) override;
    HRESULT STDMETHODCALLTYPE Write(DWORD n, HND* handles, VARIANT* values, DWORD transaction, DWORD* cancel,
                                    HRESULT** errors) override;
    HRESULT STDMETHODCALLTYPE Refresh2(DASOURCE source, DWORD transaction, DWORD* cancel) override;
    HRESULT STDMETHODCALLTYPE Cancel2(DWORD cancel) override;
    HRESULT STDMETHODCALLTYPE SetEnable(BOOL on) override;
    HRESULT STDMETHODCALLTYPE GetEnable(BOOL* on) override;
    // IConnectionPointContainer
    HRESULT STDMETHODCALLTYPE EnumConnectionPoints(IEnumConnectionPoints**) override { return E_NOTIMPL; }
    HRESULT STDMETHODCALLTYPE FindConnectionPoint(REFIID iid, IConnectionPoint** out) override;

private:
    struct Item {
        const SimTag* tag = nullptr;
        bool active = true;
        HND client = 0;
        VARTYPE type = VT_EMPTY;  ///< as asked for; VT_EMPTY: the tag's own
        std::optional<SimSample> sent;
    };
    enum class Kind : std::uint8_t { Read, Write, Refresh, Cancelled };
    struct Pending {
        Kind kind = Kind::Read;
        DWORD transaction = 0;
        DWORD id = 0;
        std::vector<HND> handles;
        std::vector<Variant> values;
    };
    struct Report;

    /// `keep`: the item becomes one of the group's.
    [[nodiscard]] HRESULT describeItem(const DAITEMDEF& def, bool keep, DAITEMRESULT& result);
    [[nodiscard]] HRESULT describeItems(DWORD n, const DAITEMDEF* defs, bool keep, DAITEMRESULT** results,
                                        HRESULT** errors);
    [[nodiscard]] HND clientHandle() const;
    [[nodiscard]] Item* find(HND handle);
    [[nodiscard]] SimSample sampleOf(const Item& item) const;
    [[nodiscard]] bool hasChanged(const Item& item, const SimSample& now) const;
    [[nodiscard]] HRESULT enqueue(Pending pending, DWORD* cancel, HRESULT** errors);
    template <class Do>
    [[nodiscard]] HRESULT forEach(DWORD n, const HND* handles, HRESULT** errors, Do each);
    [[nodiscard]] Report changes();
    void answer(const Pending& pending);
    void tell(Report& report, Kind kind, DWORD transaction);

    TagSpace& tags_;
    mutable std::mutex mutex_;
    GroupState state_;
    bool enabled_ = true;
    std::map<HND, Item> items_;
    HND lastItem_ = 0;
    DWORD lastCancel_ = 0;
    std::vector<Pending> pending_;  ///< at most kMaxPending; then calls fail with E_OUTOFMEMORY
    SteadyTime due_{};
    ComPtr<ConnectionPoint<IOPCDataCallback>> callback_;
};

}  // namespace tagwire::da
