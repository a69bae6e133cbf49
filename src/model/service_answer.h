/// Answers that come later, from another thread.
/// Thread: any. Lifetime: value types; whoever asks keeps what the answer needs alive.
#pragma once

#include <functional>
#include <string>

#include "base/result.h"
#include "model/status_code.h"

namespace tagwire {

/// Why something could not be done that was asked for.
struct ServiceFailure {
    StatusCode status;
    /// What happened and what to do about it, in words an administrator understands.
    std::string message;
};

template <class T>
using ServiceResult = Result<T, ServiceFailure>;
/// Called once.
template <class T>
using ServiceAnswer = std::function<void(ServiceResult<T>)>;

}  // namespace tagwire
