/// Codes of COM as errors.
/// Thread: any. Lifetime: functions.
#pragma once

#include <cstdint>
#include <string_view>

#include <fmt/format.h>

#include "base/result.h"
#include "com/platform.h"
#include "types/hresult.h"

namespace tagwire::da {

[[nodiscard]] inline std::uint32_t codeOf(HRESULT result) noexcept {
    return static_cast<std::uint32_t>(result);
}

[[nodiscard]] inline tl::unexpected<Error> failed(std::string_view what, HRESULT result) {
    return fail(fmt::format("{}: {}", what, hresultText(codeOf(result))));
}

}  // namespace tagwire::da
