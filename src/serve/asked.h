/// Routes that ask another thread and answer with what it says.
/// Thread: the shard's. Lifetime: functions; the shard outlives its coroutines.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include <boost/asio/awaitable.hpp>

#include "serve/ask.h"
#include "serve/http_types.h"
#include "serve/service_refusal.h"
#include "serve/shard.h"

namespace tagwire::serve {

/// Longer than a server may take to answer one request; a search, which needs many, ends itself earlier.
inline constexpr std::chrono::seconds kPatience{30};

[[nodiscard]] inline boost::asio::awaitable<HttpResponse> answerAtOnce(HttpResponse response) {
    co_return response;
}

/// Asks by `begin` and answers with the body that `append` makes of it.
template <class T>
// NOLINTNEXTLINE(cppcoreguidelines-avoid-reference-coroutine-parameters): the shard outlives its coroutines
[[nodiscard]] boost::asio::awaitable<HttpResponse> asked(Shard& shard,
                                                         std::function<void(ServiceAnswer<T>)> begin,
                                                         void (*append)(std::string&, const T&)) {
    auto asking = ask<T>(shard.context(), kPatience, std::move(begin));
    const auto result = co_await std::move(asking);
    if (auto refused = unanswered(result)) co_return *std::move(refused);
    HttpResponse response;
    append(response.body, **result);
    co_return response;
}

}  // namespace tagwire::serve
