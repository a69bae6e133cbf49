/// Reads what clients send: bytes from outside, trusted in nothing.
/// Thread: any. Lifetime: function; a request is parsed in memory released before it returns.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "wire/generated/protocol.h"
#include "wire/ids.h"

namespace tagwire::wire {

/// Why a message is refused; everything an err frame needs.
struct RequestError {
    std::optional<RequestId> id;  ///< if it could be read
    ErrorCode code = ErrorCode::BadRequest;
    std::string message;
    /// Not a JSON object with a string `t`: after the err frame the connection is closed with 4009.
    bool fatal = false;
};

/// `text` is one whole message; its size was limited before. Unknown members are ignored; a member given
/// twice, nesting deeper than kMaxRequestDepth and bytes that are not UTF-8 are refused like other malformed
/// JSON.
[[nodiscard]] Result<ClientFrame, RequestError> parseRequest(std::string_view text);

}  // namespace tagwire::wire
