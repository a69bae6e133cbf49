#include "wire/request_parser.h"

#include <array>

#include <boost/json/monotonic_resource.hpp>
#include <fmt/format.h>

#include "base/strict_json.h"
#include "wire/json_fields.h"

namespace tagwire::wire {

namespace {

constexpr std::size_t kParseBufferBytes = 4096;  // most requests fit; larger ones continue on the heap

constexpr std::size_t kMaxQuotedBytes = 40;  // of the client's own text in an error message

tl::unexpected<RequestError> refuseMessage(std::string message) {
    return tl::unexpected(RequestError{{}, ErrorCode::BadRequest, std::move(message), true});
}

/// The beginning of the client's text, cut between characters.
std::string_view quotable(std::string_view text) {
    if (text.size() <= kMaxQuotedBytes) return text;
    auto end = kMaxQuotedBytes;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
    return text.substr(0, end);
}

std::optional<RequestId> readId(const boost::json::object& object) {
    std::optional<FieldError> ignored;
    std::optional<RequestId> id;
    FieldReader(object, FieldPath("", ignored)).optional("id", id, IntegerRule{0, kMaxRequestId});
    return ignored ? std::nullopt : id;
}

}  // namespace

Result<ClientFrame, RequestError> parseRequest(std::string_view text) {
    std::array<unsigned char, kParseBufferBytes> buffer{};
    boost::json::monotonic_resource memory(buffer.data(), buffer.size());
    const auto json = parseStrictJson(text, kMaxRequestDepth, &memory);
    if (!json) return refuseMessage(fmt::format("the message is not valid JSON {}", json.error().message));
    const auto* object = json->if_object();
    if (object == nullptr) return refuseMessage(R"(expected a JSON object such as {"t":"ping"})");
    const auto* type = object->if_contains("t");
    if (type == nullptr || !type->is_string()) {
        return refuseMessage("t: expected a string that names the type of the frame");
    }

    const auto& t = type->get_string();
    const auto id = readId(*object);
    std::optional<FieldError> error;
    FieldReader fields(*object, FieldPath(std::string(t), error));
    auto frame = readClientFrame(t, fields);
    if (!frame) {
        return tl::unexpected(
            RequestError{id, ErrorCode::Unsupported,
                         fmt::format("t: unknown frame type \"{}\"; this server understands {}", quotable(t),
                                     kClientFrameTypes),
                         false});
    }
    if (error) return tl::unexpected(RequestError{id, error->code, std::move(error->message), false});
    return *std::move(frame);
}

}  // namespace tagwire::wire
