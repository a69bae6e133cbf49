#include "client/da_server.h"

#include <array>
#include <utility>

#include <fmt/format.h>

#include "client/address_space.h"
#include "client/failure.h"
#include "client/group.h"
#include "client/item_access.h"
#include "client/server_list.h"
#include "client/sinks.h"
#include "com/platform.h"
#include "com/text.h"
#include "types/file_time.h"
#include "types/hresult.h"

namespace tagwire::da {
namespace {

std::string_view stateName(DASRVSTATE state) {
    constexpr std::array<std::string_view, 7> kNames{
        "unknown", "running", "failed", "no configuration", "suspended", "test", "communication fault"};
    const auto index = static_cast<std::size_t>(state);
    return index < kNames.size() ? kNames.at(index) : kNames.front();
}

/// A group with a sink.
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
    if (server.as<IOPCBrowse>()) info.interfaces.emplace_back("IOPCBrowse");
    if (server.as<IOPCItemIO>()) info.interfaces.emplace_back("IOPCItemIO");
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

Result<std::vector<BrowseEntry>> DaServer::browse(const std::vector<std::string>& path, std::size_t most) {
    return browseLevel(parts_->server, path, most);
}

Result<std::vector<ItemProperty>> DaServer::properties(const std::string& itemId) {
    return propertiesOf(parts_->server, itemId);
}

Result<std::vector<ItemReading>> DaServer::read(const std::vector<std::string>& itemIds, bool fromCache) {
    return readItems(parts_->server, itemIds, fromCache);
}

Result<std::uint32_t> DaServer::write(const std::string& itemId, const std::string& text) {
    return writeText(parts_->server, itemId, text);
}

Result<std::vector<WriteResult>, WriteFailure> DaServer::write(const std::vector<ItemWrite>& writes,
                                                               const std::function<bool()>& mayBegin) {
    return writeItems(parts_->server, writes, mayBegin);
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
    auto added = (*group)->addItems(itemIds);
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
