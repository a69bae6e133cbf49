/// Result of an operation that can fail for reasons outside the program.
/// Thread: any. Lifetime: value type.
#pragma once

#include <string>
#include <utility>

#include <tl/expected.hpp>

namespace tagwire {

/// Why something failed, in words an administrator understands: what happened and what to do about it.
struct Error {
    std::string message;

    friend bool operator==(const Error&, const Error&) = default;
};

/// Either a value or an error. Same interface as C++23's std::expected.
template <class T, class E = Error>
using Result = tl::expected<T, E>;

[[nodiscard]] inline tl::unexpected<Error> fail(std::string message) {
    return tl::unexpected<Error>(Error{std::move(message)});
}

}  // namespace tagwire
