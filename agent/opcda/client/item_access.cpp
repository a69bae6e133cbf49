#include "client/item_access.h"

#include <limits>
#include <memory>
#include <utility>

#include "client/failure.h"
#include "client/group.h"
#include "client/reading.h"
#include "com/text.h"
#include "com/variant.h"
#include "types/variant_type.h"

namespace tagwire::da {
namespace {

constexpr std::uint32_t kBadType = 0xC0040004;
constexpr std::uint32_t kBadRights = 0xC0040006;
constexpr std::uint32_t kWriteable = 2;

Result<std::vector<ItemReading>> readByIds(IOPCItemIO& io, const std::vector<std::string>& itemIds,
                                           bool fromCache) {
    std::vector<std::wstring> names;
    std::vector<LPWSTR> ids;
    names.reserve(itemIds.size());
    for (const auto& id : itemIds) ids.push_back(names.emplace_back(utf16Of(id)).data());
    // 0 asks the device, the greatest age takes whatever the cache has.
    std::vector<DWORD> ages(ids.size(), fromCache ? std::numeric_limits<DWORD>::max() : 0);
    TaskMemory<VARIANT> values;
    TaskMemory<WORD> qualities;
    TaskMemory<FILETIME> times;
    TaskMemory<HRESULT> errors;
    const HRESULT result = io.Read(static_cast<DWORD>(ids.size()), ids.data(), ages.data(), values.out(),
                                   qualities.out(), times.out(), errors.out());
    if (FAILED(result) || !values || !qualities || !times || !errors)
        return failed("the server does not read", FAILED(result) ? result : E_UNEXPECTED);
    std::vector<ItemReading> readings;
    for (std::size_t i = 0; i < ids.size(); ++i) {
        readings.push_back(readingOf(values[i], qualities[i], times[i], errors[i]));
        VariantClear(&values[i]);
    }
    return readings;
}

/// Of a group; `places` says which reading each handle is for.
HRESULT readHandles(const Group& group, std::vector<HND> handles, const std::vector<std::size_t>& places,
                    DASOURCE source, std::vector<ItemReading>& readings) {
    const auto io = group.items().as<IOPCSyncIO>();
    if (!io) return E_NOINTERFACE;
    TaskMemory<DAITEMSTATE> states;
    TaskMemory<HRESULT> errors;
    const HRESULT result =
        io->Read(source, static_cast<DWORD>(handles.size()), handles.data(), states.out(), errors.out());
    if (FAILED(result)) return result;
    if (!states || !errors) return E_UNEXPECTED;
    for (std::size_t i = 0; i < handles.size(); ++i) {
        readings[places[i]] = readingOf(states[i].value, states[i].quality, states[i].ts, errors[i]);
        VariantClear(&states[i].value);
    }
    return S_OK;
}

Result<std::vector<ItemReading>> readByGroup(const ComPtr<IOPCServer>& server,
                                             const std::vector<std::string>& itemIds, bool fromCache) {
    const auto group = Group::add(server, true, {});
    if (!group) return tl::unexpected(group.error());
    const auto added = (*group)->addItems(itemIds);
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
    const HRESULT result =
        readHandles(**group, std::move(handles), places, fromCache ? DS_CACHE : DS_DEVICE, readings);
    if (FAILED(result)) return failed("the server does not read", result);
    return readings;
}

/// What can be said of a write before the server is asked: 0, or the code that refuses it.
std::uint32_t refusalOf(const AddedItem& item, const ItemWrite& write) {
    if (isFailure(item.error)) return item.error;
    if ((item.access & kWriteable) == 0) return kBadRights;
    const bool same = write.type == VT_EMPTY || item.type == VT_EMPTY || write.type == item.type;
    return same ? 0 : kBadType;
}

/// The writes that are ready, in arrays as the interface wants them.
struct Ready {
    std::vector<HND> handles;
    std::vector<Variant> values;
    std::vector<std::size_t> places;
};

Ready prepare(const std::vector<AddedItem>& added, const std::vector<ItemWrite>& writes,
              std::vector<WriteResult>& results) {
    Ready ready;
    for (std::size_t i = 0; i < writes.size(); ++i) {
        results[i].error = refusalOf(added[i], writes[i]);
        if (results[i].error != 0) continue;
        auto variant =
            variantOf(writes[i].value, writes[i].type == VT_EMPTY ? added[i].type : writes[i].type);
        if (!variant) {
            results[i].error = kBadType;
            continue;
        }
        ready.handles.push_back(added[i].handle);
        ready.values.push_back(std::move(*variant));
        ready.places.push_back(i);
    }
    return ready;
}

tl::unexpected<WriteFailure> cannotWrite(std::string message, HRESULT code = E_FAIL, bool begun = false) {
    return tl::unexpected(WriteFailure{.begun = begun, .code = codeOf(code), .message = std::move(message)});
}

}  // namespace

Result<std::vector<ItemReading>> readItems(const ComPtr<IOPCServer>& server,
                                           const std::vector<std::string>& itemIds, bool fromCache) {
    if (const auto io = server.as<IOPCItemIO>()) return readByIds(*io.get(), itemIds, fromCache);
    return readByGroup(server, itemIds, fromCache);
}

Result<std::uint32_t> writeText(const ComPtr<IOPCServer>& server, const std::string& itemId,
                                const std::string& text) {
    const auto group = Group::add(server, true, {});
    if (!group) return tl::unexpected(group.error());
    const auto added = (*group)->addItems({itemId});
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

Result<std::vector<WriteResult>, WriteFailure> writeItems(const ComPtr<IOPCServer>& server,
                                                          const std::vector<ItemWrite>& writes,
                                                          const std::function<bool()>& mayBegin) {
    std::vector<std::string> ids;
    for (const auto& write : writes) ids.push_back(write.itemId);
    const auto group = Group::add(server, true, {});
    if (!group) return cannotWrite(group.error().message);
    const auto added = (*group)->addItems(ids);
    if (!added) return cannotWrite(added.error().message);
    const auto io = (*group)->items().as<IOPCSyncIO>();
    if (!io) return cannotWrite("the server cannot be written", E_NOINTERFACE);
    std::vector<WriteResult> results(writes.size());
    const auto ready = prepare(*added, writes, results);
    if (ready.handles.empty()) return results;
    std::vector<ItemReading> before(writes.size());
    const HRESULT readBefore = readHandles(**group, ready.handles, ready.places, DS_DEVICE, before);
    if (!mayBegin())
        return tl::unexpected(WriteFailure{.begun = false, .code = 0, .message = "it is too late to write"});
    auto handles = ready.handles;
    std::vector<VARIANT> values;  // views of ready.values
    for (const auto& value : ready.values) values.push_back(value.get());
    TaskMemory<HRESULT> errors;
    const HRESULT result =
        io->Write(static_cast<DWORD>(handles.size()), handles.data(), values.data(), errors.out());
    if (FAILED(result) || !errors)
        return cannotWrite("the server does not write: " + hresultText(codeOf(result)), result, true);
    for (std::size_t i = 0; i < handles.size(); ++i) results[ready.places[i]].error = codeOf(errors[i]);
    // What cannot be read back, such as an item that is write-only, says so by its code.
    std::vector<ItemReading> after(writes.size());
    const HRESULT read = readHandles(**group, ready.handles, ready.places, DS_DEVICE, after);
    for (const auto place : ready.places) {
        results[place].before = std::move(before[place]);
        results[place].after = std::move(after[place]);
        if (FAILED(readBefore)) results[place].before.error = codeOf(readBefore);
        if (FAILED(read)) results[place].after.error = codeOf(read);
    }
    return results;
}

}  // namespace tagwire::da
