/// Why a value is not written, by our own rules.
/// Thread: any. Lifetime: value type.
#pragma once

#include <string>

#include "base/result.h"
#include "model/status_code.h"

namespace tagwire::control {

struct Refusal {
    StatusCode status;
    /// What is wrong and what to do.
    std::string message;
};

[[nodiscard]] inline tl::unexpected<Refusal> refuse(StatusCode status, std::string message) {
    return tl::unexpected(Refusal{status, std::move(message)});
}

}  // namespace tagwire::control
