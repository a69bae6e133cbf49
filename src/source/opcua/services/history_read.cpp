#include "source/opcua/services/history_read.h"

#include <algorithm>
#include <deque>
#include <iterator>
#include <span>
#include <utility>

#include <fmt/format.h>

#include "source/opcua/services/batched_call.h"
#include "source/opcua/services/whole_values.h"

namespace tagwire::source::opcua {
namespace {

using Results = std::vector<Outcome<UA_HistoryReadResult>>;

/// A server may send an empty page now and then; one that sends nothing else is left.
constexpr int kMaxEmptyPages = 3;

const UA_HistoryData* dataOf(const UA_ExtensionObject& object) noexcept {
    if (object.encoding != UA_EXTENSIONOBJECT_DECODED &&
        object.encoding != UA_EXTENSIONOBJECT_DECODED_NODELETE)
        return nullptr;
    if (object.content.decoded.type != &UA_TYPES[UA_TYPES_HISTORYDATA]) return nullptr;
    return static_cast<const UA_HistoryData*>(object.content.decoded.data);
}

/// How many of the nodes are read at a time is found out: each that has more than a page takes one of the
/// server's continuation points, and where it has no more of them the node waits for its turn.
class Reading final : public HistoryReading, public std::enable_shared_from_this<Reading> {
public:
    Reading(UaClient& client, const ServerInfo& server, TypeReader& types, const HistoryQuery& query,
            std::vector<Ua<UA_NodeId>> nodes, std::function<void(std::vector<HistoryOutcome>&)> done)
        : client_(client),
          types_(types),
          query_(query),
          perCall_(kMaxNodesPerCall),
          outcomes_(nodes.size()),
          done_(std::move(done)) {
        if (const auto limit = server.limits().historyReadData; limit > 0)
            perCall_ = std::min<std::size_t>(perCall_, limit);
        for (std::size_t i = 0; i < nodes.size(); ++i) waiting_.push_back({i, std::move(nodes[i]), {}, 0});
    }

    void goOn() {
        if (full()) {
            for (const auto* list : {&open_, &waiting_}) {
                for (const Open& each : *list) outcomes_[each.index].more = true;
            }
            release(std::exchange(open_, {}));
            waiting_.clear();
        }
        // A node whose turn has come is read to its end before the next, so that few continuation points are
        // held.
        while (open_.size() < atATime_ && !waiting_.empty()) {
            open_.push_back(std::move(waiting_.front()));
            waiting_.pop_front();
        }
        if (open_.empty()) {
            // Whoever waits for it may hold this reading: no circle of owners is left behind.
            std::exchange(done_, {})(outcomes_);
            return;
        }
        readPages();
    }

    void cancel() override {
        cancelled_ = true;
        done_ = {};
        waiting_.clear();
        // What the answer that is under way brings is released when it comes.
    }

private:
    struct Open {
        std::size_t index;
        Ua<UA_NodeId> node;
        /// Of which only the continuation point is used: a ByteString of its own has no owner type.
        Ua<UA_HistoryReadValueId> next;
        int emptyPages = 0;

        [[nodiscard]] bool hasNext() const noexcept { return next->continuationPoint.length > 0; }
    };
    using Opens = std::deque<Open>;

    /// What the server answered for one node.
    struct Page {
        StatusCode status;
        Ua<UA_HistoryReadResult> result;
        /// So many of its values are converted.
        std::size_t used = 0;
    };
    using Pages = std::vector<Page>;

    [[nodiscard]] bool full() const noexcept { return overall_ >= query_.maxOverall || bytes_ >= kMaxBytes; }

    [[nodiscard]] std::size_t room(const Open& each) const noexcept {
        return std::min(query_.maxPerNode - outcomes_[each.index].values.size(),
                        query_.maxOverall - overall_);
    }

    static UaArray<UA_HistoryReadValueId> itemsOf(Opens& opens) {
        UaArray<UA_HistoryReadValueId> items(opens.size());
        for (std::size_t n = 0; n < opens.size(); ++n) {
            std::swap(items[n].nodeId, copyOf(opens[n].node.get()).get());
            std::swap(items[n].continuationPoint, opens[n].next->continuationPoint);
        }
        return items;
    }

    void readPages() {
        std::size_t most = 1;
        for (const Open& each : open_) most = std::max(most, room(each));
        const std::size_t together = std::min(open_.size(), perCall_);
        auto details = std::make_shared<Ua<UA_ReadRawModifiedDetails>>();
        (*details)->startTime = dateTimeOf(query_.start);
        (*details)->endTime = dateTimeOf(query_.end);
        (*details)->numValuesPerNode = static_cast<UA_UInt32>(
            std::min({most, page_, std::max<std::size_t>(1, kMaxPerAnswer / together)}));
        (*details)->returnBounds = query_.bounds;
        call(itemsOf(open_), std::move(details), false,
             [self = shared_from_this()](Results& results) { self->decode(results); });
    }

    /// Frees the continuation points at the server; whether it does is its affair.
    void release(Opens opens) {
        std::erase_if(opens, [](const Open& each) { return !each.hasNext(); });
        if (!opens.empty()) {
            call(itemsOf(opens), std::make_shared<Ua<UA_ReadRawModifiedDetails>>(), true, [](Results&) {});
        }
    }

    void call(UaArray<UA_HistoryReadValueId> items, std::shared_ptr<Ua<UA_ReadRawModifiedDetails>> details,
              bool release, std::function<void(Results&)> done) {
        callInBatches(client_, kHistoryRead, perCall_, std::move(items),
                      std::function([details = std::move(details), release](UA_HistoryReadRequest& request) {
                          UA_ExtensionObject_setValueNoDelete(&request.historyReadDetails, &details->get(),
                                                              &UA_TYPES[UA_TYPES_READRAWMODIFIEDDETAILS]);
                          request.timestampsToReturn = UA_TIMESTAMPSTORETURN_BOTH;
                          request.releaseContinuationPoints = release;
                      }),
                      std::move(done));
    }

    void decode(Results& results) {
        const auto pages = std::make_shared<Pages>(results.size());
        std::vector<const UA_DataValue*> values;
        for (std::size_t n = 0; n < results.size(); ++n) {
            Page& page = (*pages)[n];
            std::swap(page.result.get(), results[n].result);
            page.status =
                results[n].service.isBad() ? results[n].service : StatusCode{page.result->statusCode};
            const UA_HistoryData* data = page.status.isBad() ? nullptr : dataOf(page.result->historyData);
            if (data != nullptr) page.used = std::min(data->dataValuesSize, room(open_[n]));
            for (std::size_t i = 0; i < page.used; ++i) values.push_back(&data->dataValues[i]);
        }
        convertWhole(types_, std::move(values), wallClockNow(),
                     [self = shared_from_this(), pages](std::vector<DataValue>& converted) {
                         self->takePages(*pages, converted);
                     });
    }

    void takePages(Pages& pages, std::vector<DataValue>& values) {
        Opens asked = std::exchange(open_, {});
        Opens ended;
        std::size_t refused = 0;
        bool tooLarge = false;
        std::span<DataValue> rest(values);
        for (std::size_t n = 0; n < pages.size(); ++n) {
            Open& each = asked[n];
            Page& page = pages[n];
            const auto mine = rest.first(page.used);
            rest = rest.subspan(page.used);
            if (page.status.code() == UA_STATUSCODE_BADNOCONTINUATIONPOINTS && pages.size() > 1) {
                ++refused;
                waiting_.push_back(std::move(each));
                continue;
            }
            if (page.status.code() == UA_STATUSCODE_BADRESPONSETOOLARGE && page_ > 1) {
                tooLarge = true;
                waiting_.push_back(std::move(each));
                continue;
            }
            const bool goesOn = take(each, page, mine);
            std::swap(each.next->continuationPoint, page.result->continuationPoint);
            if (each.hasNext()) (goesOn ? open_ : ended).push_back(std::move(each));
        }
        if (refused > 0)
            atATime_ = std::max<std::size_t>(1, std::min(pages.size() - refused, pages.size() / 2));
        if (tooLarge) page_ = std::max<std::size_t>(1, page_ / 4);
        if (cancelled_) {
            std::ranges::move(std::exchange(open_, {}), std::back_inserter(ended));
            waiting_.clear();
        }
        release(std::move(ended));
        if (!cancelled_) goOn();
    }

    /// Whether the next page is wanted, if there is one.
    bool take(Open& each, const Page& page, std::span<DataValue> values) {
        HistoryOutcome& outcome = outcomes_[each.index];
        if (page.status.isBad()) {
            outcome.status = page.status;
            return false;
        }
        const UA_HistoryReadResult& result = page.result.get();
        const UA_HistoryData* data = dataOf(result.historyData);
        if (data == nullptr && result.historyData.encoding != UA_EXTENSIONOBJECT_ENCODED_NOBODY) {
            outcome.status = StatusCode{UA_STATUSCODE_BADUNKNOWNRESPONSE};
            return false;
        }
        const std::size_t sent = data == nullptr ? 0 : data->dataValuesSize;
        if (data != nullptr) bytes_ += UA_calcSizeBinary(data, &UA_TYPES[UA_TYPES_HISTORYDATA]);
        const std::size_t taken = std::min(values.size(), room(each));
        std::ranges::move(values.first(taken), std::back_inserter(outcome.values));
        overall_ += taken;

        const bool pending = result.continuationPoint.length > 0;
        if (taken < sent || (pending && room(each) == 0)) {
            outcome.more = true;
            return false;
        }
        each.emptyPages = sent == 0 ? each.emptyPages + 1 : 0;
        if (pending && each.emptyPages > kMaxEmptyPages) {
            outcome.status = StatusCode{UA_STATUSCODE_BADUNKNOWNRESPONSE};
            return false;
        }
        return true;
    }

    UaClient& client_;
    TypeReader& types_;
    const HistoryQuery query_;
    std::size_t perCall_;
    std::size_t page_ = kMaxPage;
    std::size_t atATime_ = 4 * kMaxNodesPerCall;
    Opens open_;
    Opens waiting_;
    std::vector<HistoryOutcome> outcomes_;
    std::size_t overall_ = 0;
    std::size_t bytes_ = 0;
    bool cancelled_ = false;
    std::function<void(std::vector<HistoryOutcome>&)> done_;
};

}  // namespace

std::shared_ptr<HistoryReading> readHistory(UaClient& client, const ServerInfo& server, TypeReader& types,
                                            const HistoryQuery& query, std::vector<Ua<UA_NodeId>> nodes,
                                            std::function<void(std::vector<HistoryOutcome>&)> done) {
    auto reading = std::make_shared<Reading>(client, server, types, query, std::move(nodes), std::move(done));
    reading->goOn();
    return reading;
}

std::string historyAdvice(StatusCode status) {
    if (!status.isBad()) return {};
    switch (status.code()) {
        case UA_STATUSCODE_BADHISTORYOPERATIONUNSUPPORTED:
        case UA_STATUSCODE_BADSERVICEUNSUPPORTED:
            return "the server keeps no history of the node: have it historized there, or let Tagwire record "
                   "it";
        case UA_STATUSCODE_BADUSERACCESSDENIED:
        case UA_STATUSCODE_BADNOTREADABLE:
            return "the server keeps no history of the node, or does not show it to this user";
        case UA_STATUSCODE_BADNODEIDUNKNOWN: return "the server has no such node";
        case UA_STATUSCODE_BADNOCONTINUATIONPOINTS:
            return "the server has too many history reads at a time: try again later";
        case UA_STATUSCODE_BADUNKNOWNRESPONSE: return "the server's answer makes no sense";
        case UA_STATUSCODE_BADTIMEOUT:
            return "the server did not answer in time: ask for a shorter range, or wait longer";
        default: return fmt::format("the server refused it ({})", statusText(status));
    }
}

}  // namespace tagwire::source::opcua
