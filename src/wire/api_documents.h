/// The machine-readable descriptions of the interfaces, generated from schema/ and served as they are.
/// Thread: any. Lifetime: constants.
#pragma once

#include <string_view>

namespace tagwire::wire {

/// OpenAPI 3.1 of the HTTP routes, compact JSON.
[[nodiscard]] std::string_view openApiJson() noexcept;

/// AsyncAPI 3.0 of the WebSocket, compact JSON.
[[nodiscard]] std::string_view asyncApiJson() noexcept;

}  // namespace tagwire::wire
