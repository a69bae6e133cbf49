/// The properties of simulated tags.
/// Thread: any. Lifetime: functions.
#pragma once

#include <string_view>
#include <vector>

#include "com/platform.h"
#include "com/variant.h"
#include "simserver/tag_space.h"

namespace tagwire::da {

struct SimProperty {
    DWORD id = 0;
    std::wstring_view text;
    VARTYPE type = VT_EMPTY;
};

[[nodiscard]] std::vector<SimProperty> simPropertiesOf(const SimTag& tag);
/// The value of one; the code for a property that the tag does not have.
[[nodiscard]] HRESULT simPropertyOf(TagSpace& tags, const SimTag& tag, DWORD id, Variant& out);

}  // namespace tagwire::da
