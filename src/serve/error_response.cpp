#include "serve/error_response.h"

#include <fmt/format.h>

#include "wire/rest_answers.h"

namespace tagwire::serve {

using wire::ErrorCode;

HttpResponse errorResponse(ErrorCode code, std::string_view message) {
    HttpResponse response;
    response.status = wire::httpStatus(code);
    wire::appendErrorBody(response.body, code, message);
    return response;
}

HttpResponse badRequest(const Error& error) { return errorResponse(ErrorCode::BadRequest, error.message); }

HttpResponse nothingAt(std::string_view path) {
    return errorResponse(
        ErrorCode::NotFound,
        fmt::format("there is nothing at {}; the API is described in /api/v1/openapi.json", path));
}

HttpResponse methodNotAllowed(std::string_view allowed) {
    auto response = errorResponse(ErrorCode::Unsupported, fmt::format("only {} are served here", allowed));
    response.status = 405;
    response.headers.emplace_back("Allow", std::string(allowed));
    return response;
}

HttpResponse unauthorized(std::string_view message) {
    auto response = errorResponse(ErrorCode::Unauthorized, message);
    response.headers.emplace_back("WWW-Authenticate", "Bearer");
    return response;
}

HttpResponse statusResponse(unsigned status, std::string_view message) {
    const auto code = status == 429                    ? ErrorCode::Overloaded
                      : status == 431 || status == 414 ? ErrorCode::TooLarge
                      : status == 505 || status == 417 ? ErrorCode::Unsupported
                                                       : ErrorCode::BadRequest;
    auto response = errorResponse(code, message);
    response.status = status;
    return response;
}

}  // namespace tagwire::serve
