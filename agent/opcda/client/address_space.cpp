#include "client/address_space.h"

#include <algorithm>
#include <array>
#include <utility>

#include "client/failure.h"
#include "com/text.h"
#include "com/variant.h"

namespace tagwire::da {
namespace {

constexpr DWORD kAtATime = 1000;
constexpr DWORD kHasChildren = 1;
constexpr DWORD kIsItem = 2;

// --- DA 2: a position that is moved, and texts

std::vector<std::string> textsOf(IEnumString* enumerator, std::size_t most) {
    std::vector<std::string> names;
    constexpr ULONG kTexts = 100;
    while (names.size() <= most) {
        std::array<LPOLESTR, kTexts> texts{};
        ULONG got = 0;
        const HRESULT result = enumerator->Next(kTexts, texts.data(), &got);
        for (ULONG i = 0; i < got; ++i) {
            names.push_back(utf8Of(texts.at(i)));
            CoTaskMemFree(texts.at(i));
        }
        if (result != S_OK || got == 0) break;
    }
    return names;
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

Result<std::vector<BrowseEntry>> browseByPosition(IOPCBrowseServerAddressSpace& space,
                                                  const std::vector<std::string>& path, std::size_t most) {
    DANSTYPE organization = NS_HIER;
    const bool flat = SUCCEEDED(space.QueryOrganization(&organization)) && organization == NS_FLAT;
    if (flat) {
        if (!path.empty()) return fail("the server's items are in no branches");
    } else if (const auto moved = moveTo(space, path); !moved) {
        return tl::unexpected(moved.error());
    }
    const std::vector<DABROWSETYPE> types = flat ? std::vector{BT_FLAT} : std::vector{BT_BRANCH, BT_LEAF};
    std::vector<BrowseEntry> entries;
    for (const auto type : types) {
        ComPtr<IEnumString> names;
        const HRESULT result = space.BrowseOPCItemIDs(type, L"", VT_EMPTY, 0, names.out());
        if (FAILED(result)) return failed("the server does not list its items", result);
        if (!names) continue;
        for (auto& name : textsOf(names.get(), most)) {
            const bool isBranch = type == BT_BRANCH;
            if (entries.size() > most) return entries;
            auto id = isBranch ? std::string{} : itemIdOf(space, name);
            auto step = isBranch ? name : std::string{};
            entries.push_back({.name = std::move(name),
                               .itemId = std::move(id),
                               .isBranch = isBranch,
                               .step = std::move(step)});
        }
    }
    return entries;
}

Result<std::vector<ItemProperty>> propertiesByTwoCalls(IOPCItemProperties& access,
                                                       const std::string& itemId) {
    auto id = utf16Of(itemId);
    DWORD count = 0;
    TaskMemory<DWORD> ids;
    TaskMemory<LPWSTR> texts;
    TaskMemory<VARTYPE> types;
    HRESULT result = access.QueryAvailableProperties(id.data(), &count, ids.out(), texts.out(), types.out());
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
    result = access.GetItemProperties(id.data(), count, ids.get(), values.out(), errors.out());
    if (FAILED(result) || !values || !errors) return failed(itemId, result);
    for (DWORD i = 0; i < count; ++i) {
        properties[i].value = valueOf(values[i]);
        properties[i].error = codeOf(errors[i]);
        VariantClear(&values[i]);
    }
    return properties;
}

// --- DA 3: elements with their ids, page by page

/// Takes what the server allocated.
std::vector<ItemProperty> taken(DAITEMPROPERTIES& from) {
    std::vector<ItemProperty> properties;
    for (DWORD i = 0; from.list != nullptr && i < from.count; ++i) {
        auto& one = from.list[i];
        properties.push_back({.id = one.id,
                              .text = utf8Of(one.text),
                              .value = valueOf(one.value),
                              .error = codeOf(one.error)});
        CoTaskMemFree(one.itemId);
        CoTaskMemFree(one.text);
        VariantClear(&one.value);
    }
    CoTaskMemFree(std::exchange(from.list, nullptr));
    return properties;
}

BrowseEntry taken(DABROWSEELEMENT& from) {
    auto id = utf8Of(from.itemId);
    const bool isItem = (from.flags & kIsItem) != 0;
    const bool isBranch = (from.flags & kHasChildren) != 0;
    BrowseEntry entry{.name = utf8Of(from.name),
                      .itemId = isItem ? id : std::string{},
                      .isBranch = isBranch,
                      .step = isBranch ? std::move(id) : std::string{}};
    CoTaskMemFree(from.name);
    CoTaskMemFree(from.itemId);
    static_cast<void>(taken(from.held));
    return entry;
}

Result<std::vector<BrowseEntry>> browseById(IOPCBrowse& space, const std::vector<std::string>& path,
                                            std::size_t most) {
    auto id = utf16Of(path.empty() ? std::string_view{} : std::string_view(path.back()));
    std::array<wchar_t, 1> noFilter{};
    std::array<DWORD, 1> noProperties{};
    std::vector<BrowseEntry> entries;
    LPWSTR point = taskCopyOf(L"");
    for (;;) {
        BOOL more = FALSE;
        DWORD count = 0;
        TaskMemory<DABROWSEELEMENT> elements;
        const HRESULT result =
            space.Browse(id.data(), &point, kAtATime, BF_ALL, noFilter.data(), noFilter.data(), FALSE, FALSE,
                         0, noProperties.data(), &more, &count, elements.out());
        const bool good = SUCCEEDED(result) && (count == 0 || elements);
        for (DWORD i = 0; good && i < count; ++i) entries.push_back(taken(elements[i]));
        const bool goesOn = good && count > 0 && point != nullptr && *point != L'\0';
        if (goesOn && entries.size() <= most) continue;
        CoTaskMemFree(point);
        if (!good)
            return failed("the server does not list its items", FAILED(result) ? result : E_UNEXPECTED);
        entries.resize(std::min(entries.size(), most + 1));
        return entries;
    }
}

Result<std::vector<ItemProperty>> propertiesByOneCall(IOPCBrowse& access, const std::string& itemId) {
    auto id = utf16Of(itemId);
    LPWSTR ids = id.data();
    std::array<DWORD, 1> all{};
    TaskMemory<DAITEMPROPERTIES> properties;
    const HRESULT result = access.GetProperties(1, &ids, TRUE, 0, all.data(), properties.out());
    if (FAILED(result) || !properties) return failed(itemId, FAILED(result) ? result : E_UNEXPECTED);
    auto found = taken(properties[0]);
    if (FAILED(properties[0].error)) return failed(itemId, properties[0].error);
    return found;
}

}  // namespace

Result<std::vector<BrowseEntry>> browseLevel(const ComPtr<IOPCServer>& server,
                                             const std::vector<std::string>& path, std::size_t most) {
    if (const auto space = server.as<IOPCBrowse>()) return browseById(*space.get(), path, most);
    if (const auto space = server.as<IOPCBrowseServerAddressSpace>())
        return browseByPosition(*space.get(), path, most);
    return fail("the server cannot be browsed; its items have to be known by name");
}

Result<std::vector<ItemProperty>> propertiesOf(const ComPtr<IOPCServer>& server, const std::string& itemId) {
    if (const auto access = server.as<IOPCBrowse>()) return propertiesByOneCall(*access.get(), itemId);
    if (const auto access = server.as<IOPCItemProperties>())
        return propertiesByTwoCalls(*access.get(), itemId);
    return fail("the server has no item properties");
}

}  // namespace tagwire::da
