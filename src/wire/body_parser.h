/// Reads the JSON body of an HTTP request.
/// Thread: any. Lifetime: function.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/result.h"
#include "base/strict_json.h"
#include "wire/json_fields.h"

namespace tagwire::wire {

/// `Body` is a struct of the schema that is the body of a route. The error names the member and what was
/// expected.
template <class Body>
[[nodiscard]] Result<Body> parseBody(std::string_view text) {
    const auto json = parseStrictJson(text, kMaxRequestDepth, {});
    if (!json) return fail(fmt::format("the body is not valid JSON {}", json.error().message));
    const auto* object = json->if_object();
    if (object == nullptr) return fail("the body: expected a JSON object");
    std::optional<FieldError> error;
    FieldReader fields(*object, FieldPath("body", error));
    Body body;
    readFields(fields, body);
    if (error) return fail(std::move(error->message));
    return body;
}

}  // namespace tagwire::wire
