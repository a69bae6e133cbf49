#include "serve/write_routes.h"

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "serve/asked.h"
#include "serve/error_response.h"
#include "serve/json_body.h"
#include "serve/shard.h"
#include "serve/write_order.h"

namespace tagwire::serve {

using Answering = boost::asio::awaitable<HttpResponse>;
using wire::ErrorCode;

namespace {

/// Longer than the largest time to live, and than a server is given to answer.
constexpr std::chrono::seconds kWritePatience{120};

HttpResponse responseOf(const WriteRefusal& refusal) {
    if (refusal.code == ErrorCode::Unauthorized) return unauthorized(refusal.message);
    return errorResponse(refusal.code, refusal.message);
}

// NOLINTNEXTLINE(cppcoreguidelines-avoid-reference-coroutine-parameters): shard and desk outlive it
Answering ordered(Shard& shard, WriteServices& desk, WriteOrder order, std::vector<wire::TagName> names) {
    auto asking = ask<std::vector<WriteResult>>(
        shard.context(), kWritePatience, [&desk, &order](ServiceAnswer<std::vector<WriteResult>> answer) {
            desk.write(std::move(order), std::move(answer));
        });
    auto result = co_await std::move(asking);
    if (!result) {
        co_return errorResponse(ErrorCode::Unreachable,
                                "the source did not answer in time; whether the values were written is not "
                                "known: read them, or ask again with the same key");
    }
    if (!*result) co_return responseOf(writeRefusal(result->error()));
    HttpResponse response;
    wire::appendWriteAnswer(response.body, writeRows(names, *std::move(*result)));
    co_return response;
}

}  // namespace

Answering writeRoute(Shard& shard, const HttpRequest& request) {
    auto* desk = shard.server().writing;
    if (desk == nullptr)
        return answerAtOnce(
            errorResponse(ErrorCode::Unsupported, "nothing can be written through this server"));
    auto body = bodyOf<wire::WriteOrderBody>(request);
    if (!body) return answerAtOnce(badRequest(body.error()));
    std::vector<wire::WriteItem> items;
    std::vector<wire::TagName> names;
    for (auto& value : body->values) {
        names.emplace_back(value.tag);
        items.push_back({.tag = std::move(value.tag), .value = std::move(value.value)});
    }
    auto writes = orderedWrites(shard, request.caller, items);
    if (!writes) return answerAtOnce(responseOf(writes.error()));
    WriteOrder order{.by = writeAsker(request.caller),
                     .key = std::move(body->key),
                     .ttl = body->ttl,
                     .writes = *std::move(writes)};
    return ordered(shard, *desk, std::move(order), std::move(names));
}

}  // namespace tagwire::serve
