#include "client/da_server.h"

#include <array>
#include <utility>

#include <fmt/format.h>

#include "client/server_list.h"
#include "com/com_object.h"
#include "com/platform.h"
#include "com/text.h"
#include "types/file_time.h"
#include "types/hresult.h"
#include "types/variant_type.h"

namespace tagwire::da {
namespace {

std::uint32_t codeOf(HRESULT result) noexcept { return static_cast<std::uint32_t>(result); }

tl::unexpected<Error> failed(std::string_view what, HRESULT result) {
    return fail(fmt::format("{}: {}", what, hresultText(codeOf(result))));
}

std::string_view stateName(DASRVSTATE state) {
    constexpr std::array<std::string_view, 7> kNames{
        "unknown", "running", "failed", "no configuration", "suspended", "test", "communication fault"};
    const auto index = static_cast<std::size_t>(state);
    return index < kNames.size() ? kNames.at(index) : kNames.front();
}

ItemReading readingOf(const VARIANT& value, WORD quality, const FILETIME& time, HRESULT error) {
    return {.value = valueOf(value),
            .type = value.vt,
            .quality = quality,
            .time = timeOfFileTime(fileTimeBits(time)),
            .error = codeOf(error)};
}

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

/// A group at the server; removed there when it goes.
class Group {
public:
    Group(ComPtr<IOPCServer> server, ComPtr<IOPCItemMgt> items, HND handle, DWORD rate)
        : server_(std::move(server)), items_(std::move(items)), handle_(handle), rate_(rate) {}
    Group(const Group&) = delete;
    Group& operator=(const Group&) = delete;
    ~Group() {
        items_ = {};
        server_->RemoveGroup(handle_, FALSE);
    }

    [[nodiscard]] const ComPtr<IOPCItemMgt>& items() const noexcept { return items_; }
    [[nodiscard]] DWORD rate() const noexcept { return rate_; }

    [[nodiscard]] static Result<std::unique_ptr<Group>> add(const ComPtr<IOPCServer>& server, bool active,
                                                            WatchOptions options) {
        ComPtr<IUnknown> made;
        HND handle = 0;
        DWORD rate = 0;
        LONG bias = 0;
        FLOAT deadband = options.deadbandPercent;
        const HRESULT result =
            server->AddGroup(L"", active ? TRUE : FALSE, options.rateMs, 1, &bias, &deadband,
                             LOCALE_INVARIANT, &handle, &rate, __uuidof(IOPCItemMgt), made.out());
        if (FAILED(result)) return failed("the server does not add a group", result);
        auto items = made.as<IOPCItemMgt>();
        if (!items) return failed("the server's group has no items", E_NOINTERFACE);
        return std::make_unique<Group>(server, std::move(items), handle, rate);
    }

private:
    ComPtr<IOPCServer> server_;
    ComPtr<IOPCItemMgt> items_;
    HND handle_;
    DWORD rate_;
};

/// In the order of the ids.
Result<std::vector<AddedItem>> addItems(const Group& group, const std::vector<std::string>& itemIds) {
    std::vector<std::wstring> names;
    for (const auto& id : itemIds) names.push_back(utf16Of(id));
    std::vector<DAITEMDEF> defs(names.size());
    std::array<wchar_t, 1> noPath{};
    for (std::size_t i = 0; i < names.size(); ++i) {
        defs[i].accessPath = noPath.data();
        defs[i].itemId = names[i].data();
        defs[i].active = TRUE;
        defs[i].hClient = static_cast<HND>(i);
        defs[i].reqType = VT_EMPTY;
    }
    TaskMemory<DAITEMRESULT> results;
    TaskMemory<HRESULT> errors;
    const HRESULT result =
        group.items()->AddItems(static_cast<DWORD>(defs.size()), defs.data(), results.out(), errors.out());
    if (FAILED(result) || !results || !errors)
        return failed("the server does not add items", FAILED(result) ? result : E_UNEXPECTED);
    std::vector<AddedItem> added;
    for (std::size_t i = 0; i < defs.size(); ++i) {
        CoTaskMemFree(results[i].blob);
        added.push_back({.handle = results[i].hServer,
                         .type = results[i].canonType,
                         .access = results[i].access,
                         .error = codeOf(errors[i])});
    }
    return added;
}

class Watch final : public DaWatch {
public:
    Watch(std::unique_ptr<Group> group, std::unique_ptr<Advice> advice, std::vector<AddedItem> items)
        : group_(std::move(group)), advice_(std::move(advice)), items_(std::move(items)) {}
    ~Watch() override {
        advice_.reset();  // before the group that it belongs to
        group_.reset();
    }
    [[nodiscard]] std::uint32_t revisedRateMs() const noexcept override { return group_->rate(); }
    [[nodiscard]] const std::vector<AddedItem>& items() const noexcept override { return items_; }

private:
    std::unique_ptr<Group> group_;
    std::unique_ptr<Advice> advice_;
    std::vector<AddedItem> items_;
};

std::vector<std::string> allOf(IEnumString* enumerator) {
    std::vector<std::string> names;
    constexpr ULONG kAtATime = 100;
    for (;;) {
        std::array<LPOLESTR, kAtATime> texts{};
        ULONG got = 0;
        const HRESULT result = enumerator->Next(kAtATime, texts.data(), &got);
        for (ULONG i = 0; i < got; ++i) {
            names.push_back(utf8Of(texts.at(i)));
            CoTaskMemFree(texts.at(i));
        }
        if (result != S_OK || got == 0) return names;
    }
}

/// The names of branches from the root.
Result<void> moveTo(IOPCBrowseServerAddressSpace& space, const std::vector<std::string>& path) {
    // Back to the root step by step: all servers know that, but not all say when they are there.
    constexpr int kDeepest = 64;
    for (int i = 0; i < kDeepest && SUCCEEDED(space.ChangeBrowsePosition(BD_UP, L"")); ++i) {
    }
    for (const auto& branch : path) {
        const HRESULT result = space.ChangeBrowsePosition(BD_DOWN, utf16Of(branch).c_str());
        if (FAILED(result)) return failed("there is no branch \"" + branch + "\"", result);
    }
    return {};
}

/// A server that does not translate names of leaves means that they are the ids.
std::string itemIdOf(IOPCBrowseServerAddressSpace& space, const std::string& leaf) {
    TaskMemory<wchar_t> id;
    auto wide = utf16Of(leaf);
    const HRESULT result = space.GetItemID(wide.data(), id.out());
    return FAILED(result) || !id ? leaf : utf8Of(id.get());
}

}  // namespace

struct DaServer::Parts {
    ComPtr<IOPCServer> server;
    std::unique_ptr<Advice> shutdown;
};

DaServer::DaServer(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
DaServer::DaServer(DaServer&&) noexcept = default;
DaServer& DaServer::operator=(DaServer&&) noexcept = default;
DaServer::~DaServer() = default;

Result<DaServer> DaServer::connect(const std::string& name, std::function<void(std::string)> onShutdown) {
    const auto clsid = classOf(name);
    if (!clsid) return tl::unexpected(clsid.error());
    auto parts = std::make_unique<Parts>();
    constexpr DWORD kContext = CLSCTX_LOCAL_SERVER | CLSCTX_INPROC_SERVER;
    const HRESULT result =
        CoCreateInstance(*clsid, nullptr, kContext, __uuidof(IOPCServer), parts->server.outVoid());
    if (FAILED(result)) return failed("cannot connect to " + name, result);
    if (const auto common = parts->server.as<IOPCCommon>()) common->SetClientName(L"tagwire-da-agent");
    if (onShutdown) {
        const auto sink = makeCom<ShutdownSink>(std::move(onShutdown));
        // A server without this connection point cannot say that it goes; the watchdog sees it later.
        static_cast<void>(Advice::make<IOPCShutdown>(parts->server.as<IConnectionPointContainer>(),
                                                     sink.get(), parts->shutdown));
    }
    return DaServer(std::move(parts));
}

Result<ServerInfo> DaServer::info() {
    TaskMemory<DASERVERSTATUS> status;
    const HRESULT result = parts_->server->GetStatus(status.out());
    if (FAILED(result) || !status) return failed("the server does not tell its status", result);
    ServerInfo info{.vendor = utf8Of(status->vendor),
                    .version = fmt::format("{}.{}.{}", status->major, status->minor, status->build),
                    .state = std::string(stateName(status->state)),
                    .start = timeOfFileTime(fileTimeBits(status->start)),
                    .now = timeOfFileTime(fileTimeBits(status->now)),
                    .lastUpdate = timeOfFileTime(fileTimeBits(status->lastUpdate)),
                    .groups = status->groups,
                    .interfaces = {}};
    CoTaskMemFree(status->vendor);
    const auto& server = parts_->server;
    if (server.as<IOPCBrowseServerAddressSpace>())
        info.interfaces.emplace_back("IOPCBrowseServerAddressSpace");
    if (server.as<IOPCItemProperties>()) info.interfaces.emplace_back("IOPCItemProperties");
    if (server.as<IOPCCommon>()) info.interfaces.emplace_back("IOPCCommon");
    if (server.as<IConnectionPointContainer>()) info.interfaces.emplace_back("IConnectionPointContainer");
    return info;
}

std::uint32_t DaServer::ping() {
    TaskMemory<DASERVERSTATUS> status;
    const HRESULT result = parts_->server->GetStatus(status.out());
    if (status) CoTaskMemFree(status->vendor);
    return codeOf(result);
}

Result<std::vector<BrowseEntry>> DaServer::browse(const std::vector<std::string>& path) {
    const auto space = parts_->server.as<IOPCBrowseServerAddressSpace>();
    if (!space) return fail("the server cannot be browsed; its items have to be known by name");
    DANSTYPE organization = NS_HIER;
    const bool flat = SUCCEEDED(space->QueryOrganization(&organization)) && organization == NS_FLAT;
    if (flat) {
        if (!path.empty()) return fail("the server's items are in no branches");
    } else if (const auto moved = moveTo(*space.get(), path); !moved) {
        return tl::unexpected(moved.error());
    }
    const std::vector<DABROWSETYPE> types = flat ? std::vector{BT_FLAT} : std::vector{BT_BRANCH, BT_LEAF};
    std::vector<BrowseEntry> entries;
    for (const auto type : types) {
        ComPtr<IEnumString> names;
        const HRESULT result = space->BrowseOPCItemIDs(type, L"", VT_EMPTY, 0, names.out());
        if (FAILED(result)) return failed("the server does not list its items", result);
        if (!names) continue;
        for (auto& name : allOf(names.get())) {
            const bool isBranch = type == BT_BRANCH;
            auto id = isBranch ? std::string{} : itemIdOf(*space.get(), name);
            entries.push_back({.name = std::move(name), .itemId = std::move(id), .isBranch = isBranch});
        }
    }
    return entries;
}

Result<std::vector<ItemProperty>> DaServer::properties(const std::string& itemId) {
    const auto access = parts_->server.as<IOPCItemProperties>();
    if (!access) return fail("the server has no item properties");
    auto id = utf16Of(itemId);
    DWORD count = 0;
    TaskMemory<DWORD> ids;
    TaskMemory<LPWSTR> texts;
    TaskMemory<VARTYPE> types;
    HRESULT result = access->QueryAvailableProperties(id.data(), &count, ids.out(), texts.out(), types.out());
    if (FAILED(result)) return failed(itemId, result);
    std::vector<ItemProperty> properties(count);
    for (DWORD i = 0; i < count; ++i) {
        properties[i].id = ids[i];
        properties[i].text = utf8Of(texts[i]);
        CoTaskMemFree(texts[i]);
    }
    if (count == 0) return properties;
    TaskMemory<VARIANT> values;
    TaskMemory<HRESULT> errors;
    result = access->GetItemProperties(id.data(), count, ids.get(), values.out(), errors.out());
    if (FAILED(result) || !values || !errors) return failed(itemId, result);
    for (DWORD i = 0; i < count; ++i) {
        properties[i].value = valueOf(values[i]);
        properties[i].error = codeOf(errors[i]);
        VariantClear(&values[i]);
    }
    return properties;
}

Result<std::vector<ItemReading>> DaServer::read(const std::vector<std::string>& itemIds, bool fromCache) {
    const auto group = Group::add(parts_->server, true, {});
    if (!group) return tl::unexpected(group.error());
    const auto added = addItems(**group, itemIds);
    if (!added) return tl::unexpected(added.error());
    std::vector<ItemReading> readings(itemIds.size());
    std::vector<HND> handles;
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < added->size(); ++i) {
        readings[i].error = (*added)[i].error;
        if (isFailure((*added)[i].error)) continue;
        handles.push_back((*added)[i].handle);
        places.push_back(i);
    }
    if (handles.empty()) return readings;
    const auto io = (*group)->items().as<IOPCSyncIO>();
    if (!io) return failed("the server cannot be read at once", E_NOINTERFACE);
    TaskMemory<DAITEMSTATE> states;
    TaskMemory<HRESULT> errors;
    const auto source = fromCache ? DS_CACHE : DS_DEVICE;
    const HRESULT result =
        io->Read(source, static_cast<DWORD>(handles.size()), handles.data(), states.out(), errors.out());
    if (FAILED(result) || !states || !errors) return failed("the server does not read", result);
    for (std::size_t i = 0; i < handles.size(); ++i) {
        readings[places[i]] = readingOf(states[i].value, states[i].quality, states[i].ts, errors[i]);
        VariantClear(&states[i].value);
    }
    return readings;
}

Result<std::uint32_t> DaServer::write(const std::string& itemId, const std::string& text) {
    const auto group = Group::add(parts_->server, true, {});
    if (!group) return tl::unexpected(group.error());
    const auto added = addItems(**group, {itemId});
    if (!added) return tl::unexpected(added.error());
    const auto& item = added->front();
    if (isFailure(item.error)) return item.error;
    const auto value = parseValue(text, item.type);
    if (!value) return tl::unexpected(value.error());
    auto variant = variantOf(*value, item.type);
    if (!variant) return tl::unexpected(variant.error());
    const auto io = (*group)->items().as<IOPCSyncIO>();
    if (!io) return failed("the server cannot be written", E_NOINTERFACE);
    HND handle = item.handle;
    TaskMemory<HRESULT> errors;
    const HRESULT result = io->Write(1, &handle, &variant->get(), errors.out());
    if (FAILED(result) || !errors) return failed("the server does not write", result);
    return codeOf(errors[0]);
}

Result<std::unique_ptr<DaWatch>> DaServer::watch(
    const std::vector<std::string>& itemIds, WatchOptions options,
    std::function<void(std::size_t, const ItemReading&)> onChange) {
    // Inactive until the sink is there, so that nothing is told before somebody listens.
    auto group = Group::add(parts_->server, false, options);
    if (!group) return tl::unexpected(group.error());
    const auto sink = makeCom<DataSink>(onChange);
    std::unique_ptr<Advice> advice;
    HRESULT result =
        Advice::make<IOPCDataCallback>((*group)->items().as<IConnectionPointContainer>(), sink.get(), advice);
    if (FAILED(result)) return failed("the server cannot call back", result);
    auto added = addItems(**group, itemIds);
    if (!added) return tl::unexpected(added.error());
    for (std::size_t i = 0; i < added->size(); ++i) {
        if (isFailure((*added)[i].error))
            onChange(i, {.value = {}, .type = 0, .quality = 0, .time = {}, .error = (*added)[i].error});
    }
    const auto state = (*group)->items().as<IOPCGroupStateMgt>();
    if (!state) return failed("the server's group cannot be activated", E_NOINTERFACE);
    BOOL active = TRUE;
    DWORD revised = 0;
    result = state->SetState(nullptr, &revised, &active, nullptr, nullptr, nullptr, nullptr);
    if (FAILED(result)) return failed("the server's group cannot be activated", result);
    return std::unique_ptr<DaWatch>(
        std::make_unique<Watch>(std::move(*group), std::move(advice), std::move(*added)));
}

std::string DaServer::explain(std::uint32_t code) {
    TaskMemory<wchar_t> text;
    if (FAILED(parts_->server->GetErrorString(static_cast<HRESULT>(code), LOCALE_INVARIANT, text.out())))
        return hresultText(code);
    return hresultText(code, utf8Of(text.get()));
}

}  // namespace tagwire::da
