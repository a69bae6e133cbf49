#include "com/variant.h"

#include <type_traits>
#include <vector>

#include "com/text.h"
#include "model/data_value.h"
#include "types/currency.h"
#include "types/file_time.h"
#include "types/variant_type.h"

namespace tagwire::da {
namespace {

std::string decimalText(const DECIMAL& decimal) {
    BSTR text = nullptr;
    DECIMAL copy = decimal;  // only read, though mingw-w64 does not declare it const
    if (FAILED(VarBstrFromDec(&copy, LOCALE_INVARIANT, 0, &text))) return {};
    std::string out = utf8Of(text);
    SysFreeString(text);
    return out;
}

Value dateValue(double date) {
    const auto time = timeOfDate(date);
    return time ? Value(*time) : Value{};
}

/// Calls `use` with the element's address in `variant`, as the type that it has there.
template <class Use>
Value withArray(const VARIANT& variant, Use use) {
    SAFEARRAY* array = (variant.vt & VT_BYREF) != 0 ? *variant.pparray : variant.parray;
    if (array == nullptr) return {};
    std::size_t count = 1;
    for (USHORT i = 0; i < array->cDims; ++i) count *= array->rgsabound[i].cElements;
    void* data = nullptr;
    if (FAILED(SafeArrayAccessData(array, &data))) return {};
    Value value = use(data, count);
    SafeArrayUnaccessData(array);
    return value;
}

template <class Stored, class Make>
Value arrayOf(const VARIANT& variant, BuiltInType type, Make make) {
    return withArray(variant, [&](void* data, std::size_t count) {
        using Element = std::invoke_result_t<Make, const Stored&>;
        std::vector<Element> elements;
        elements.reserve(count);
        const auto* stored = static_cast<const Stored*>(data);
        for (std::size_t i = 0; i < count; ++i) elements.push_back(make(stored[i]));
        return Value(Array{.elementType = type, .elements = std::move(elements), .dimensions = {}});
    });
}

template <class Stored>
Value plainArray(const VARIANT& variant, BuiltInType type) {
    return arrayOf<Stored>(variant, type, [](const Stored& element) { return element; });
}

Value arrayValue(const VARIANT& variant) {
    const auto type = builtInTypeOf(variant.vt);
    switch (variant.vt & vt::kElement) {
        case vt::kI1: return plainArray<std::int8_t>(variant, type);
        case vt::kUi1: return plainArray<std::uint8_t>(variant, type);
        case vt::kI2: return plainArray<std::int16_t>(variant, type);
        case vt::kUi2: return plainArray<std::uint16_t>(variant, type);
        case vt::kError:
        case vt::kInt:
        case vt::kI4: return plainArray<std::int32_t>(variant, type);
        case vt::kUint:
        case vt::kUi4: return plainArray<std::uint32_t>(variant, type);
        case vt::kI8: return plainArray<std::int64_t>(variant, type);
        case vt::kUi8: return plainArray<std::uint64_t>(variant, type);
        case vt::kR4: return plainArray<float>(variant, type);
        case vt::kR8: return plainArray<double>(variant, type);
        case vt::kBool: return arrayOf<VARIANT_BOOL>(variant, type, [](VARIANT_BOOL b) { return b != 0; });
        case vt::kDate:
            return arrayOf<double>(variant, type,
                                   [](double d) { return timeOfDate(d).value_or(Timestamp{}); });
        case vt::kCy:
            return arrayOf<CY>(variant, type, [](const CY& c) { return Value(currencyText(c.int64)); });
        case vt::kBstr: return arrayOf<BSTR>(variant, type, [](const BSTR& s) { return Value(utf8Of(s)); });
        case vt::kDecimal:
            return arrayOf<DECIMAL>(variant, type, [](const DECIMAL& d) { return Value(decimalText(d)); });
        case vt::kVariant:
            return arrayOf<VARIANT>(variant, type, [](const VARIANT& v) { return valueOf(v); });
        default: return {};
    }
}

/// As it lies in a VARIANT or a SAFEARRAY of `type`; BSTRs belong to whoever gets them.
HRESULT store(const Value& value, std::uint16_t type, void* target) {
    return value.visit([&]<class T>(const T& held) -> HRESULT {
        if constexpr (std::is_same_v<T, bool>) {
            *static_cast<VARIANT_BOOL*>(target) = held ? VARIANT_TRUE : VARIANT_FALSE;
        } else if constexpr (std::is_arithmetic_v<T>) {
            *static_cast<T*>(target) = held;
        } else if constexpr (std::is_same_v<T, Timestamp>) {
            *static_cast<double*>(target) = dateOf(held);
        } else if constexpr (std::is_same_v<T, std::string>) {
            if (type == vt::kCy) {
                const auto money = parseCurrency(held);
                if (!money) return DISP_E_TYPEMISMATCH;
                static_cast<CY*>(target)->int64 = *money;
                return S_OK;
            }
            if (type == vt::kDecimal) {
                auto text = utf16Of(held);
                return VarDecFromStr(text.data(), LOCALE_INVARIANT, 0, static_cast<DECIMAL*>(target));
            }
            const auto text = utf16Of(held);
            *static_cast<BSTR*>(target) = SysAllocStringLen(text.data(), static_cast<UINT>(text.size()));
        } else {
            return DISP_E_TYPEMISMATCH;
        }
        return S_OK;
    });
}

std::vector<Value> elementsOf(const Array& array) {
    std::vector<Value> values;
    std::visit(
        [&](const auto& list) {
            for (std::size_t i = 0; i < list.size(); ++i) values.push_back(Value(list[i]));
        },
        array.elements);
    return values;
}

}  // namespace

Value valueOf(const VARIANT& variant) {
    if ((variant.vt & VT_ARRAY) != 0) return arrayValue(variant);
    switch (variant.vt) {
        case VT_I1: return Value(static_cast<std::int8_t>(variant.cVal));
        case VT_UI1: return Value(static_cast<std::uint8_t>(variant.bVal));
        case VT_I2: return Value(static_cast<std::int16_t>(variant.iVal));
        case VT_UI2: return Value(static_cast<std::uint16_t>(variant.uiVal));
        case VT_ERROR: return Value(static_cast<std::int32_t>(variant.scode));
        case VT_INT:
        case VT_I4: return Value(static_cast<std::int32_t>(variant.lVal));
        case VT_UINT:
        case VT_UI4: return Value(static_cast<std::uint32_t>(variant.ulVal));
        case VT_I8: return Value(static_cast<std::int64_t>(variant.llVal));
        case VT_UI8: return Value(static_cast<std::uint64_t>(variant.ullVal));
        case VT_R4: return Value(variant.fltVal);
        case VT_R8: return Value(variant.dblVal);
        case VT_BOOL: return Value(variant.boolVal != 0);
        case VT_DATE: return dateValue(variant.date);
        case VT_CY: return Value(currencyText(variant.cyVal.int64));
        case VT_BSTR: return Value(utf8Of(std::wstring_view(variant.bstrVal, SysStringLen(variant.bstrVal))));
        case VT_DECIMAL: return Value(decimalText(variant.decVal));
        default: return {};
    }
}

Result<Variant> variantOf(const Value& value, std::uint16_t type) {
    Variant variant;
    auto& raw = variant.get();
    const auto element = static_cast<std::uint16_t>(type & vt::kElement);
    HRESULT result = S_OK;
    if ((type & vt::kArray) != 0) {
        const auto* array = value.getIf<Array>();
        if (array == nullptr) return fail("an array is needed");
        SAFEARRAY* target = SafeArrayCreateVector(element, 0, static_cast<ULONG>(array->size()));
        if (target == nullptr) return fail("out of memory: write a smaller array");
        raw.vt = static_cast<VARTYPE>(VT_ARRAY | element);
        raw.parray = target;
        auto* data = static_cast<std::uint8_t*>(target->pvData);
        for (const auto& item : elementsOf(*array)) {
            if (SUCCEEDED(result)) result = store(item, element, data);
            data += target->cbElements;
        }
    } else if (element == vt::kDecimal) {
        result = store(value, element, &raw.decVal);
        raw.vt = VT_DECIMAL;  // shares its bytes with the DECIMAL's reserved ones
    } else {
        raw.vt = element == vt::kEmpty ? VARTYPE{VT_BSTR} : VARTYPE{element};
        result = store(value, raw.vt, &raw.llVal);
    }
    if (FAILED(result)) return fail("the value does not fit the type " + variantTypeName(type));
    return variant;
}

FILETIME fileTimeStruct(Timestamp time) noexcept {
    const auto ticks = fileTimeOf(time);
    return {.dwLowDateTime = static_cast<DWORD>(ticks), .dwHighDateTime = static_cast<DWORD>(ticks >> 32U)};
}

}  // namespace tagwire::da
