/// Services that take a list of operations and answer with a list of results, whatever the number of
/// operations and the server's limits (OPC 10000-4, 5.3). Thread: the source's. Lifetime: functions; the
/// client outlives the answer or drops it (UaClient::beginClose), in which case nothing is called back.
#pragma once

#include <algorithm>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "source/opcua/client/ua_client.h"
#include "source/opcua/values/ua_types.h"

namespace tagwire::source::opcua {

/// Where one service keeps its operations and its results.
template <class Request, class Response, class Item, class Result>
struct ListService {
    Item* Request::* items;
    std::size_t Request::* itemCount;
    Result* Response::* results;
    std::size_t Response::* resultCount;
};

inline constexpr ListService kRead{&UA_ReadRequest::nodesToRead, &UA_ReadRequest::nodesToReadSize,
                                   &UA_ReadResponse::results, &UA_ReadResponse::resultsSize};
inline constexpr ListService kWrite{&UA_WriteRequest::nodesToWrite, &UA_WriteRequest::nodesToWriteSize,
                                    &UA_WriteResponse::results, &UA_WriteResponse::resultsSize};
inline constexpr ListService kBrowse{&UA_BrowseRequest::nodesToBrowse, &UA_BrowseRequest::nodesToBrowseSize,
                                     &UA_BrowseResponse::results, &UA_BrowseResponse::resultsSize};
inline constexpr ListService kTranslateBrowsePaths{&UA_TranslateBrowsePathsToNodeIdsRequest::browsePaths,
                                                   &UA_TranslateBrowsePathsToNodeIdsRequest::browsePathsSize,
                                                   &UA_TranslateBrowsePathsToNodeIdsResponse::results,
                                                   &UA_TranslateBrowsePathsToNodeIdsResponse::resultsSize};
inline constexpr ListService kCall{&UA_CallRequest::methodsToCall, &UA_CallRequest::methodsToCallSize,
                                   &UA_CallResponse::results, &UA_CallResponse::resultsSize};
inline constexpr ListService kHistoryRead{
    &UA_HistoryReadRequest::nodesToRead, &UA_HistoryReadRequest::nodesToReadSize,
    &UA_HistoryReadResponse::results, &UA_HistoryReadResponse::resultsSize};

/// What came of one operation.
template <class Result>
struct Outcome {
    /// Bad when the service itself failed for this operation (refused, timed out, too few results); `result`
    /// is then empty. Whether the operation succeeded stands in `result`.
    StatusCode service;
    Result result{};
};

struct BatchLimits {
    /// Where a server sets no limit: larger calls gain nothing.
    static constexpr std::size_t kMaxPerCall = 1'000;
    /// Calls at the server at a time.
    static constexpr std::size_t kMaxInFlight = 4;
};

namespace detail {

/// One list of operations on its way. Kept alive by the answers it waits for.
template <class Request, class Response, class Item, class Result>
struct Batch : std::enable_shared_from_this<Batch<Request, Response, Item, Result>> {
    using Service = ListService<Request, Response, Item, Result>;
    using Outcomes = std::vector<Outcome<Result>>;

    struct Run {
        std::size_t first;
        std::size_t count;
    };

    Batch(UaClient& c, const Service& s, std::size_t limit, UaArray<Item> list)
        : client(c),
          service(s),
          perCall(limit == 0 ? BatchLimits::kMaxPerCall : std::min(limit, BatchLimits::kMaxPerCall)),
          items(std::move(list)),
          outcomes(items.size()) {
        if (items.size() > 0) waiting.push_back({0, items.size()});
    }
    Batch(const Batch&) = delete;
    Batch& operator=(const Batch&) = delete;
    ~Batch() {
        for (auto& each : outcomes) UA_clear(&each.result, resultType);
    }

    void sendMore() {
        while (inFlight < BatchLimits::kMaxInFlight && !waiting.empty()) {
            Run run = waiting.front();
            waiting.pop_front();
            if (run.count > perCall) {
                waiting.push_front({run.first + perCall, run.count - perCall});
                run.count = perCall;
            }
            send(run);
        }
        if (inFlight == 0 && waiting.empty()) done(outcomes);
    }

    void send(Run run) {
        Ua<Request> request;
        prepare(request.get());
        request.get().*service.items = items.data() + run.first;
        request.get().*service.itemCount = run.count;
        const StatusCode sent =
            client.call<Response>(request, [self = this->shared_from_this(), run](Response& response) {
                --self->inFlight;
                self->take(run, response);
                self->sendMore();
            });
        // Only lent to the request.
        request.get().*service.items = nullptr;
        request.get().*service.itemCount = 0;
        if (sent.isGood()) {
            ++inFlight;
        } else {
            failAll(run, sent);
        }
    }

    void take(Run run, Response& response) {
        const StatusCode status{response.responseHeader.serviceResult};
        if (status.isBad()) {
            if (status.code() == UA_STATUSCODE_BADTOOMANYOPERATIONS && run.count > 1) {
                perCall = std::max<std::size_t>(1, std::min(perCall, run.count / 2));
                waiting.push_front(run);
            } else {
                failAll(run, status);
            }
            return;
        }
        for (std::size_t i = 0; i < run.count; ++i) {
            auto& outcome = outcomes[run.first + i];
            if (i < response.*service.resultCount) {
                std::swap(outcome.result, (response.*service.results)[i]);
            } else {
                outcome.service = StatusCode{UA_STATUSCODE_BADUNKNOWNRESPONSE};
            }
        }
    }

    void failAll(Run run, StatusCode status) {
        for (std::size_t i = run.first; i < run.first + run.count; ++i) outcomes[i].service = status;
    }

    UaClient& client;
    const Service service;
    std::size_t perCall;
    UaArray<Item> items;
    Outcomes outcomes;
    const UA_DataType* resultType = nullptr;
    std::deque<Run> waiting;
    std::size_t inFlight = 0;
    std::function<void(Request&)> prepare = [](Request&) {};
    std::function<void(Outcomes&)> done;
};

template <class T>
const UA_DataType* resultTypeOf() noexcept {
    if constexpr (std::is_same_v<T, UA_StatusCode>) {
        return &UA_TYPES[UA_TYPES_STATUSCODE];
    } else {
        return &dataTypeOf<T>();
    }
}

}  // namespace detail

/// Runs `service` on every item, in calls of at most `limit` (0: none) operations, halved when the server
/// finds them too many. `prepare` fills the rest of each request. `done` is called once, from the client's
/// run(), or at once where nothing can be sent; it gets one outcome an item, in their order, and may move the
/// results' contents out.
template <class Request, class Response, class Item, class Result>
void callInBatches(UaClient& client, const ListService<Request, Response, Item, Result>& service,
                   std::size_t limit, UaArray<Item> items, std::function<void(Request&)> prepare,
                   std::function<void(std::vector<Outcome<Result>>&)> done) {
    auto batch = std::make_shared<detail::Batch<Request, Response, Item, Result>>(client, service, limit,
                                                                                  std::move(items));
    batch->resultType = detail::resultTypeOf<Result>();
    if (prepare) batch->prepare = std::move(prepare);
    batch->done = std::move(done);
    batch->sendMore();
}

}  // namespace tagwire::source::opcua
