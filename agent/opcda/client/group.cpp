#include "client/group.h"

#include <array>

#include "client/failure.h"
#include "com/text.h"

namespace tagwire::da {

Group::~Group() {
    items_ = {};
    server_->RemoveGroup(handle_, FALSE);
}

Result<std::unique_ptr<Group>> Group::add(const ComPtr<IOPCServer>& server, bool active,
                                          WatchOptions options) {
    ComPtr<IUnknown> made;
    HND handle = 0;
    DWORD rate = 0;
    LONG bias = 0;
    FLOAT deadband = options.deadbandPercent;
    const HRESULT result =
        server->AddGroup(L"", active ? TRUE : FALSE, options.rateMs, 1, &bias, &deadband, LOCALE_INVARIANT,
                         &handle, &rate, __uuidof(IOPCItemMgt), made.out());
    if (FAILED(result)) return failed("the server does not add a group", result);
    auto items = made.as<IOPCItemMgt>();
    if (!items) return failed("the server's group has no items", E_NOINTERFACE);
    return std::make_unique<Group>(server, std::move(items), handle, rate);
}

Result<std::vector<AddedItem>> Group::addItems(const std::vector<std::string>& itemIds) const {
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
        items_->AddItems(static_cast<DWORD>(defs.size()), defs.data(), results.out(), errors.out());
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

}  // namespace tagwire::da
