// SimServer by the interfaces of OPC DA 3: elements with ids instead of a position, items by their ids.
#include <algorithm>
#include <cwchar>
#include <string>
#include <vector>

#include "com/text.h"
#include "simserver/opc_codes.h"
#include "simserver/sim_properties.h"
#include "simserver/sim_server.h"
#include "types/wildcard.h"

namespace tagwire::da {
namespace {

constexpr DWORD kHasChildren = 1;
constexpr DWORD kIsItem = 2;
/// Small, so that clients have to ask for more.
constexpr std::size_t kPage = 5;
constexpr HRESULT kInvalidPoint = opcCode(0xC0040403U);
constexpr HRESULT kNotSupported = opcCode(0xC0040406U);

struct Element {
    std::wstring name;
    std::wstring id;
    const SimTag* tag = nullptr;  ///< null: a branch
};

/// `asked` empty: all. Null texts and values for what there is no memory for.
void describe(TagSpace& tags, const SimTag& tag, const std::vector<DWORD>& asked, bool values,
              DAITEMPROPERTIES& out) {
    auto ids = asked;
    const auto known = simPropertiesOf(tag);
    if (ids.empty()) {
        for (const auto& property : known) ids.push_back(property.id);
    }
    out.list = allocateTask<DAITEMPROPERTY>(ids.size());
    if (out.list == nullptr) {
        out.error = E_OUTOFMEMORY;
        return;
    }
    out.count = static_cast<DWORD>(ids.size());
    for (std::size_t i = 0; i < ids.size(); ++i) {
        auto& property = out.list[i];
        property.id = ids[i];
        property.itemId = taskCopyOf(L"");
        const auto found = std::ranges::find(known, ids[i], &SimProperty::id);
        property.text = taskCopyOf(found == known.end() ? std::wstring_view{} : found->text);
        property.type = found == known.end() ? VARTYPE{VT_EMPTY} : found->type;
        Variant value;
        property.error = simPropertyOf(tags, tag, ids[i], value);
        if (values) copyVariant(property.value, value.get());
        if (property.error != S_OK) out.error = S_FALSE;
    }
}

}  // namespace

HRESULT SimServer::GetProperties(DWORD n, LPWSTR* ids, BOOL values, DWORD nProperties, DWORD* properties,
                                 DAITEMPROPERTIES** out) {
    *out = nullptr;
    if (n == 0) return E_INVALIDARG;
    *out = allocateTask<DAITEMPROPERTIES>(n);
    if (*out == nullptr) return E_OUTOFMEMORY;
    const std::vector<DWORD> asked(properties, properties + nProperties);
    HRESULT result = S_OK;
    for (DWORD i = 0; i < n; ++i) {
        const SimTag* tag = simulation_.tags().find(ids[i]);
        if (tag == nullptr) {
            (*out)[i].error = kOpcUnknownItem;
        } else {
            describe(simulation_.tags(), *tag, asked, values != FALSE, (*out)[i]);
        }
        if ((*out)[i].error != S_OK) result = S_FALSE;
    }
    return result;
}

HRESULT SimServer::Browse(LPWSTR id, LPWSTR* point, DWORD most, DABROWSEFILTER filter, LPWSTR nameFilter,
                          LPWSTR, BOOL allProperties, BOOL values, DWORD nProperties, DWORD* properties,
                          BOOL* more, DWORD* count, DABROWSEELEMENT** elements) {
    *more = FALSE;
    *count = 0;
    *elements = nullptr;
    const std::wstring branch = id == nullptr ? L"" : id;
    const auto branches = simulation_.tags().branches();
    const bool isRoot = branch.empty();
    const bool isItems = branch == kSimItemsBranch;
    if (!isRoot && !isItems && std::ranges::find(branches, branch) == branches.end()) return kOpcUnknownItem;

    std::vector<Element> found;
    if (filter != BF_ITEMS) {
        if (isRoot)
            found.push_back({.name = std::wstring(kSimItemsBranch), .id = std::wstring(kSimItemsBranch)});
        for (const auto& name : isItems ? branches : std::vector<std::wstring>{})
            found.push_back({.name = name, .id = name});
    }
    for (const auto& tag : simulation_.tags().tags()) {
        if (filter != BF_BRANCHES && !isItems && tag.branch == branch)
            found.push_back({.name = tag.leaf, .id = tag.id(), .tag = &tag});
    }
    const std::wstring_view pattern = nameFilter == nullptr ? std::wstring_view{} : nameFilter;
    std::erase_if(found, [pattern](const Element& element) {
        return !matchesWildcard(std::wstring_view(element.name), pattern);
    });

    const std::wstring from = *point == nullptr ? L"" : *point;
    const std::size_t begin = from.empty() ? 0 : std::wcstoul(from.c_str(), nullptr, 10);
    if (begin > found.size() || (!from.empty() && begin == 0)) return kInvalidPoint;
    const auto page = std::min({kPage, most == 0 ? kPage : std::size_t{most}, found.size() - begin});
    *elements = allocateTask<DABROWSEELEMENT>(page);
    if (*elements == nullptr) return E_OUTOFMEMORY;
    std::vector<DWORD> asked(properties, properties + nProperties);
    for (std::size_t i = 0; i < page; ++i) {
        const auto& element = found[begin + i];
        auto& out = (*elements)[i];
        out.name = taskCopyOf(element.name);
        out.itemId = taskCopyOf(element.id);
        out.flags = element.tag == nullptr ? kHasChildren : kIsItem;
        if (element.tag != nullptr && (allProperties != FALSE || !asked.empty()))
            describe(simulation_.tags(), *element.tag, allProperties != FALSE ? std::vector<DWORD>{} : asked,
                     values != FALSE, out.held);
    }
    *count = static_cast<DWORD>(page);
    CoTaskMemFree(*point);
    *point = taskCopyOf(begin + page < found.size() ? std::to_wstring(begin + page) : std::wstring{});
    return *point == nullptr ? E_OUTOFMEMORY : S_OK;
}

HRESULT SimServer::Read(DWORD n, LPWSTR* ids, DWORD*, VARIANT** values, WORD** qualities, FILETIME** times,
                        HRESULT** errors) {
    *values = allocateTask<VARIANT>(n);
    *qualities = allocateTask<WORD>(n);
    *times = allocateTask<FILETIME>(n);
    *errors = allocateTask<HRESULT>(n);
    if (*values == nullptr || *qualities == nullptr || *times == nullptr || *errors == nullptr)
        return E_OUTOFMEMORY;
    HRESULT result = S_OK;
    for (DWORD i = 0; i < n; ++i) {
        const SimTag* tag = simulation_.tags().find(ids[i]);
        const auto sample = tag == nullptr ? SimSample{.value = {}, .quality = 0, .error = kOpcUnknownItem}
                                           : simulation_.tags().read(*tag);
        copyVariant((*values)[i], sample.value.get());
        (*qualities)[i] = sample.quality;
        (*times)[i] = sample.time;
        (*errors)[i] = sample.error;
        if (sample.error != S_OK) result = S_FALSE;
    }
    return result;
}

HRESULT SimServer::WriteVQT(DWORD n, LPWSTR* ids, DAITEMVQT* values, HRESULT** errors) {
    *errors = allocateTask<HRESULT>(n);
    if (*errors == nullptr) return E_OUTOFMEMORY;
    HRESULT result = S_OK;
    for (DWORD i = 0; i < n; ++i) {
        const SimTag* tag = simulation_.tags().find(ids[i]);
        const bool plain = values[i].hasQuality == FALSE && values[i].hasTime == FALSE;
        (*errors)[i] = tag == nullptr ? kOpcUnknownItem
                       : !plain       ? kNotSupported
                                      : simulation_.tags().write(*tag, values[i].value);
        if ((*errors)[i] != S_OK) result = S_FALSE;
    }
    return result;
}

}  // namespace tagwire::da
