#include "simserver/sim_group.h"

#include <chrono>
#include <cmath>

#include "com/text.h"
#include "simserver/opc_codes.h"

namespace tagwire::da {
namespace {

constexpr std::size_t kMaxPending = 1000;

HRESULT worst(HRESULT so, HRESULT item) { return item == S_OK ? so : S_FALSE; }

}  // namespace

/// What one callback carries: parallel arrays, as the interface wants them.
struct SimGroup::Report {
    std::vector<HND> clients;
    std::vector<Variant> owners;
    std::vector<VARIANT> values;  ///< views of `owners`
    std::vector<WORD> qualities;
    std::vector<FILETIME> times;
    std::vector<HRESULT> errors;

    void add(HND client, SimSample sample) {
        clients.push_back(client);
        qualities.push_back(sample.quality);
        times.push_back(sample.time);
        errors.push_back(sample.error);
        owners.push_back(std::move(sample.value));
    }
    void finish() {
        for (const auto& owner : owners) values.push_back(owner.get());
    }
};

SimGroup::SimGroup(TagSpace& tags, GroupState state)
    : tags_(tags), state_(std::move(state)), callback_(makeCom<ConnectionPoint<IOPCDataCallback>>(this)) {}

SimGroup::~SimGroup() { callback_->detach(); }

std::wstring SimGroup::name() const {
    const std::lock_guard lock(mutex_);
    return state_.name;
}

HND SimGroup::clientHandle() const {
    const std::lock_guard lock(mutex_);
    return state_.clientHandle;
}

SimGroup::Item* SimGroup::find(HND handle) {
    const auto found = items_.find(handle);
    return found == items_.end() ? nullptr : &found->second;
}

/// Runs `each(index, item)` under the lock and collects the items' codes.
template <class Do>
HRESULT SimGroup::forEach(DWORD n, const HND* handles, HRESULT** errors, Do each) {
    *errors = nullptr;
    if (n == 0) return E_INVALIDARG;
    *errors = allocateTask<HRESULT>(n);
    if (*errors == nullptr) return E_OUTOFMEMORY;
    const std::lock_guard lock(mutex_);
    HRESULT result = S_OK;
    for (DWORD i = 0; i < n; ++i) {
        Item* item = find(handles[i]);
        (*errors)[i] = item == nullptr ? kOpcInvalidHandle : each(i, *item);
        result = worst(result, (*errors)[i]);
    }
    return result;
}

HRESULT SimGroup::describeItem(const DAITEMDEF& def, bool keep, DAITEMRESULT& result) {
    const SimTag* tag = def.itemId == nullptr ? nullptr : tags_.find(def.itemId);
    if (tag == nullptr) return kOpcUnknownItem;
    const Item item{
        .tag = tag, .active = def.active != FALSE, .client = def.hClient, .type = def.reqType, .sent = {}};
    const bool isArray = (tag->type & VT_ARRAY) != 0;
    if (def.reqType != VT_EMPTY && ((def.reqType & VT_ARRAY) != 0) != isArray) return kOpcBadType;
    result.canonType = tag->type;
    result.access = tag->accessRights();
    if (keep) {
        result.hServer = ++lastItem_;
        items_.emplace(result.hServer, item);
    }
    return S_OK;
}

HRESULT SimGroup::describeItems(DWORD n, const DAITEMDEF* defs, bool keep, DAITEMRESULT** results,
                                HRESULT** errors) {
    *results = nullptr;
    *errors = nullptr;
    if (n == 0) return E_INVALIDARG;
    *results = allocateTask<DAITEMRESULT>(n);
    *errors = allocateTask<HRESULT>(n);
    if (*results == nullptr || *errors == nullptr) return E_OUTOFMEMORY;
    const std::lock_guard lock(mutex_);
    HRESULT result = S_OK;
    for (DWORD i = 0; i < n; ++i) {
        (*errors)[i] = describeItem(defs[i], keep, (*results)[i]);
        result = worst(result, (*errors)[i]);
    }
    if (keep) due_ = {};
    return result;
}

HRESULT SimGroup::AddItems(DWORD n, DAITEMDEF* defs, DAITEMRESULT** results, HRESULT** errors) {
    return describeItems(n, defs, true, results, errors);
}

HRESULT SimGroup::ValidateItems(DWORD n, DAITEMDEF* defs, BOOL, DAITEMRESULT** results, HRESULT** errors) {
    return describeItems(n, defs, false, results, errors);
}

HRESULT SimGroup::RemoveItems(DWORD n, HND* handles, HRESULT** errors) {
    const HRESULT result = forEach(n, handles, errors, [](DWORD, Item&) { return S_OK; });
    const std::lock_guard lock(mutex_);
    for (DWORD i = 0; i < n; ++i) items_.erase(handles[i]);
    return result;
}

HRESULT SimGroup::SetActiveState(DWORD n, HND* handles, BOOL active, HRESULT** errors) {
    return forEach(n, handles, errors, [active](DWORD, Item& item) {
        item.active = active != FALSE;
        item.sent.reset();
        return S_OK;
    });
}

HRESULT SimGroup::SetClientHandles(DWORD n, HND* handles, HND* clients, HRESULT** errors) {
    return forEach(n, handles, errors, [clients](DWORD i, Item& item) {
        item.client = clients[i];
        return S_OK;
    });
}

HRESULT SimGroup::SetDatatypes(DWORD n, HND* handles, VARTYPE* types, HRESULT** errors) {
    return forEach(n, handles, errors, [types](DWORD i, Item& item) {
        item.type = types[i];
        item.sent.reset();
        return S_OK;
    });
}

HRESULT SimGroup::GetState(DWORD* rate, BOOL* active, LPWSTR* name, LONG* bias, FLOAT* deadband, DWORD* lcid,
                           HND* client, HND* server) {
    const std::lock_guard lock(mutex_);
    *rate = state_.rateMs;
    *active = state_.active ? TRUE : FALSE;
    *name = taskCopyOf(state_.name);
    *bias = state_.bias;
    *deadband = state_.deadbandPercent;
    *lcid = state_.lcid;
    *client = state_.clientHandle;
    *server = state_.serverHandle;
    return *name == nullptr ? E_OUTOFMEMORY : S_OK;
}

HRESULT SimGroup::SetState(DWORD* rate, DWORD* revised, BOOL* active, LONG* bias, FLOAT* deadband,
                           DWORD* lcid, HND* client) {
    const std::lock_guard lock(mutex_);
    if (deadband != nullptr && (*deadband < 0 || *deadband > 100)) return E_INVALIDARG;
    if (rate != nullptr) state_.rateMs = revisedRate(*rate);
    if (active != nullptr) state_.active = *active != FALSE;
    if (bias != nullptr) state_.bias = *bias;
    if (deadband != nullptr) state_.deadbandPercent = *deadband;
    if (lcid != nullptr) state_.lcid = *lcid;
    if (client != nullptr) state_.clientHandle = *client;
    *revised = state_.rateMs;
    due_ = {};
    return rate != nullptr && *rate != state_.rateMs ? kOpcUnsupportedRate : S_OK;
}

HRESULT SimGroup::SetName(LPCWSTR name) {
    const std::lock_guard lock(mutex_);
    state_.name = name;
    return S_OK;
}

SimSample SimGroup::sampleOf(const Item& item) const {
    SimSample sample = tags_.read(*item.tag);
    if (item.type == VT_EMPTY || item.type == item.tag->type || sample.error != S_OK) return sample;
    if (FAILED(convertVariant(sample.value.get(), sample.value.get(), item.type))) {
        return {.value = {}, .quality = 0x04, .time = sample.time, .error = kOpcBadType};
    }
    return sample;
}

HRESULT SimGroup::Read(DASOURCE, DWORD n, HND* handles, DAITEMSTATE** values, HRESULT** errors) {
    *values = allocateTask<DAITEMSTATE>(n);
    if (*values == nullptr) return E_OUTOFMEMORY;
    return forEach(n, handles, errors, [&](DWORD i, Item& item) {
        const SimSample sample = sampleOf(item);
        auto& state = (*values)[i];
        state.hClient = item.client;
        state.ts = sample.time;
        state.quality = sample.quality;
        copyVariant(state.value, sample.value.get());
        return sample.error;
    });
}

HRESULT SimGroup::Write(DWORD n, HND* handles, VARIANT* values, HRESULT** errors) {
    return forEach(n, handles, errors,
                   [&](DWORD i, Item& item) { return tags_.write(*item.tag, values[i]); });
}

HRESULT SimGroup::enqueue(Pending pending, DWORD* cancel, HRESULT** errors) {
    if (callback_->sinks().empty()) return static_cast<HRESULT>(0x80040200U);  // CONNECT_E_NOCONNECTION
    HRESULT result = S_OK;
    if (errors != nullptr) {
        const auto n = static_cast<DWORD>(pending.handles.size());
        result = forEach(n, pending.handles.data(), errors, [](DWORD, Item&) { return S_OK; });
        if (FAILED(result)) return result;
    }
    const std::lock_guard lock(mutex_);
    if (pending_.size() >= kMaxPending) return E_OUTOFMEMORY;
    pending.id = ++lastCancel_;
    *cancel = pending.id;
    pending_.push_back(std::move(pending));
    return result;
}

HRESULT SimGroup::Read(DWORD n, HND* handles, DWORD transaction, DWORD* cancel, HRESULT** errors) {
    return enqueue({.kind = Kind::Read,
                    .transaction = transaction,
                    .id = 0,
                    .handles = {handles, handles + n},
                    .values = {}},
                   cancel, errors);
}

HRESULT SimGroup::Write(DWORD n, HND* handles, VARIANT* values, DWORD transaction, DWORD* cancel,
                        HRESULT** errors) {
    Pending pending{.kind = Kind::Write,
                    .transaction = transaction,
                    .id = 0,
                    .handles = {handles, handles + n},
                    .values = {}};
    pending.values.resize(n);
    for (DWORD i = 0; i < n; ++i) copyVariant(pending.values[i].get(), values[i]);
    return enqueue(std::move(pending), cancel, errors);
}

HRESULT SimGroup::Refresh2(DASOURCE, DWORD transaction, DWORD* cancel) {
    return enqueue({.kind = Kind::Refresh, .transaction = transaction, .id = 0, .handles = {}, .values = {}},
                   cancel, nullptr);
}

HRESULT SimGroup::Cancel2(DWORD cancel) {
    const std::lock_guard lock(mutex_);
    for (auto& pending : pending_) {
        if (pending.id != cancel) continue;
        pending.kind = Kind::Cancelled;
        return S_OK;
    }
    return E_FAIL;
}

HRESULT SimGroup::SetEnable(BOOL on) {
    const std::lock_guard lock(mutex_);
    enabled_ = on != FALSE;
    return S_OK;
}

HRESULT SimGroup::GetEnable(BOOL* on) {
    const std::lock_guard lock(mutex_);
    *on = enabled_ ? TRUE : FALSE;
    return S_OK;
}

HRESULT SimGroup::FindConnectionPoint(REFIID iid, IConnectionPoint** out) {
    *out = nullptr;
    if (iid != __uuidof(IOPCDataCallback)) return static_cast<HRESULT>(0x80040200U);
    callback_->AddRef();
    *out = callback_.get();
    const std::lock_guard lock(mutex_);
    due_ = {};
    for (auto& [handle, item] : items_) item.sent.reset();
    return S_OK;
}

bool SimGroup::hasChanged(const Item& item, const SimSample& now) const {
    if (!item.sent || item.sent->quality != now.quality || item.sent->error != now.error) return true;
    const Value before = valueOf(item.sent->value.get());
    const Value after = valueOf(now.value.get());
    if (before == after) return false;
    if (!item.tag->isAnalog() || state_.deadbandPercent <= 0) return true;
    const double span = item.tag->highEu() - item.tag->lowEu();
    return std::abs(after.toDouble() - before.toDouble()) >
           span * static_cast<double>(state_.deadbandPercent) / 100;
}

SimGroup::Report SimGroup::changes() {
    Report report;
    for (auto& [handle, item] : items_) {
        if (!item.active) continue;
        SimSample sample = sampleOf(item);
        if (!hasChanged(item, sample)) continue;
        item.sent = sample;
        report.add(item.client, std::move(sample));
    }
    return report;
}

void SimGroup::scan(SteadyTime now) {
    const auto sinks = callback_->sinks();
    std::vector<Pending> pending;
    Report report;
    {
        const std::lock_guard lock(mutex_);
        pending.swap(pending_);
        if (now >= due_ && state_.active && enabled_ && !sinks.empty()) {
            due_ = now + std::chrono::milliseconds(state_.rateMs);
            report = changes();
        }
    }
    for (const auto& one : pending) answer(one);
    if (!report.clients.empty()) tell(report, Kind::Refresh, 0);
}

void SimGroup::answer(const Pending& pending) {
    Report report;
    {
        const std::lock_guard lock(mutex_);
        if (pending.kind == Kind::Refresh) {
            for (auto& [handle, item] : items_) {
                if (item.active) report.add(item.client, sampleOf(item));
            }
        }
        for (std::size_t i = 0; i < pending.handles.size(); ++i) {
            const Item* item = find(pending.handles[i]);
            if (item == nullptr) continue;
            if (pending.kind == Kind::Read) report.add(item->client, sampleOf(*item));
            if (pending.kind != Kind::Write) continue;
            report.add(item->client,
                       {.value = {}, .time = {}, .error = tags_.write(*item->tag, pending.values[i].get())});
        }
    }
    tell(report, pending.kind, pending.transaction);
}

/// A sink whose process has gone is dropped.
void SimGroup::tell(Report& report, Kind kind, DWORD transaction) {
    report.finish();
    const auto n = static_cast<DWORD>(report.clients.size());
    HRESULT quality = S_OK;
    HRESULT error = S_OK;
    const HND group = clientHandle();
    for (DWORD i = 0; i < n; ++i) {
        if ((report.qualities[i] & 0xC0U) != 0xC0U) quality = S_FALSE;
        error = worst(error, report.errors[i]);
    }
    for (const auto& [cookie, sink] : callback_->sinks()) {
        HRESULT result = S_OK;
        auto* values = report.values.data();
        if (kind == Kind::Cancelled) {
            result = sink->OnCancelComplete(transaction, group);
        } else if (kind == Kind::Write) {
            result = sink->OnWriteComplete(transaction, group, error, n, report.clients.data(),
                                           report.errors.data());
        } else if (kind == Kind::Read) {
            result =
                sink->OnReadComplete(transaction, group, quality, error, n, report.clients.data(), values,
                                     report.qualities.data(), report.times.data(), report.errors.data());
        } else {
            result = sink->OnDataChange(transaction, group, quality, error, n, report.clients.data(), values,
                                        report.qualities.data(), report.times.data(), report.errors.data());
        }
        if (FAILED(result)) static_cast<void>(callback_->Unadvise(cookie));
    }
}

}  // namespace tagwire::da
