/// Answers that come later, from another thread.
/// Thread: any. Lifetime: value types; whoever asks keeps what the answer needs alive.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <utility>

#include "base/result.h"
#include "model/status_code.h"

namespace tagwire {

/// Why something could not be done that was asked for.
struct ServiceFailure {
    StatusCode status;
    /// What happened and what to do about it, in words an administrator understands.
    std::string message;
    /// When the same may work; zero: that is not known.
    std::chrono::seconds retryAfter{0};
};

[[nodiscard]] inline tl::unexpected<ServiceFailure> failure(StatusCode status, std::string message) {
    return tl::unexpected(ServiceFailure{status, std::move(message)});
}

template <class T>
using ServiceResult = Result<T, ServiceFailure>;
/// Called once.
template <class T>
using ServiceAnswer = std::function<void(ServiceResult<T>)>;

/// An answer that is given exactly once: when all who could give it are gone, it says so itself.
template <class T>
class OneAnswer {
public:
    OneAnswer(ServiceAnswer<T> answer, ServiceFailure otherwise)
        : answer_(std::move(answer)), otherwise_(std::move(otherwise)) {}
    ~OneAnswer() {
        if (answer_) answer_(tl::unexpected(std::move(otherwise_)));
    }
    OneAnswer(const OneAnswer&) = delete;
    OneAnswer& operator=(const OneAnswer&) = delete;

    /// Nothing happens the second time.
    void give(ServiceResult<T> result) {
        if (const auto answer = std::exchange(answer_, nullptr)) answer(std::move(result));
    }

private:
    ServiceAnswer<T> answer_;
    ServiceFailure otherwise_;
};

}  // namespace tagwire
