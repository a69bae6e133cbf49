/// Asks another thread something without holding up the shard that asks.
/// Thread: the shard's. Lifetime: functions; an answer that comes too late finds nobody and is dropped.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "model/service_answer.h"

namespace tagwire::serve {

namespace detail {

/// Where the answer and whoever waits for it meet.
template <class T>
struct Meeting {
    explicit Meeting(boost::asio::io_context& context) : timer(context) {}

    boost::asio::steady_timer timer;
    std::optional<ServiceResult<T>> answer;
};

}  // namespace detail

/// Calls `begin` with a function to be called once with the answer, from any thread; waits for it at most
/// `limit`. Nothing: there was no answer in time. `context` is the shard's and outlives everybody who may
/// answer.
template <class T>
// NOLINTNEXTLINE(cppcoreguidelines-avoid-reference-coroutine-parameters): the context outlives its coroutines
boost::asio::awaitable<std::optional<ServiceResult<T>>> ask(boost::asio::io_context& context,
                                                            std::chrono::milliseconds limit,
                                                            std::function<void(ServiceAnswer<T>)> begin) {
    auto meeting = std::make_shared<detail::Meeting<T>>(context);
    meeting->timer.expires_after(limit);
    begin([meeting, &context](ServiceResult<T> answer) {
        boost::asio::post(context, [meeting, answer = std::move(answer)]() mutable {
            meeting->answer = std::move(answer);
            meeting->timer.cancel();
        });
    });
    constexpr auto kAsTuple = boost::asio::as_tuple(boost::asio::use_awaitable);
    static_cast<void>(
        co_await meeting->timer.async_wait(kAsTuple));  // however the wait ended, the answer tells
    co_return std::move(meeting->answer);
}

}  // namespace tagwire::serve
