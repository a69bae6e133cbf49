#include "simserver/sim_properties.h"

#include <algorithm>
#include <array>

#include "simserver/opc_codes.h"
#include "simserver/sim_group.h"

namespace tagwire::da {
namespace {

struct Known {
    DWORD id;
    std::wstring_view text;
    VARTYPE type;  ///< VT_EMPTY: the tag's own
    bool onlyAnalog;
};
constexpr std::array kKnown{
    Known{.id = 1, .text = L"Item Canonical DataType", .type = VT_I2, .onlyAnalog = false},
    Known{.id = 2, .text = L"Item Value", .type = VT_EMPTY, .onlyAnalog = false},
    Known{.id = 3, .text = L"Item Quality", .type = VT_I2, .onlyAnalog = false},
    Known{.id = 4, .text = L"Item Timestamp", .type = VT_DATE, .onlyAnalog = false},
    Known{.id = 5, .text = L"Item Access Rights", .type = VT_I4, .onlyAnalog = false},
    Known{.id = 6, .text = L"Server Scan Rate", .type = VT_R4, .onlyAnalog = false},
    Known{.id = 100, .text = L"EU Units", .type = VT_BSTR, .onlyAnalog = true},
    Known{.id = 101, .text = L"Item Description", .type = VT_BSTR, .onlyAnalog = false},
    Known{.id = 102, .text = L"High EU", .type = VT_R8, .onlyAnalog = true},
    Known{.id = 103, .text = L"Low EU", .type = VT_R8, .onlyAnalog = true},
};

bool has(const SimTag& tag, const Known& known) { return tag.isAnalog() || !known.onlyAnalog; }

Variant numberVariant(double number, VARTYPE type) {
    Variant variant;
    variant.get().vt = VT_R8;
    variant.get().dblVal = number;
    static_cast<void>(convertVariant(variant.get(), variant.get(), type));
    return variant;
}

Variant textVariant(std::wstring_view text) {
    Variant variant;
    variant.get().vt = VT_BSTR;
    variant.get().bstrVal = SysAllocStringLen(text.data(), static_cast<UINT>(text.size()));
    return variant;
}

Variant dateVariant(const FILETIME& time) {
    SYSTEMTIME system{};
    double date = 0;
    if (FileTimeToSystemTime(&time, &system) != FALSE) SystemTimeToVariantTime(&system, &date);
    Variant variant;
    variant.get().vt = VT_DATE;
    variant.get().date = date;
    return variant;
}

}  // namespace

std::vector<SimProperty> simPropertiesOf(const SimTag& tag) {
    std::vector<SimProperty> properties;
    for (const auto& known : kKnown) {
        if (!has(tag, known)) continue;
        properties.push_back(
            {.id = known.id, .text = known.text, .type = known.type == VT_EMPTY ? tag.type : known.type});
    }
    return properties;
}

HRESULT simPropertyOf(TagSpace& tags, const SimTag& tag, DWORD id, Variant& out) {
    const auto property = std::ranges::find(kKnown, id, &Known::id);
    if (property == kKnown.end() || !has(tag, *property)) return kOpcInvalidProperty;
    const SimSample sample = tags.read(tag);
    switch (id) {
        case 1: out = numberVariant(tag.type, VT_I2); return S_OK;
        case 2: out = sample.value; return sample.error;
        case 3: out = numberVariant(sample.quality, VT_I2); return S_OK;
        case 4: out = dateVariant(sample.time); return S_OK;
        case 5: out = numberVariant(tag.accessRights(), VT_I4); return S_OK;
        case 6: out = numberVariant(SimGroup::kFastestRateMs, VT_R4); return S_OK;
        case 100: out = textVariant(L"%"); return S_OK;
        case 102: out = numberVariant(tag.highEu(), VT_R8); return S_OK;
        case 103: out = numberVariant(tag.lowEu(), VT_R8); return S_OK;
        default: out = textVariant(L"Simulated: " + tag.id()); return S_OK;
    }
}

}  // namespace tagwire::da
