/// VARIANTs and Tagwire's values.
/// Thread: any. Lifetime: a Variant owns what it holds.
#pragma once

#include <cstdint>
#include <utility>

#include "base/result.h"
#include "base/time.h"
#include "com/platform.h"
#include "model/value.h"

namespace tagwire::da {

/// `target` must be empty. The source is only read, though mingw-w64 does not declare it const.
inline HRESULT copyVariant(VARIANT& target, const VARIANT& source) noexcept {
    return VariantCopy(&target, const_cast<VARIANT*>(&source));
}

/// To `type`, by the rules of COM and without a locale; may be in place.
[[nodiscard]] inline HRESULT convertVariant(VARIANT& target, const VARIANT& source, VARTYPE type) noexcept {
    return VariantChangeTypeEx(&target, const_cast<VARIANT*>(&source), LOCALE_INVARIANT, 0, type);
}

class Variant {
public:
    Variant() noexcept { VariantInit(&variant_); }
    Variant(const Variant& other) noexcept : Variant() { copyVariant(variant_, other.variant_); }
    Variant(Variant&& other) noexcept : variant_(other.variant_) { VariantInit(&other.variant_); }
    Variant& operator=(Variant other) noexcept {
        std::swap(variant_, other.variant_);
        return *this;
    }
    ~Variant() { VariantClear(&variant_); }

    [[nodiscard]] VARIANT& get() noexcept { return variant_; }
    [[nodiscard]] const VARIANT& get() const noexcept { return variant_; }

private:
    VARIANT variant_;
};

/// Null for VT_EMPTY, VT_NULL, and types that have no counterpart. Arrays of several dimensions come as one
/// dimension.
[[nodiscard]] Value valueOf(const VARIANT& variant);

/// `type` is the VARTYPE that `value` was parsed for (core/variant_type.h).
[[nodiscard]] Result<Variant> variantOf(const Value& value, std::uint16_t type);

[[nodiscard]] constexpr std::uint64_t fileTimeBits(const FILETIME& time) noexcept {
    return (static_cast<std::uint64_t>(time.dwHighDateTime) << 32U) | time.dwLowDateTime;
}
[[nodiscard]] FILETIME fileTimeStruct(Timestamp time) noexcept;

}  // namespace tagwire::da
