/// The JSON body of a request.
/// Thread: any. Lifetime: function.
#pragma once

#include "base/result.h"
#include "serve/http_types.h"
#include "wire/body_parser.h"

namespace tagwire::serve {

/// The body as `Body`. Pages of other origins can send forms without being asked, but not this type.
template <class Body>
[[nodiscard]] Result<Body> bodyOf(const HttpRequest& request) {
    if (!request.contentType.starts_with("application/json"))
        return fail("the body: expected JSON, with the header Content-Type: application/json");
    return wire::parseBody<Body>(request.body);
}

}  // namespace tagwire::serve
