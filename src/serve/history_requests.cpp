#include "serve/history_requests.h"

#include <algorithm>
#include <stop_token>
#include <utility>

#include <boost/asio/post.hpp>
#include <fmt/format.h>

#include "serve/history_reader.h"
#include "serve/shard.h"

namespace tagwire::serve {

using wire::ErrorCode;

namespace {

/// About the length of a frame: others have their turn between two.
constexpr std::size_t kPartBytes = std::size_t{64} * 1024;

}  // namespace

/// One request from its question to its last frame.
struct HistoryRequests::Open {
    wire::RequestId id;
    Timestamp from;
    tagwire::HistoryForm form = tagwire::HistoryForm::Raw;
    std::vector<wire::BadTag> bad;
    std::stop_source stop;
    bool answering = false;
};

/// Where answers from the history's thread find the session, if it still lives.
struct HistoryRequests::Shared {
    Shard& shard;
    Outlet outlet;  ///< empty once the session has gone
    std::vector<std::shared_ptr<Open>> open;

    void close(const Open& one) {
        std::erase_if(open, [&one](const auto& each) { return each.get() == &one; });
    }
};

class HistoryRequests::Parts final : public AnswerInParts {
public:
    Parts(std::shared_ptr<Shared> shared, std::shared_ptr<Open> open, HistoryAnswer answer)
        : shared_(std::move(shared)), open_(std::move(open)), next_(std::move(answer.more)) {
        for (auto& series : answer.series) {
            auto type = seriesType(series, shared_->shard.cache());
            series_.emplace_back(std::move(series), std::move(type), open_->form, open_->from);
        }
    }
    ~Parts() override { shared_->close(*open_); }
    Parts(const Parts&) = delete;
    Parts& operator=(const Parts&) = delete;

    bool next(std::string& frame) override {
        if (open_->stop.stop_requested()) {
            wire::appendErr(frame, open_->id, ErrorCode::Cancelled, "the client cancelled the request");
            return false;
        }
        if (position_ == series_.size()) {
            wire::appendHistDone(frame, open_->id, open_->bad, next_);
            return false;
        }
        auto& series = series_[position_];
        wire::appendHistPart(frame, open_->id, series, kPartBytes);
        if (series.done()) ++position_;
        return true;
    }

private:
    std::shared_ptr<Shared> shared_;
    std::shared_ptr<Open> open_;
    std::vector<wire::SeriesEncoder> series_;
    std::size_t position_ = 0;
    std::string next_;
};

HistoryRequests::HistoryRequests(Shard& shard, Outlet outlet)
    : shared_(std::make_shared<Shared>(Shared{.shard = shard, .outlet = std::move(outlet), .open = {}})) {}

HistoryRequests::~HistoryRequests() {
    for (const auto& open : shared_->open) open->stop.request_stop();
    shared_->outlet = {};
}

void HistoryRequests::ask(const wire::HistFrame& request, TagSight sight) {
    const auto refuse = [&](const HistoryRefusal& refusal) { shared_->outlet.refuse(request.id, refusal); };
    auto* history = shared_->shard.server().history;
    if (history == nullptr) return refuse(noHistory());
    if (std::ranges::any_of(shared_->open, [&](const auto& open) { return open->id == request.id; }))
        return refuse(
            {ErrorCode::BadRequest, "hist.id: a request of this number still waits for its answer"});
    if (shared_->open.size() >= wire::kMaxHistoryRequests)
        return refuse({ErrorCode::TooManyRequests,
                       fmt::format("{} hist requests of this connection wait for their answers; ask again "
                                   "after one of them was answered",
                                   wire::kMaxHistoryRequests)});
    auto question = historyQuestion({.tags = request.tags,
                                     .from = request.from,
                                     .to = request.to,
                                     .form = request.form,
                                     .intervals = request.intervals,
                                     .limit = request.max,
                                     .cursor = request.cursor.value_or(""),
                                     .sight = std::move(sight)});
    if (!question) return refuse(question.error());
    auto open = std::make_shared<Open>(Open{.id = request.id,
                                            .from = request.from,
                                            .form = question->query.form,
                                            .bad = std::move(question->bad),
                                            .stop = {},
                                            .answering = false});
    shared_->open.push_back(open);
    markStepped(question->query, shared_->shard.cache());
    if (question->query.tags.empty()) return answered(shared_, open, HistoryAnswer{});
    history->ask(std::move(question->query), open->stop.get_token(),
                 [shared = shared_, open](ServiceResult<HistoryAnswer> result) {
                     boost::asio::post(shared->shard.context(),
                                       [shared, open, result = std::move(result)]() mutable {
                                           answered(shared, open, std::move(result));
                                       });
                 });
}

void HistoryRequests::answered(const std::shared_ptr<Shared>& shared, const std::shared_ptr<Open>& open,
                               ServiceResult<HistoryAnswer> result) {
    const bool waiting = std::ranges::find(shared->open, open) != shared->open.end();
    if (!shared->outlet.send || !waiting) return;  // the client has gone, or cancelled it
    if (!result) {
        shared->close(*open);
        return shared->outlet.refuse(open->id, refusalOf(result.error()));
    }
    open->answering = true;
    sortOutUnknown(result->series, shared->shard.cache(), open->bad);
    shared->outlet.send(std::make_unique<Parts>(shared, open, *std::move(result)));
}

void HistoryRequests::cancel(wire::RequestId id) {
    const auto found = std::ranges::find_if(shared_->open, [id](const auto& open) { return open->id == id; });
    if (found == shared_->open.end()) return;
    if ((*found)->answering) {
        (*found)->stop.request_stop();  // its next frame says so
        return;
    }
    const auto open = std::move(*found);
    shared_->open.erase(found);
    open->stop.request_stop();
    shared_->outlet.refuse(id, {ErrorCode::Cancelled, "the client cancelled the request"});
}

}  // namespace tagwire::serve
