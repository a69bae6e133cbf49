/// How routes ask the access services, and what is answered where those could not, or would not.
/// Thread: the shard's. Lifetime: functions.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include <boost/asio/awaitable.hpp>

#include "access/access_services.h"
#include "model/service_answer.h"
#include "serve/asked.h"
#include "serve/caller.h"
#include "serve/error_response.h"

namespace tagwire::serve {

/// What a wrong name, password or secret is.
enum class Wrong : std::uint8_t {
    IsUnauthorized,  ///< who logs in with it is nobody
    IsForbidden,     ///< who shows it has logged in already
};

[[nodiscard]] HttpResponse accessRefusal(const ServiceFailure& failure, Wrong wrong);

/// The refusal where there is no result, as ask() tells it.
template <class T>
[[nodiscard]] std::optional<HttpResponse> accessUnanswered(const std::optional<ServiceResult<T>>& result,
                                                           Wrong wrong) {
    if (!result) return errorResponse(wire::ErrorCode::Overloaded, "the server did not answer in time");
    if (!*result) return accessRefusal(result->error(), wrong);
    return std::nullopt;
}

/// For routes that only those reach who have logged in by the services, so that there are some.
[[nodiscard]] inline access::AccessServices& accessServicesOf(const Shard& shard) {
    return *shard.server().access;
}

/// Empty for who shows no session.
[[nodiscard]] inline std::string sessionOf(const Caller& caller) {
    return caller.grant ? caller.grant->id() : std::string();
}

/// Asks by `begin` and answers with the body that `append(out, answer)` makes of it.
template <class T, class Append>
// NOLINTNEXTLINE(cppcoreguidelines-avoid-reference-coroutine-parameters): the shard outlives its coroutines
[[nodiscard]] boost::asio::awaitable<HttpResponse> askedOfAccess(Shard& shard,
                                                                 std::function<void(ServiceAnswer<T>)> begin,
                                                                 Append append, unsigned status = 200) {
    auto asking = ask<T>(shard.context(), kPatience, std::move(begin));
    const auto result = co_await std::move(asking);
    if (auto refused = accessUnanswered(result, Wrong::IsForbidden)) co_return *std::move(refused);
    HttpResponse response{.status = status};
    append(response.body, **result);
    co_return response;
}

/// The same where there is nothing to say but that it is done: 204.
[[nodiscard]] inline boost::asio::awaitable<HttpResponse> doneByAccess(
    Shard& shard, std::function<void(ServiceAnswer<bool>)> begin) {
    return askedOfAccess<bool>(shard, std::move(begin), [](std::string&, bool) {}, 204);
}

}  // namespace tagwire::serve
